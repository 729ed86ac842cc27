"""`report`: all reports of a run, drawn once more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conformance.cli.report import main
from conformance.reference.default_tenant import default_tenant

pytestmark = pytest.mark.whole

DRAWN = {"report.html", "junit.xml", "ctrf.json", "summary.md", "badge.json"}


def test_reports_are_drawn_beside_the_verdicts(bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The recording that lies there is used, and the exit code is that of the run, which does not conform."""
    for name in ("verdicts.json", "exchanges.har"):
        shutil.copy(bad / name, tmp_path)
    assert main([str(tmp_path / "verdicts.json")]) == 1
    said = capsys.readouterr().out.splitlines()
    reports = [line for line in said if line.startswith(("Does not conform", "reports: "))][-1]
    assert reports == f"reports: {tmp_path}/report.html and more"
    assert said[-2].startswith("the last line is pytest's: ")
    assert {path.name for path in tmp_path.iterdir()} == DRAWN | {"verdicts.json", "exchanges.har"}
    before = set(tmp_path.parent.iterdir())
    assert main([str(tmp_path)]) == 1, "the folder may be named instead"
    assert set(tmp_path.parent.iterdir()) == before
    assert "240x240" in (tmp_path / "report.html").read_text("utf-8")


def test_reports_are_drawn_where_they_are_wanted(bad: Path, tmp_path: Path) -> None:
    """`--reports` names a folder that need not be there, `--har` the recording, and photos are shown on request."""
    shutil.copy(bad / "verdicts.json", tmp_path)
    found = [str(tmp_path / "verdicts.json"), "--har", str(bad / "exchanges.har")]
    assert main([*found, "--reports", str(tmp_path / "a" / "b")]) == 1
    assert main([*found, "--reports", str(tmp_path / "c"), "--show-photos"]) == 1

    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == DRAWN
    assert (tmp_path / "c" / "report.html").stat().st_size > 0


def test_no_report_is_written_through_a_link(bad: Path, tmp_path: Path) -> None:
    """The link is replaced; what it leads to stays as it is, or away."""
    (tmp_path / "reports").mkdir()
    for name in DRAWN:
        (tmp_path / "reports" / name).symlink_to(tmp_path / f"elsewhere-{name}")

    assert main([str(bad / "verdicts.json"), "--reports", str(tmp_path / "reports")]) == 1

    assert {"reports"} == {path.name for path in tmp_path.iterdir()}
    assert not any((tmp_path / "reports" / name).is_symlink() for name in DRAWN)


def test_people_have_labels_unless_ids_are_asked_for(
    bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--show-ids`, or its variable, puts ids into the summary, JUnit and CTRF, as in a run."""
    ids = [group.id for group in default_tenant().groups]
    words = [str(bad / "verdicts.json"), "--reports", str(tmp_path)]
    said = []
    for more, variable in (([], "false"), (["--show-ids"], "false"), ([], "true")):
        monkeypatch.setenv("PHOTO_CONFORMANCE_SHOW_IDS", variable)
        assert main([*words, *more]) == 1
        said.append(any(each in (tmp_path / "junit.xml").read_text("utf-8") for each in ids))

    assert [False, True, True] == said


def test_a_recording_that_cannot_be_read_is_reported(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, exit code 4."""
    found = [str(bad / "verdicts.json"), "--reports", str(tmp_path), "--har", str(tmp_path / "none.har")]
    assert main(found) == 4
    assert "none.har: No such file" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_wrong_usage(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, exit code 4."""
    (tmp_path / "leads-nowhere").symlink_to(tmp_path / "no" / "such")
    assert main([str(bad / "verdicts.json"), "--reports", str(tmp_path / "leads-nowhere")]) == 4
    assert capsys.readouterr().err == f"photo-conformance report: {tmp_path}/leads-nowhere: File exists\n"
