"""Templates are compiled once, as modules are."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest

from conformance.reporting import templates


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates that nothing has read yet."""
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    monkeypatch.setattr(templates, "_environment", cache(templates._environment.__wrapped__))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "a.txt").write_text("{{ 1 + 1 }}")
    return tmp_path


def test_what_was_compiled_is_kept_beside_the_templates(fresh: Path) -> None:
    """A second process finds it, and a template that changed since is compiled again."""
    assert templates.rendered("a.txt") == "2"
    (kept,) = (fresh / "__pycache__").iterdir()
    written = kept.read_bytes()

    templates._environment.cache_clear()
    assert templates.rendered("a.txt") == "2"
    assert kept.read_bytes() == written
    templates._environment.cache_clear()
    (fresh / "a.txt").write_text("{{ 1 + 2 }}")
    assert templates.rendered("a.txt") == "3"


@pytest.mark.parametrize("reason", ["asked", "no folder", "full"])
def test_where_nothing_can_be_kept_nothing_is(reason: str, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own switch counts; a folder that cannot be made, or has no room, is no problem."""
    monkeypatch.setattr(sys, "dont_write_bytecode", reason == "asked")
    if reason == "no folder":
        monkeypatch.setattr(Path, "mkdir", _full)
    if reason == "full":
        monkeypatch.setattr("tempfile.NamedTemporaryFile", _full)
    assert templates.rendered("a.txt") == "2"
    assert not [path for path in fresh.rglob("*") if path.suffix == ".cache"]


def _full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
