"""All that pytest needs to know of the suite. Nothing imports this module."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..catalogue.requirement import Requirement
from ..model import Outcome, UsageProblem
from ..reporting.conclusion import concluded
from ..reporting.outcomes import OUTCOMES, worst
from ..reporting.printable import Printed, one_line
from ..runner.config import BY_NAME, OPTIONS, settle
from ..runner.evaluated import Evaluated, evaluate, unfinished
from ..runner.prepared import Prepared, prepare
from ..runner.record import EMBEDDED, dry_run, record
from . import refused_options
from .items import RequirementItem, evaluate_and_report
from .progress import Progress

if TYPE_CHECKING:
    from ..reporting.report_files import Written

PREPARED = pytest.StashKey[Prepared]()
EVALUATED = pytest.StashKey[Evaluated]()
WRITTEN = pytest.StashKey["Written"]()
PAGE = pytest.StashKey[bool]()
"""Set where pytest-html writes report.html in this session."""
BROKEN = OUTCOMES[Outcome.BROKEN].exit_code


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("photo-conformance", "conformance to Get profilePhoto (Microsoft Graph)")
    for option in OPTIONS:
        told: dict[str, Any] = {"dest": f"photo_{option.name}", "default": None, "help": option.help}
        if option.metavar is None:
            group.addoption(option.flag, action="store_const", const="true", **told)
        else:
            group.addoption(option.flag, metavar=option.metavar, action="append" if option.many else "store", **told)
        parser.addini(option.ini, f"default of {option.flag}", default=None)
    for flag, attributes in refused_options.FLAGS.items():
        with contextlib.suppress(ValueError, argparse.ArgumentError):  # another plugin has it
            group.addoption(flag, dest=refused_options.DEST, help=argparse.SUPPRESS, **attributes)


@pytest.hookimpl(tryfirst=True)  # before pytest-base-url turns an address that is not given into an empty one
def pytest_configure(config: pytest.Config) -> None:
    try:
        refused_options.check(config)
        given = {option.name: config.getoption(f"photo_{option.name}") for option in OPTIONS}
        given |= {option.name: config.getoption(option.name, None) for option in BY_NAME.values() if option.foreign}
        prepared = prepare(settle(given, os.environ, lambda name: _ini_line(config, name)))
    except UsageProblem as problem:
        raise pytest.UsageError(one_line(problem)) from None
    config.stash[PREPARED] = prepared
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


def _ini_line(config: pytest.Config, name: str) -> str | None:
    """An ini value of another plugin; None where there is no such line, for which `getini` gives "" as well."""
    if value := config.getini(name):
        return str(value)
    lines = [
        *(config.inipath.read_text("utf-8").splitlines() if config.inipath else ()),
        *(config.option.override_ini or ()),
    ]
    return "" if any(re.fullmatch(rf"\s*{name}\s*=\s*(\"\"|'')?\s*", line) for line in lines) else None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[RequirementItem] | None:
    requirement = getattr(obj, "requirement", None)
    if not isinstance(requirement, Requirement):
        return None
    if requirement.function.__module__ != collector.obj.__name__:
        return []
    prepared, stash = collector.config.stash[PREPARED], collector.config.stash
    return [
        RequirementItem.from_parent(
            collector, name=cell.name, requirement=requirement, cell=cell,
            evaluated=lambda cell: stash[EVALUATED].verdicts(cell),
            fail_on=prepared.config.fail_on, complete=prepared.complete,
        )
        for cell in prepared.cells
        if cell.requirement == requirement.id
    ]  # fmt: skip


def _items(session: pytest.Session) -> list[RequirementItem]:
    return [item for item in session.items if isinstance(item, RequirementItem)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Record what the chosen cells need, before the first of them is judged; then let pytest go on."""
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
    config.stash[EVALUATED] = evaluate(recorded)
    _start_page(session, config.stash[EVALUATED])
    if recorded.interrupted:
        raise KeyboardInterrupt
    return None


def _start_page(session: pytest.Session, run: Evaluated) -> None:
    """Let pytest-html write report.html, where it is not switched off."""
    from ..reporting.html import HtmlReport  # late: merely collecting draws no report

    stash, options = session.config.stash, run.recorded.prepared.config
    if session.config.pluginmanager.hasplugin("html"):
        stash[PAGE] = True
        HtmlReport(
            lambda: stash[WRITTEN].document if WRITTEN in stash else None,
            lambda: stash[WRITTEN].exchanges,
            run.recorded.prepared.redactor.text,
            show_photos=options.show_photos,
        ).start(session, options.reports / "report.html")


def _interrupt(_signal: int, _frame: object) -> None:
    """SIGTERM ends a run as Ctrl-C does; a second one does not disturb the writing of its reports."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    if not isinstance(item, RequirementItem):
        return None
    evaluate_and_report(item)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if isinstance(item, RequirementItem) and report.when == "call" and item.verdicts:
        outcome = worst(verdict.outcome for verdict in item.verdicts)
        report.photo_outcome = str(outcome)  # type: ignore[attr-defined]
        if outcome in (Outcome.INCONCLUSIVE, Outcome.BROKEN):
            report.when = "setup"  # so that pytest counts it as an error, not as a failure of the target
        first = item.verdicts[0]
        clean = item.config.stash[EVALUATED].recorded.prepared.redactor.text
        report.photo_row = item.row(clean)  # type: ignore[attr-defined]
        report.user_properties += [
            ("requirement", first.requirement), ("level", str(first.level)), ("cites", first.cites),
            ("variant", first.variant), ("outcome", str(outcome)),
        ]  # fmt: skip
    return report


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
    run = config.stash.get(EVALUATED, None)
    if run is None:
        return
    from ..reporting import report_files  # late: merely collecting writes no report

    interrupted = exitstatus == pytest.ExitCode.INTERRUPTED
    document = run.document(**{"interrupted": True} if interrupted else {})
    prepared = config.stash[PREPARED]
    options = prepared.config
    written = config.stash[WRITTEN] = report_files.write(
        options.reports, document, run.har(), prepared.redactor.text, show_photos=options.show_photos,
        show_ids=options.show_ids,
        keep=[*prepared.inputs, *([options.reports / report_files.PAGE] if PAGE in config.stash else ())],
    )  # fmt: skip
    own = concluded(document).exit_code
    if written.problems and own != pytest.ExitCode.INTERRUPTED:
        own = BROKEN
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
    if WRITTEN in config.stash:
        _say(terminalreporter, config.stash[WRITTEN], config.stash[PREPARED].config.reports)


def _is_shown_by_pytest(report: Any) -> bool:
    """Whether pytest's FAILURES and ERRORS have something that our section does not: other tests, and tracebacks."""
    return getattr(report, "photo_outcome", Outcome.BROKEN) == Outcome.BROKEN


def _say(terminalreporter: Any, written: Written, folder: Path) -> None:
    from ..reporting import terminal  # late: merely collecting writes no report

    terminalreporter.section("conformance")
    for line in terminal.lines(written.document, written.exchanges):
        terminalreporter.write_line(line)
    for problem in written.problems:
        terminalreporter.write_line(f"not written: {problem}")
    terminalreporter.write_line(f"reports: {folder}/report.html, verdicts.json, exchanges.har and more")
