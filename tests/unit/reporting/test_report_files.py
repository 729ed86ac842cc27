"""The files of a run: all of them, whole, and nothing else touched."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from conformance.model import UsageProblem
from conformance.pytest_plugin.session_reports import regenerate
from conformance.reporting import report_files, verdicts_file
from conformance.reporting.report_files import HAR, NAMES, PAGE, VERDICTS, Destination
from tests.unit.reporting import runs


def unfinished() -> dict[str, object]:
    """The document of a run that has not ended."""
    no_target: dict[str, object] = {"base_url": None, "owners": [], "callers": []}
    return runs.document([], interrupted=True, about={"unfinished": True}, target=no_target)


def write(folder: Path, clean: Callable[[str], str] = str, *, show_photos: bool = False) -> list[str]:
    """The reports of a made-up run."""
    document, exchanges = runs.run()
    creator = {"name": "photo-conformance", "version": "0"}
    har = [f'{{"log": {{"creator": {json.dumps(creator)},\n"entries": [\n', "\n]}}\n"]
    har[1:1] = [("" if number == 0 else ",\n") + json.dumps(entry) for number, entry in enumerate(exchanges.values())]
    results = report_files.results(document, exchanges.values(), har, clean)
    assert results.run.exchanges == exchanges
    _, problems = regenerate(results, Destination(folder, (), show_photos))
    return problems


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_reports_are_written_and_cleaned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each report is there, passed through the last cleaning; what else lies in the folder stays."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    (tmp_path / "notes.txt").write_text("mine")

    assert [] == write(tmp_path, lambda text: text.replace("picture", "PICT"))
    assert list(runs.run()[1].values()) == json.loads((tmp_path / HAR).read_text())["log"]["entries"]
    assert set(NAMES) <= {path.name for path in tmp_path.iterdir()}
    assert "mine" == (tmp_path / "notes.txt").read_text()
    assert not [name for name in NAMES if "picture" in (tmp_path / name).read_text()]
    assert (tmp_path / "step.md").read_text() == (tmp_path / "summary.md").read_text()


@pytest.mark.parametrize("before", [0, 1_000_000, 1_048_000, 1_048_570, 1_048_576, 2_000_000])
def test_the_summary_of_a_step_stays_within_what_github_takes(
    before: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole lines are left out at its end, which says so; nothing is added to what is too long already."""
    step = tmp_path / "step.md"
    step.write_text("x" * before)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    monkeypatch.setattr(report_files, "rendered", lambda *_, **__: "line é\n" * 200_000)

    assert [] == write(tmp_path / "reports")
    assert step.stat().st_size <= max(before, 1024 * 1024)
    added = step.read_text()[before:]
    assert set(added.splitlines()) <= {"line é", "", "cut; the rest is in summary.md"}
    assert added.endswith("cut; the rest is in summary.md\n") or before > 1_048_500


def test_a_run_that_is_killed_leaves_no_old_result(tmp_path: Path) -> None:
    """Before anything is sent each report says that it is not finished."""
    write(tmp_path)
    report_files.begin(Destination(tmp_path), unfinished())

    assert set(NAMES) == {path.name for path in tmp_path.iterdir()}
    assert not [name for name in NAMES if "Does not conform" in (tmp_path / name).read_text()]
    badge = json.loads((tmp_path / "badge.json").read_text())
    assert ("lightgrey", True) == (badge["color"], badge["message"].startswith("not finished"))
    assert 1 == len(parse(tmp_path / "junit.xml").findall(".//error"))
    assert verdicts_file.read(tmp_path / VERDICTS)["about"]["unfinished"] is True
    assert "Not finished" in (tmp_path / PAGE).read_text()
    summary = (tmp_path / "summary.md").read_text()
    assert ("Not finished" in summary, "token" in summary) == (True, False)
    report_files.check(Destination(tmp_path))


