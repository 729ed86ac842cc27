"""`report.html`: pytest-html's own page, with our result on top, our columns, and exchanges in the rows.

pytest-html writes the page in the session that evaluated; everything of ours comes through its hooks. A row's data
stand on the test report, as `report.photo_row` (see `row_data`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from ..model import Outcome
from . import html_page
from .cells import CellResult, Document
from .exchanges import Exchanges
from .printable import visible
from .verdicts_file import write_atomically


def row_data(cell: CellResult) -> dict[str, Any]:
    """What a row is generated from: the cell as plain data, and its worst verdict."""
    return {"cell": cell.described(), "worst": dict(cell.worst)}


class HtmlReport:
    """A pytest plugin that lets pytest-html write the page of a run.

    `document` and `exchanges` are called once, when the session finishes; `clean` takes secrets out of a text;
    `show_photos` puts the pictures of the responses into the page; `failed` is given one line where it could not be
    written, which else is raised.
    """

    def __init__(
        self,
        document: Callable[[], Document | None],
        exchanges: Callable[[], Exchanges],
        clean: Callable[[str], str] = str,
        *,
        show_photos: bool = False,
        failed: Callable[[str], object] | None = None,
    ) -> None:
        self._document = document
        self._exchanges = exchanges
        self._clean = clean
        self._show_photos = show_photos
        self._failed = failed
        self._copy_to: Path | None = None

    def start(self, session: pytest.Session, path: Path) -> None:
        """Let pytest-html write to `path`; what `--html` names becomes a copy.

        This is as late as the run itself, since a session that only collects must not write anything.
        """
        from pytest_html import plugin  # type: ignore[import-untyped]
        from pytest_html.basereport import BaseReport  # type: ignore[import-untyped]

        config = session.config
        self._copy_to = Path(config.option.htmlpath).absolute() if config.option.htmlpath else None
        manager = config.pluginmanager
        for other in [each for each in manager.get_plugins() if isinstance(each, BaseReport)]:
            manager.unregister(other)
        config.option.htmlpath, config.option.self_contained_html = str(path), True
        manager.register(self)
        plugin.pytest_configure(config)
        own = next(each for each in manager.get_plugins() if isinstance(each, BaseReport))
        _escape_environment(config)
        own.pytest_sessionstart(session)
        own.pytest_collection_finish(session)

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        report.title = "Get profilePhoto: conformance report"
        report.set_data("initialSort", "verdict")
        report.set_data("renderCollapsed", ["all"])

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        cells[:] = html_page.header()

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: Any, cells: list[str]) -> None:
        if report.when in ("setup", "teardown") and report.passed:
            return  # pytest-html has no row for these
        data, word = getattr(report, "photo_row", None), _pytest_word(report)
        made = html_page.row(data["cell"], data["worst"], word) if data else html_page.other_row(report.nodeid, word)
        cells[:] = [self._clean(cell) for cell in made]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, report: Any, data: list[str]) -> None:
        """An opened row shows exchanges; a traceback only where the suite itself is broken."""
        row = getattr(report, "photo_row", None)
        if row and row["worst"]["outcome"] != Outcome.BROKEN:
            data.clear()
        data[:] = [self._clean(text) for text in data]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str], postfix: list[str]) -> None:
        if document := self._document():
            exchanges = self._exchanges()
            prefix.append(html_page.top(document, exchanges))
            postfix.append(html_page.bottom(document, exchanges, show_photos=self._show_photos))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        path = Path(session.config.option.htmlpath)
        try:
            try:
                return (yield)
            finally:
                if path.is_file() and self._document():
                    text = html_page.with_head(path.read_text(encoding="utf-8", errors="replace"))
                    for file in filter(None, (path, self._copy_to)):
                        write_atomically(file, text, private=self._show_photos)
        except OSError as error:
            if self._failed is None:
                raise
            self._failed(f"{error.filename or path}: {error.strerror or error}")


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
