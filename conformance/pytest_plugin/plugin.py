"""All that pytest needs to know of the suite. Nothing imports this module."""

from __future__ import annotations

import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Callable, Generator, Iterable
from functools import cache, cached_property, partial
from itertools import zip_longest
from typing import Any

import pytest

from ..catalogue.requirement import Requirement
from ..model import Cell, Form, Level, State, UsageProblem
from ..reporting import report_files
from ..reporting.outcomes import OUTCOMES
from ..reporting.printable import one_line, printed
from ..reporting.run import CellResult, plural
from ..requirements import CHAPTERS
from ..runner.evaluated import evaluate, unfinished
from ..runner.prepared import Prepared, prepare
from ..runner.record import EMBEDDED, dry_run, record
from ..spec import load
from . import options

PREPARED = pytest.StashKey[Prepared]()
CELLS = pytest.StashKey[dict[str, CellResult]]()
"""The verdicts by the names of their cells."""


class RequirementItem(pytest.Item):
    """A requirement on one path shape in one state of its owners."""

    def __init__(self, *, cell: Cell, level: Level, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell = cell
        chapter = cell.requirement.partition(".")[0]
        self.own_markers += map(_marker, filter(None, (level.lower(), cell.form, cell.variant, chapter)))

    def runtest(self) -> None:
        """Nothing: the plugin reports the cell's verdicts without running anything."""

    @cached_property
    def location(self) -> tuple[str, int | None, str]:
        """The file, and no line in it: the same for hundreds of items, so that no path is made for each."""
        return self.nodeid.partition("::")[0], None, self.name


@cache
def _marker(name: str) -> pytest.Mark:
    return pytest.Mark(str(name), (), {}, _ispytest=True)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    options.declare(parser)
    config = pluginmanager.get_plugin("pytestconfig")
    if config and hasattr(config, "known_args_namespace"):  # a conftest loads this plugin; all others are there
        options.check_unknown(parser, config.invocation_params.args)


def pytest_load_initial_conftests(parser: pytest.Parser, args: list[str]) -> None:
    options.check_unknown(parser, args)


@pytest.hookimpl(tryfirst=True)  # before pytest-base-url turns an address that is not given into an empty one
def pytest_configure(config: pytest.Config) -> None:
    try:
        options.check_given(config)
        prepared = prepare(options.settled(config))
        report_files.check_copy(prepared.destination, config.getoption("htmlpath", None))
    except UsageProblem as problem:
        raise pytest.UsageError(one_line(problem)) from None
    config.stash[PREPARED] = prepared
    for marker in _markers(edition.name for edition in prepared.editions):
        config.addinivalue_line("markers", marker)
    _filter_output(config, prepared.redactor.text)


def _markers(editions: Iterable[str]) -> dict[str, None]:
    """Lines for pytest's list of markers, whose words are those of `verdicts.json`."""
    variants = (operation.variant for edition in editions for operation in load(edition).operations)
    lines = [
        *(f"{level.lower()}: requirements of the level {level}" for level in Level),
        *(f"{form}: tests of the form {form}" for form in Form),
        *(f"{variant}: tests on the type of owner {variant}" for variant in variants),
        *(f"{chapter}: requirements of the chapter {chapter}" for chapter in CHAPTERS if chapter not in list(Form)),
    ]
    return dict.fromkeys(lines)


def _filter_output(config: pytest.Config, clean: Callable[[str], str]) -> None:
    """Let all that pytest prints from here on, and all log records, pass the filter that reports pass."""
    stack = contextlib.ExitStack()
    out = stack.enter_context(printed(clean))
    make = logging.getLogRecordFactory()

    def cleaned(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = clean(record.getMessage()), ()
        return record

    logging.setLogRecordFactory(cleaned)
    stack.callback(logging.setLogRecordFactory, make)

    def end() -> None:
        stack.close()
        session: Any = config.pluginmanager.get_plugin("session")
        stronger = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR)
        if out.problem and session and session.exitstatus not in stronger:
            session.exitstatus = report_files.NOT_WRITTEN

    config.add_cleanup(end)


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
    level = requirement.level_in(prepared.widest_edition) or requirement.level
    return [
        RequirementItem.from_parent(collector, name=cell.name, cell=cell, level=level)
        for cell in prepared.cells_of.get(requirement.id, ())
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Record what the chosen cells need, and evaluate it, before the first of them; then report them."""
    cells = [item.cell for item in session.items if isinstance(item, RequirementItem)]
    config = session.config
    if config.option.collectonly or session.testsfailed:
        return None
    if not cells:
        _leave_no_old_result(config)
        return None
    from . import session_reports  # late: merely collecting writes no report
    from .report_page import Reported

    _leave_alone_what_is_imported(config)
    prepared = config.stash[PREPARED]
    reporter = config.pluginmanager.getplugin("terminalreporter")
    _obey_signals()
    say = reporter.write_line if reporter else (lambda _line: None)
    try:
        if prepared.config.dry_run:
            say(dry_run(prepared, cells))
            return True  # as if all items had run
        report_files.check(prepared.destination)
        recorded = record(
            prepared,
            cells,
            _progress(config),
            say=say,
            announce=say,
            begin=lambda: report_files.begin(prepared.destination, unfinished(prepared)),
        )
    except UsageProblem as problem:
        raise pytest.UsageError(one_line(problem)) from None
    try:
        found, interrupted = evaluate(recorded).results(), recorded.interrupted
    except KeyboardInterrupt:  # what was recorded is evaluated all the same; once more ends that too
        found, interrupted = evaluate(recorded).results(), True
    config.stash[CELLS] = {result.name: result for result in found.run.cells}
    session_reports.begin(session, Reported(found, prepared.destination))
    _report_all(session, interrupted)
    return True


def _leave_no_old_result(config: pytest.Config) -> None:
    """Where a selection leaves out every cell: what an earlier run found is not what this one found."""
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    left_out = reporter.stats.get("deselected", ()) if reporter else ()
    prepared = config.stash[PREPARED]
    if not prepared.config.dry_run and any(isinstance(item, RequirementItem) for item in left_out):
        try:
            report_files.check(prepared.destination)
            report_files.begin(prepared.destination, unfinished(prepared))
        except UsageProblem as problem:
            raise pytest.UsageError(one_line(problem)) from None
        reporter.write_line("no test is selected; --collect-only -q lists their names, --markers the words for -m")


def _leave_alone_what_is_imported(config: pytest.Config) -> None:
    gc.freeze()  # what was imported and collected stays: no collection looks at it again
    gc.set_threshold(50_000)  # a run makes many values and few cycles: a tenth of its time went into looking for those
    hook: Any = config.pluginmanager.rewrite_hook
    if hook in sys.meta_path:
        sys.meta_path.remove(hook)  # what is imported from here on is other people's, and rewriting it takes long


def _progress(config: pytest.Config) -> Callable[[int, int], None]:
    """One line: written over on a terminal, and written once, at the end, elsewhere."""
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    live = reporter is not None and reporter.isatty

    def report(done: int, total: int) -> None:
        if reporter is None or reporter.verbosity < 0:
            return
        if live:
            reporter.rewrite(f"sent {done:,} of {total:,} requests", erase=True)
        if done == total:
            line = f"sent {total:,} requests; each letter below is a requirement on a path shape:"
            if live:
                reporter.rewrite(line, erase=True)
            else:
                reporter.write(line)
            letters = [f"{shown.letter} {outcome}" for outcome, shown in OUTCOMES.items()]
            reporter.write_line("")
            reporter.write_line(f"{', '.join([*letters[::-1], 's nothing to check'])}")

    return report


def _obey_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup sets it
            signal.signal(number, _interrupt)


def _interrupt(number: int, _frame: object) -> None:
    """SIGTERM and SIGHUP end a run as Ctrl-C does; a second one does not disturb the writing of its reports."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Hold back the first signal of each kind while a run writes its reports; a second one ends that."""
    with contextlib.ExitStack() as stack:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if CELLS in session.config.stash else ():
            before = signal.getsignal(number)
            restore = partial(signal.signal, number, before)
            stack.callback(restore)
            signal.signal(number, lambda *_, restore=restore: restore())
        yield


def _report_all(session: pytest.Session, interrupted: bool) -> None:
    """Report our items, without the hooks around one that runs; unless interrupted, pytest runs those of others."""
    for item, following in zip_longest(session.items, session.items[1:]):
        if isinstance(item, RequirementItem):
            _report(item)
        elif not interrupted:
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail and not interrupted:
            raise session.Failed(session.shouldfail)
        if session.shouldstop and not interrupted:
            raise session.Interrupted(session.shouldstop)
    if interrupted:
        raise KeyboardInterrupt


def _report(item: RequirementItem) -> None:
    """Report a cell as the document has it: the way that reports from files take as well."""
    from . import session_reports  # late: merely collecting writes no report

    where, hook = (item.nodeid, item.location), item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    if result := item.config.stash[CELLS].get(item.name):
        session_reports.log(item.config, result, *where)
    else:
        undeclared = item.cell.state is State.UNDECLARED
        why = "the state of every owner is declared" if undeclared else "the edition that is followed has no such test"
        hook.pytest_runtest_logreport(report=session_reports.without_verdicts(why, *where))
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def pytest_unconfigure() -> None:
    gc.freeze()  # the process ends: pytest would look five times for what can be freed


def pytest_report_header(config: pytest.Config) -> list[str]:
    prepared = config.stash[PREPARED]
    tenant, recording = prepared.target.tenant, prepared.config.recording
    at = prepared.base_url or (f"recording {', '.join(map(str, recording))}" if recording else EMBEDDED)
    lines = [f"target: {at}, edition {prepared.edition_asked}"]
    if prepared.config.target is not None:
        kinds = {kind: sum(owner.kind == kind for owner in tenant.owners) for kind in ("user", "group", "contact")}
        lines.append("owners: " + ", ".join(plural(count, kind) for kind, count in kinds.items()))
        more = f" and {len(tenant.identities)} identities" if tenant.identities else ""
        lines.append(f"requests are sent as: {', '.join(tenant.usual_callers)}{more}")
    return lines
