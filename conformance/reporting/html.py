"""`report.html`: what pytest-html draws, with our verdict on top, our columns, and exchanges in the rows.

The plugin is told of cells by two attributes of a test report, which travel through pytest-xdist as plain data:
`report.cell` (see `JudgedCell.described`) and `report.verdicts` (members of `verdicts.json`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from ..model import Outcome
from . import html_page
from .cells import Document, VerdictData, worst_outcome
from .exchanges import Exchanges
from .printable import visible
from .verdicts_file import write_atomically

INI = {"initial_sort": "verdict", "render_collapsed": "all"}
"""Settings of pytest-html that suit the page; it does without."""


class HtmlReport:
    """A pytest plugin, for the process that writes the reports (never an xdist worker).

    `document` and `exchanges` are asked once, when the session finishes; `show_photos` puts the pictures that were
    answered into the page.
    """

    def __init__(
        self, document: Callable[[], Document], exchanges: Callable[[], Exchanges], *, show_photos: bool = False
    ) -> None:
        self._document = document
        self._exchanges = exchanges
        self._show_photos = show_photos
        self._rows: dict[str, tuple[VerdictData, ...]] = {}

    @staticmethod
    def aim(config: pytest.Config, path: Path) -> None:
        """Let pytest-html write to `path`, unless `--html` says otherwise; to be called before it is configured."""
        config.option.htmlpath = config.option.htmlpath or str(path)
        config.option.self_contained_html = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """pytest-html's table of the environment takes values for markup."""
        from pytest_metadata.plugin import metadata_key  # type: ignore[import-untyped]  # pytest-html depends on it

        metadata: dict[str, Any] = session.config.stash.get(metadata_key, {})
        for name, value in metadata.items():
            if isinstance(value, str):
                metadata[name] = escape(visible(value, 300))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        report.title = "Get profilePhoto: conformance report"

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        cells[:] = html_page.header()

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: Any, cells: list[str]) -> None:
        if report.when in ("setup", "teardown") and report.passed:
            return  # pytest-html has no row for these
        word = _pytest_word(report)
        cell, verdicts = getattr(report, "cell", None), tuple(getattr(report, "verdicts", ()))
        if not cell or not verdicts:
            cells[:] = html_page.other_row(report.nodeid, word)
            return
        self._rows[html_page.row_id(cell)] = verdicts
        cells[:] = html_page.row(cell, verdicts, worst_outcome(verdicts), word)

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, report: Any, data: list[str]) -> None:
        """An opened row shows exchanges; a traceback only where the suite itself is broken."""
        verdicts = getattr(report, "verdicts", ())
        if verdicts and worst_outcome(verdicts) is not Outcome.BROKEN:
            data.clear()

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str], postfix: list[str]) -> None:
        document, exchanges = self._document(), self._exchanges()
        prefix.append(html_page.top(document, exchanges))
        postfix.append(html_page.bottom(document, self._rows, exchanges, show_photos=self._show_photos))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        try:
            return (yield)
        finally:
            if path := session.config.getoption("htmlpath", None):
                _harden(Path(path), private=self._show_photos)


def _pytest_word(report: Any) -> str:
    """The word that pytest-html files the report under: its filters know no other."""
    if report.failed and report.when != "call":
        return "Error"
    if hasattr(report, "wasxfail"):
        return "XFailed" if report.skipped else "XPassed"
    return str(report.outcome).capitalize()


def _harden(path: Path, *, private: bool) -> None:
    if path.is_file():
        page = html_page.hardened(path.read_text(encoding="utf-8", errors="replace"))
        write_atomically(path, page, private=private)
