"""All that pytest needs to know of the suite. Nothing imports this module."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..catalogue.requirement import Requirement
from ..model import Outcome, State, UsageProblem
from ..reporting.conclusion import concluded
from ..reporting.outcomes import OUTCOMES
from ..reporting.printable import Printed, one_line
from ..runner.evaluated import evaluate, unfinished
from ..runner.prepared import Prepared, prepare
from ..runner.record import EMBEDDED, dry_run, record
from ..runner.recorded import Recorded
from . import options, refused_options
from .items import RequirementItem, markers
from .progress import Progress

if TYPE_CHECKING:
    from ..reporting.report_files import Results

PREPARED = pytest.StashKey[Prepared]()
RESULTS = pytest.StashKey["Results"]()
CELLS = pytest.StashKey[dict[str, Any]]()
"""Results by name, see `reporting.cells`."""
PROBLEMS = pytest.StashKey[tuple[str, ...]]()
"""What could not be written."""
PAGE = pytest.StashKey[bool]()
"""Set where pytest-html writes report.html in this session."""
BROKEN = OUTCOMES[Outcome.BROKEN].exit_code


def pytest_addoption(parser: pytest.Parser) -> None:
    options.declare(parser)


@pytest.hookimpl(tryfirst=True)  # before pytest-base-url turns an address that is not given into an empty one
def pytest_configure(config: pytest.Config) -> None:
    try:
        refused_options.check(config)
        prepared = prepare(options.settled(config))
    except UsageProblem as problem:
        raise pytest.UsageError(one_line(problem)) from None
    config.stash[PREPARED] = prepared
    for marker in markers(edition.name for edition in prepared.editions):
        config.addinivalue_line("markers", marker)
    _filter_output(config, prepared.redactor.text)


def _filter_output(config: pytest.Config, clean: Callable[[str], str]) -> None:
    """Let all that pytest prints from here on, and all log records, pass the filter that reports pass."""
    stack = contextlib.ExitStack()
    stack.enter_context(contextlib.redirect_stdout(Printed(sys.stdout, clean)))
    stack.enter_context(contextlib.redirect_stderr(Printed(sys.stderr, clean)))
    make = logging.getLogRecordFactory()

    def cleaned(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = clean(record.getMessage()), ()
        return record

    logging.setLogRecordFactory(cleaned)
    stack.callback(logging.setLogRecordFactory, make)
    config.add_cleanup(stack.close)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[RequirementItem] | None:
    requirement = getattr(obj, "requirement", None)
    if not isinstance(requirement, Requirement):
        return None
    if requirement.function.__module__ != collector.obj.__name__:
        return []
    prepared = collector.config.stash[PREPARED]
    level = requirement.level_in(prepared.edition) or requirement.level
    return [
        RequirementItem.from_parent(collector, name=cell.name, cell=cell, level=level)
        for cell in prepared.cells
        if cell.requirement == requirement.id
    ]


def _items(session: pytest.Session) -> list[RequirementItem]:
    return [item for item in session.items if isinstance(item, RequirementItem)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Record what the chosen cells need, and evaluate it, before the first of them; then let pytest go on."""
    items = _items(session)
    config = session.config
    if not items or config.option.collectonly or session.testsfailed:
        return None
    from ..reporting import report_files  # late: merely collecting writes no report

    prepared = config.stash[PREPARED]
    reporter = config.pluginmanager.getplugin("terminalreporter")
    signal.signal(signal.SIGTERM, _interrupt)
    say = reporter.write_line if reporter else (lambda _line: None)
    cells = [item.cell for item in items]
    try:
        if prepared.config.dry_run:
            say(dry_run(prepared, cells))
            return True  # as if all items had run
        report_files.check(prepared.config.reports, prepared.inputs)
        recorded = record(
            prepared,
            cells,
            Progress(config),
            say=say,
            announce=say,
            begin=lambda: report_files.begin(prepared.config.reports, unfinished(prepared), prepared.inputs),
        )
    except UsageProblem as problem:
        raise pytest.UsageError(one_line(problem)) from None
    try:
        _evaluate(config, recorded)
        interrupted = recorded.interrupted
    except KeyboardInterrupt:  # what was recorded is evaluated all the same; once more ends that too
        _evaluate(config, recorded)
        interrupted = True
    _start_page(session)
    if interrupted:
        raise KeyboardInterrupt
    return None


def _evaluate(config: pytest.Config, recorded: Recorded) -> None:
    from ..reporting import cells, report_files  # late: merely collecting writes no report

    run = evaluate(recorded)
    found = report_files.results(run.document(), run.har_lines(), config.stash[PREPARED].redactor.text)
    config.stash[CELLS] = {result.name: result for result in cells.cells(found.document)}
    config.stash[RESULTS] = found