def test_the_suite_knows_its_own_files_again(tmp_path: Path) -> None:
    """A run may replace the reports of an earlier one, finished or not, and an empty file."""
    write(tmp_path)
    report_files.check(Destination(tmp_path))
    (tmp_path / "summary.md").write_text("")
    report_files.check(Destination(tmp_path))

    assert (tmp_path / PAGE).stat().st_size > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_not_ours_is_named_and_kept(name: str, tmp_path: Path) -> None:
    """A report's name with other content is a usage error, and so is a folder of that name."""
    path = tmp_path / name
    path.write_text("# My own summary\n{}")
    with pytest.raises(UsageProblem, match=f"{name} was not written by this suite"):
        report_files.check(Destination(tmp_path))
    assert path.read_text() == "# My own summary\n{}"
    report_files.check(Destination(tmp_path, (path,)))
    path.unlink()
    path.mkdir()
    with pytest.raises(UsageProblem, match=f"{name} is a folder"):
        report_files.check(Destination(tmp_path))


def test_a_pipe_or_a_loop_is_a_usage_error(tmp_path: Path) -> None:
    """A pipe without a writer is not waited for, and links that lead to themselves are no folder."""
    os.mkfifo(tmp_path / "verdicts.json")
    with pytest.raises(UsageProblem, match="was not written by this suite"):
        report_files.check(Destination(tmp_path))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    report_files.check(Destination(loop))
    with pytest.raises(UsageProblem, match="expected a folder to write to"):
        report_files.begin(Destination(loop), unfinished())


def test_a_summary_is_not_written_to_a_pipe_without_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line says so, and the run goes on."""
    os.mkfifo(tmp_path / "step")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step"))
    (problem,) = write(tmp_path / "reports")
    assert problem.startswith(f"{tmp_path / 'step'}: ")


def test_what_a_run_reads_from_there_it_keeps(tmp_path: Path) -> None:
    """A recording in the folder of the reports is neither replaced nor overwritten."""
    (tmp_path / HAR).write_text("another tool's")
    destination = Destination(tmp_path, (tmp_path / HAR,))
    report_files.begin(destination, unfinished())
    document, _ = runs.run()
    regenerate(report_files.results(document, [], ['{"log": {"entries": []}}'], str), destination)

    assert "another tool's" == (tmp_path / HAR).read_text()


def test_the_umask_applies_and_photos_are_private(tmp_path: Path) -> None:
    """Files are created as the kernel says; what holds photos is for its owner alone."""
    before = os.umask(0o027)
    try:
        write(tmp_path / "a")
        write(tmp_path / "b", show_photos=True)
    finally:
        os.umask(before)

    assert (0o640, 0o600, 0o640) == tuple(mode(tmp_path / "a" / name) for name in (VERDICTS, HAR, PAGE))
    assert 0o600 == mode(tmp_path / "b" / PAGE)


def test_what_cannot_be_written_is_reported_and_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in the way, a full disk or a summary that GitHub does not take costs that one file."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    (tmp_path / "reports" / PAGE).mkdir(parents=True)
    real = verdicts_file.write_atomically

    def full(path: Path, content: str | Iterable[str], *, private: bool = False) -> None:
        if path.name == HAR:
            raise OSError(28, "No space left on device")
        real(path, content, private=private)

    monkeypatch.setattr(report_files, "write_atomically", full)
    problems = write(tmp_path / "reports")

    assert [HAR, tmp_path.name, PAGE] == [Path(problem.partition(":")[0]).name for problem in problems]
    assert not [problem for problem in problems if "\n" in problem]
    assert (tmp_path / "reports" / "badge.json").is_file()


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """`--html=/dev/stdout` leaves the device where it is; a pipe without a reader is an error at once."""
    device, pipe = tmp_path / "null", tmp_path / "pipe"
    device.symlink_to(os.devnull)
    os.mkfifo(pipe)
    verdicts_file.write_atomically(device, "text")
    assert device.is_char_device()
    with pytest.raises(OSError, match="No such device"):
        verdicts_file.write_atomically(pipe, "text")
    assert pipe.is_fifo()


def test_a_folder_with_the_name_of_a_variable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest-html would write the page elsewhere, with the variable's value in its path."""
    monkeypatch.setenv("ELSEWHERE", "b")

    with pytest.raises(UsageProblem, match=r"without `\$NAME`"):
        report_files.check(Destination(tmp_path / "a$ELSEWHERE"))
