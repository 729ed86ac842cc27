"""What a session makes of its verdicts: pytest's reports, the report files, and the last section.

The verdicts are those of its items, or are there already (`regenerate`): it collects nothing then, and sends nothing.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any, Literal

import pytest

from ..model import Outcome
from ..reporting import ci, report_files
from ..reporting.conclusion import concluded
from ..reporting.outcomes import OUTCOMES
from ..reporting.printable import visible
from ..reporting.report_files import HAR, PAGE, VERDICTS, Destination, Results
from ..reporting.run import CellResult, Run
from ..reporting.templates import rendered
from . import report_page
from .report_page import REPORTED, Reported, row_of

Place = tuple[str, int | None, str]
"""Where an item is, as pytest has it: file, line, name."""


def begin(session: pytest.Session, reported: Reported) -> None:
    """Take the verdicts that the session is about; from here on the hooks of this module are called."""
    session.config.stash[REPORTED] = reported
    session.config.pluginmanager.register(sys.modules[__name__])
    report_page.start(session)


def log(config: pytest.Config, cell: CellResult, nodeid: str, place: Place) -> None:
    """Report a cell to pytest and its plugins."""
    for report in reports_of(cell, nodeid, place):
        config.hook.pytest_runtest_logreport(report=report)


def reports_of(cell: CellResult, nodeid: str, place: Place) -> list[pytest.TestReport]:
    """The test reports of a cell; what is an error fails its setup, which is how pytest counts errors."""
    how = cell.counts_as
    when: Literal["setup", "call"] = "setup" if how == "error" else "call"
    outcome: Literal["passed", "failed", "skipped"] = "passed"
    longrepr: str | tuple[str, int, str] | None = None
    if how in ("failed", "error"):
        outcome, longrepr = "failed", _why(cell)
    elif how in ("skipped", "xfailed"):
        outcome, longrepr = "skipped", (place[0], 0, f"Skipped: {_why(cell)}")
    properties = [(name, str(getattr(cell, name))) for name in ("requirement", "level", "cites", "variant", "outcome")]
    more: dict[str, Any] = {"photo_cell": cell}
    if how == "xfailed":
        more["wasxfail"] = cell.worst["reason"] or ""
    shown = pytest.TestReport(nodeid, place, {}, outcome, longrepr, when, user_properties=properties, **more)
    return [shown, pytest.TestReport(nodeid, place, {}, "passed", None, "teardown")]


def without_verdicts(why: str, nodeid: str, place: Place) -> pytest.TestReport:
    """The report of a cell that this run has nothing to say of."""
    return pytest.TestReport(nodeid, place, {}, "skipped", (place[0], 0, f"Skipped: {why}"), "call")


def _why(cell: CellResult) -> str:
    worst = cell.worst
    if cell.outcome is Outcome.BROKEN or (cell.outcome is Outcome.NOT_EXERCISED and worst["reason"]):
        return str(worst["reason"])  # a traceback in full
    return f"blocked by {worst['blocked_by']}" if worst["blocked_by"] else ci.details(cell, {})


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, Any] | None:
    cell = row_of(report)
    if cell is None:
        return None
    shown, word = OUTCOMES[cell.outcome], cell.outcome.upper().replace("-", " ")
    category = "failed" if report.failed and shown.pytest in ("passed", "skipped") else shown.pytest
    return category, shown.letter, (word, {"yellow": True}) if cell.outcome is Outcome.DEPARTS else word


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the reports, whatever the target did and however the run ended; then the exit code that it asks for."""
    reported = session.config.stash[REPORTED]
    if exitstatus == pytest.ExitCode.INTERRUPTED:
        run = reported.results.run
        interrupted = replace(reported.results, run=Run({**run.document, "interrupted": True}, run.exchanges))
        session.config.stash[REPORTED] = reported = replace(reported, results=interrupted)
    reported.problems.extend(report_files.write(reported.destination, reported.results))
    own = report_files.NOT_WRITTEN if reported.problems else concluded(reported.results.run).exit_code
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        others_failed = session.testsfailed > 0 and own == 0
        session.exitstatus = 1 if others_failed else own


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None]:
    """pytest's own sections without what ours says: other tests and tracebacks alone; then ours, which is the last."""

    def is_shown(report: Any) -> bool:
        cell = row_of(report)
        return cell is None or cell.outcome is Outcome.BROKEN

    stats = terminalreporter.stats
    kept = {category: stats.get(category, []) for category in ("failed", "error")}
    stats.update({category: list(filter(is_shown, reports)) for category, reports in kept.items() if reports})
    try:
        yield
    finally:
        stats.update({category: reports for category, reports in kept.items() if reports})
    reported = config.stash[REPORTED]
    destination = reported.destination
    names = {path.name for path in destination.replaced()}
    written = ", ".join(name for name in (PAGE, VERDICTS, HAR) if name in names)
    terminalreporter.section("conformance")
    for line in (
        *rendered("terminal.txt", run=reported.results.run).splitlines(),
        *(f"not written: {problem}" for problem in reported.problems),
        f"reports: {visible(destination.folder)}/{written} and more",
        "the last line is pytest's: a test is one requirement on one path shape, for all owners; "
        "what departs counts as passed",
    ):
        terminalreporter.write_line(line)


UNUSED = ("cacheprovider", "faulthandler", "unraisableexception", "threadexception", "logging", "junitxml")
"""Plugins of pytest that a session without tests can do without."""


@dataclass(frozen=True, eq=False)
class FromFiles:
    """A pytest plugin with the verdicts of a session."""

    reported: Reported

    def pytest_collection(self) -> bool:
        """Nothing is collected."""
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        begin(session, self.reported)
        for cell in self.reported.results.run.cells:
            log(session.config, cell, cell.row, (cell.chapter, 0, cell.name))
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, tuple[str, str, Any], tuple[str, str, str]]:
        """No mark for each cell: nothing happens that one could watch."""
        category, _, _ = yield
        return category, "", ""


def regenerate(results: Results, destination: Destination) -> tuple[int, list[str]]:
    """Write all reports, and print what a run prints; the exit code of such a run, and what could not be written."""
    destination.folder.mkdir(parents=True, exist_ok=True)
    reported = Reported(results, destination)
    words = ["-c", os.devnull, "--rootdir", ".", "-q", "--no-header", "--noconftest", "-rN", "--capture=no"]
    words += ["--disable-plugin-autoload", "-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin"]
    words += [word for name in UNUSED for word in ("-p", f"no:{name}")]
    with _no_options():
        return int(pytest.main(words, plugins=[FromFiles(reported)])), reported.problems


@contextlib.contextmanager
def _no_options() -> Generator[None]:
    """Keep a caller's PYTEST_ADDOPTS out of a session of our own."""
    kept = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
