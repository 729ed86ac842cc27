from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conformance.reporting import verdicts_file
from tests.unit.reporting import runs


def saved(home: Path, **how: bool) -> tuple[Path, Path]:
    """A run's two files."""
    document, exchanges = runs.run(**how)
    (home / "verdicts.json").write_text(verdicts_file.text(document))
    (home / "exchanges.har").write_text(json.dumps({"log": {"entries": list(exchanges.values())}}))
    return home / "verdicts.json", home / "exchanges.har"


def test_all_reports_are_drawn_again(tmp_path: Path) -> None:
    """From the two files come all reports, and nothing else is left behind."""
    runs.redraw(*saved(tmp_path), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "badge.json",
        "ctrf.json",
        "junit.xml",
        "report.html",
        "summary.md",
    ]
    assert ElementTree.parse(tmp_path / "out" / "junit.xml").getroot().tag == "testsuites"
    assert (tmp_path / "out" / "report.html").stat().st_size > 100_000


def test_verdicts_alone_are_enough(tmp_path: Path) -> None:
    """Without a recording the reports tell verdicts and no exchanges."""
    verdicts, har = saved(tmp_path)
    har.unlink()
    runs.redraw(verdicts, None, tmp_path)
    assert "curl -sS" not in (tmp_path / "summary.md").read_text()
    assert "Does not conform" in (tmp_path / "report.html").read_text()


def test_an_empty_run_can_be_drawn(tmp_path: Path) -> None:
    """A run that was interrupted before its first verdict has reports, too."""
    (tmp_path / "v.json").write_text(verdicts_file.text(runs.document([], interrupted=True)))
    runs.redraw(tmp_path / "v.json", None, tmp_path)
    assert "No verdict was reached" in (tmp_path / "report.html").read_text()


def test_options_of_the_environment_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller's PYTEST_ADDOPTS is for the caller's own runs, and is left as it was."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    runs.redraw(*saved(tmp_path), tmp_path)
    assert (tmp_path / "report.html").exists()


def test_unreadable_files_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    """A wrong file leaves the reports that are there alone."""
    verdicts, _ = saved(tmp_path)
    (tmp_path / "bad").write_text("no JSON")
    assert runs.redraw(tmp_path / "bad", None, tmp_path / "out") == 4
    assert runs.redraw(verdicts, tmp_path / "bad", tmp_path / "out") == 4
    assert not (tmp_path / "out").exists()


def test_a_page_that_cannot_be_written_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of that name is a usage error."""
    (tmp_path / "report.html").mkdir()
    assert runs.redraw(*saved(tmp_path), tmp_path) == 4
    assert "report.html is a folder" in capsys.readouterr().err
