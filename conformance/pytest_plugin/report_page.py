"""`report.html`: pytest-html's own page, with our result on top, our columns, and exchanges in the rows.

pytest-html writes the page in the session that has the verdicts; everything of ours comes through its hooks.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pytest

from ..model import Outcome
from ..reporting import html_page, report_files
from ..reporting.printable import visible
from ..reporting.report_files import Destination, Results
from ..reporting.run import CellResult
from ..reporting.templates import rendered
from ..reporting.verdicts_file import write_atomically


@dataclass(frozen=True)
class Reported:
    """What a session reports, and where."""

    results: Results
    destination: Destination
    problems: list[str] = field(default_factory=list)
    """What could not be written, one line each."""


REPORTED = pytest.StashKey[Reported]()


def row_of(report: Any) -> CellResult | None:
    """The cell that a report is of; None for a test that is none of ours."""
    return getattr(report, "photo_cell", None)


def start(session: pytest.Session) -> None:
    """Let pytest-html write `report.html`; what `--html` names becomes a copy.

    This is as late as the verdicts themselves, since a session that only collects must not write anything.
    """
    from pytest_html import plugin  # type: ignore[import-untyped]
    from pytest_html.basereport import BaseReport  # type: ignore[import-untyped]

    config = session.config
    copy_to = Path(config.option.htmlpath).absolute() if config.option.htmlpath else None
    path = (config.stash[REPORTED].destination.folder / report_files.PAGE).absolute()
    if path.is_symlink():
        path.unlink()  # pytest-html would write where it leads
    manager = config.pluginmanager
    for other in [each for each in manager.get_plugins() if isinstance(each, BaseReport)]:
        manager.unregister(other)
    config.option.htmlpath, config.option.self_contained_html = str(path), True
    manager.register(ReportPage(config, path, copy_to, html_page.rows(config.stash[REPORTED].results.run.cells)))
    plugin.pytest_configure(config)
    own = next(each for each in manager.get_plugins() if isinstance(each, BaseReport))
    _escape_environment(config)
    own.pytest_sessionstart(session)
    own.pytest_collection_finish(session)


@dataclass(frozen=True, eq=False)
class ReportPage:
    """The hooks of pytest-html."""

    config: pytest.Config
    path: Path
    copy_to: Path | None
    rows: dict[str, list[str]]
    """The cells of the table by the names of ours, from the clean document."""

    @property
    def reported(self) -> Reported:
        return self.config.stash[REPORTED]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        report.title = "Get profilePhoto: conformance report"
        report.set_data("initialSort", "verdict")
        report.set_data("renderCollapsed", ["all"])

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        cells[:] = rendered("header.html").splitlines()

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: Any, cells: list[str]) -> None:
        cell = row_of(report)
        if report.when in ("setup", "teardown") and report.passed:
            if cell:
                cells.clear()  # of other tests pytest-html keeps what was printed meanwhile
            return
        if cell:
            cells[:] = self.rows[cell.name]
        else:
            made = rendered("row.html", rows=[(None, visible(report.nodeid, 300), 5, _pytest_word(report))])
            cells[:] = self.reported.results.clean(made).splitlines()

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, report: Any, data: list[str]) -> None:
        """An opened row shows exchanges; a traceback only where the suite itself is broken."""
        cell = row_of(report)
        if cell and cell.outcome is not Outcome.BROKEN:
            data.clear()
        data[:] = [self.reported.results.clean(text) for text in data]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str], postfix: list[str]) -> None:
        run = self.reported.results.run
        prefix.append(html_page.top(run))
        postfix.append(html_page.bottom(run, show_photos=self.reported.destination.show_photos))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """What pytest-html wrote gets our head; the summary, which follows, says what cannot be written."""
        whole = False
        try:
            result = yield
            if self.path.is_file():
                text = html_page.with_head(self.path.read_text(encoding="utf-8", errors="replace"))
                write_atomically(self.path, text, private=self.reported.destination.show_photos)
                whole = True
                if self.copy_to:
                    write_atomically(self.copy_to, text, private=self.reported.destination.show_photos)
            return result
        except OSError as error:
            self.reported.problems.append(f"{error.filename or self.path}: {error.strerror or error}")
            if session.exitstatus != pytest.ExitCode.INTERRUPTED:
                session.exitstatus = report_files.NOT_WRITTEN
            if not whole and self.path.is_file():
                with suppress(OSError):
                    self.path.unlink()


def _escape_environment(config: pytest.Config) -> None:
    """pytest-html's table of the environment takes values for markup."""
    from pytest_metadata.plugin import metadata_key  # type: ignore[import-untyped]  # pytest-html depends on it

    metadata: dict[str, Any] = config.stash.get(metadata_key, {})
    for name, value in metadata.items():
        if isinstance(value, str):
            metadata[name] = escape(visible(value, 300))


def _pytest_word(report: Any) -> str:
    """The word that pytest-html files the report under: its filters know no other."""
    if report.failed and report.when != "call":
        return "Error"
    if hasattr(report, "wasxfail"):
        return "XFailed" if report.skipped else "XPassed"
    return str(report.outcome).capitalize()
