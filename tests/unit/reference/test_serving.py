"""Files and sockets of the server process."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.reference.serving import CannotServe, write_atomically


def test_a_file_is_written_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    """The text stands there, an older one is replaced, and no temporary file is left."""
    file = tmp_path / "target.toml"
    for text in ("first", "ë"):
        write_atomically(file, text)
    assert ("ë", [file]) == (file.read_text("utf-8"), list(tmp_path.iterdir()))


def test_no_path_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path nothing is written."""
    monkeypatch.chdir(tmp_path)
    write_atomically(None, "text")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    """A file that cannot be written is named."""
    with pytest.raises(CannotServe, match="nothing"):
        write_atomically(tmp_path / "nothing" / "file", "text")
