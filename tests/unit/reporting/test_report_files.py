"""The files of a run: all of them, whole, and nothing else touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.reporting import report_files
from tests.unit.reporting.runs import run


def test_all_reports_are_written_and_cleaned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each report is there, passed through the last cleaning; what else lies in the folder stays."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "badge.json").write_text("old")

    document, exchanges = run()
    har = json.dumps({"log": {"entries": list(exchanges.values())}})

    report_files.write(tmp_path, document, har, lambda text: text.replace("picture", "PICT"))

    assert set(report_files.NAMES) <= {path.name for path in tmp_path.iterdir()}
    assert "mine" == (tmp_path / "notes.txt").read_text()
    assert "old" != (tmp_path / "badge.json").read_text()
    assert not [name for name in report_files.NAMES if "picture" in (tmp_path / name).read_text()]
    assert (tmp_path / "step.md").read_text() == (tmp_path / "summary.md").read_text()