def _start_page(session: pytest.Session) -> None:
    """Let pytest-html write report.html, where it is not switched off."""
    from ..reporting.html import HtmlReport  # late: merely collecting draws no report

    stash, config = session.config.stash, session.config.stash[PREPARED].config
    if session.config.pluginmanager.hasplugin("html"):
        stash[PAGE] = True
        HtmlReport(
            lambda: stash[RESULTS].document,
            lambda: stash[RESULTS].exchanges,
            stash[RESULTS].clean,
            show_photos=config.show_photos,
            failed=lambda problem: _not_written(session, problem),
        ).start(session, config.reports / "report.html")


def _not_written(session: pytest.Session, problem: str) -> None:
    """The page comes last, after the summary."""
    if reporter := session.config.pluginmanager.getplugin("terminalreporter"):
        reporter.write_line(f"not written: {problem}")
    if session.exitstatus != pytest.ExitCode.INTERRUPTED:
        session.exitstatus = BROKEN


def _interrupt(_signal: int, _frame: object) -> None:
    """SIGTERM ends a run as Ctrl-C does; a second one does not disturb the writing of its reports."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Report a cell as the document has it: the way that reports from files take as well."""
    if not isinstance(item, RequirementItem):
        return None
    from ..reporting import pytest_reports  # late: merely collecting writes no report

    stash, hook, where = item.config.stash, item.ihook, (item.nodeid, item.location)
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    result = stash[CELLS].get(item.name)
    undeclared = item.cell.state is State.UNDECLARED
    why = "the state of every owner is declared" if undeclared else "the edition that is followed does not ask for this"
    reports = [pytest_reports.without_verdicts(why, *where)]
    if result is not None:
        reports = pytest_reports.reports_of(result, stash[RESULTS].document, *where)
    for report in reports:
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, Any] | None:
    outcome = getattr(report, "photo_outcome", None)
    if outcome is None:
        return None
    shown, word = OUTCOMES[Outcome(outcome)], outcome.upper().replace("-", " ")
    category = "failed" if report.failed and shown.pytest in ("passed", "skipped") else shown.pytest
    return category, shown.letter, (word, {"yellow": True}) if outcome == Outcome.DEPARTS else word


def pytest_report_header(config: pytest.Config) -> list[str]:
    prepared = config.stash[PREPARED]
    tenant, recording = prepared.target.tenant, prepared.config.recording
    at = prepared.base_url or (f"recording {', '.join(map(str, recording))}" if recording else EMBEDDED)
    lines = [f"target: {at}, edition {prepared.edition_asked}"]
    if prepared.config.target is not None:
        kinds = {kind: sum(owner.kind == kind for owner in tenant.owners) for kind in ("user", "group", "contact")}
        lines.append("owners: " + ", ".join(f"{count} {kind}s" for kind, count in kinds.items()))
        own = [caller.label for caller in tenant.callers if caller.label not in tenant.identities]
        more = f" and {len(tenant.identities)} identities" if tenant.identities else ""
        lines.append(f"callers: {', '.join(own)}{more}")
    return lines


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the reports, whatever the target did and however the run ended; then the exit code that it asks for."""
    config = session.config
    if RESULTS not in config.stash:
        return
    from ..reporting import report_files  # late: merely collecting writes no report

    found, prepared = config.stash[RESULTS], config.stash[PREPARED]
    if exitstatus == pytest.ExitCode.INTERRUPTED:
        found = config.stash[RESULTS] = replace(found, document={**found.document, "interrupted": True})
    page = prepared.config.reports / report_files.PAGE
    problems = config.stash[PROBLEMS] = report_files.write(
        prepared.config.reports, found, show_photos=prepared.config.show_photos,
        show_ids=prepared.config.show_ids,
        keep=[*prepared.inputs, *([page] if PAGE in config.stash else ())],
    )  # fmt: skip
    own = BROKEN if problems else concluded(found.document).exit_code
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
    if PROBLEMS in config.stash:
        _say(terminalreporter, config.stash[RESULTS], config.stash[PROBLEMS], config.stash[PREPARED].config.reports)


def _is_shown_by_pytest(report: Any) -> bool:
    """Whether pytest's FAILURES and ERRORS have something that our section does not: other tests, and tracebacks."""
    return getattr(report, "photo_outcome", Outcome.BROKEN) == Outcome.BROKEN


def _say(terminalreporter: Any, found: Results, problems: tuple[str, ...], folder: Path) -> None:
    from ..reporting import terminal  # late: merely collecting writes no report

    terminalreporter.section("conformance")
    for line in terminal.lines(found.document, found.exchanges):
        terminalreporter.write_line(line)
    for problem in problems:
        terminalreporter.write_line(f"not written: {problem}")
    terminalreporter.write_line(f"reports: {folder}/report.html, verdicts.json, exchanges.har and more")
