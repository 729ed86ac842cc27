"""What a session makes of its verdicts: pytest's reports, the report files, and the last section."""

from __future__ import annotations

import sys
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from ..model import Outcome
from ..reporting import report_files, terminal
from ..reporting.cells import CellResult
from ..reporting.conclusion import concluded
from ..reporting.outcomes import OUTCOMES
from ..reporting.printable import visible
from ..reporting.report_files import Destination, Results
from . import report_page
from .pytest_reports import Place, reports_of, row_of
from .pytest_reports import without_verdicts as without_verdicts
from .report_page import DESTINATION, PROBLEMS, RESULTS


def begin(session: pytest.Session, results: Results, destination: Destination, problems: list[str]) -> None:
    """Take the verdicts that the session is about; from here on the hooks of this module are called.

    `problems` gets a line for each report that cannot be written.
    """
    stash = session.config.stash
    stash[RESULTS], stash[DESTINATION], stash[PROBLEMS] = results, destination, problems
    session.config.pluginmanager.register(sys.modules[__name__])
    report_page.start(session)


def log(config: pytest.Config, cell: CellResult, nodeid: str, place: Place) -> None:
    """Report a cell to pytest and its plugins."""
    for report in reports_of(cell, config.stash[RESULTS].document, nodeid, place):
        config.hook.pytest_runtest_logreport(report=report)


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
    stash = session.config.stash
    if exitstatus == pytest.ExitCode.INTERRUPTED:
        stash[RESULTS] = replace(stash[RESULTS], document={**stash[RESULTS].document, "interrupted": True})
    stash[PROBLEMS] += report_files.write(stash[DESTINATION], stash[RESULTS])
    own = report_files.NOT_WRITTEN if stash[PROBLEMS] else concluded(stash[RESULTS].document).exit_code
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        others_failed = session.testsfailed > 0 and own == 0
        session.exitstatus = 1 if others_failed else own


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None]:
    """pytest's own sections without what ours says; then ours, which is the last."""
    stats = terminalreporter.stats
    kept = {category: stats.get(category, []) for category in ("failed", "error")}
    stats.update(
        {category: list(filter(_is_shown_by_pytest, reports)) for category, reports in kept.items() if reports}
    )
    try:
        yield
    finally:
        stats.update({category: reports for category, reports in kept.items() if reports})
    found, folder = config.stash[RESULTS], config.stash[DESTINATION].folder
    terminalreporter.section("conformance")
    for line in (
        *terminal.lines(found.document, found.exchanges),
        *(f"not written: {problem}" for problem in config.stash[PROBLEMS]),
        f"reports: {visible(folder)}/report.html, verdicts.json, exchanges.har and more",
    ):
        terminalreporter.write_line(line)


def _is_shown_by_pytest(report: Any) -> bool:
    """Whether pytest's FAILURES and ERRORS have something that our section does not: other tests, and tracebacks."""
    cell = row_of(report)
    return cell is None or cell.outcome is Outcome.BROKEN
