"""All reports once more, from `verdicts.json` and `exchanges.har`: nothing is asked and nothing is judged."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from ..model import Outcome
from . import badge, ctrf, html, html_page, junit, summary
from .cells import CellResult, Document, cells, counts_as
from .exchanges import Exchanges
from .labels import labelled

UNUSED = ("cacheprovider", "faulthandler", "unraisableexception", "threadexception", "logging", "junitxml")
"""Plugins of pytest that a run without tests can do without."""


class CannotRedraw(Exception):
    """pytest-html wrote no report; the message holds what pytest said."""


def drawn(document: Document, exchanges: Exchanges, *, show_ids: bool = False) -> dict[str, str]:
    """Every report but the page that pytest-html makes, by file name; with labels of people, or `show_ids`."""
    if not show_ids:
        document, exchanges = labelled(document, exchanges)
    return {
        "junit.xml": junit.xml(document, exchanges),
        "ctrf.json": ctrf.text(document, exchanges),
        "summary.md": summary.text(document, exchanges),
        "badge.json": badge.text(document),
    }


def page(document: Document, exchanges: Exchanges, path: Path, show_photos: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    report = html.HtmlReport(lambda: document, lambda: exchanges, show_photos=show_photos)
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as empty, _no_options(), contextlib.redirect_stdout(said):
        pytest.main(
            [
                *("-c", os.devnull, "--rootdir", empty),
                *(word for name in UNUSED for word in ("-p", f"no:{name}")),
                *("--disable-plugin-autoload", "-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin"),
                *("--capture=no", empty),
            ],
            plugins=[_Replay(document, report, path.absolute())],
        )
    if not path.is_file():
        raise CannotRedraw(f"pytest-html wrote no {path.name}: {said.getvalue()[-2000:].strip()}")


@contextlib.contextmanager
def _no_options() -> Generator[None]:
    """Keep a caller's PYTEST_ADDOPTS out of a run of our own."""
    kept = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


class _Replay:
    """A pytest plugin that reports each cell of a document as if it had just been judged."""

    def __init__(self, document: Document, report: html.HtmlReport, path: Path) -> None:
        self._document, self._report, self._path = document, report, path

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._report.start(session, self._path)
        for cell in cells(self._document):
            for report in reports(cell, self._document):
                if report.when != "setup" or not report.passed:  # of which pytest-html makes nothing
                    session.config.hook.pytest_runtest_logreport(report=report)
        return True


def reports(cell: CellResult, document: Document) -> list[pytest.TestReport]:
    """The test reports, setup to teardown, that a run makes of a cell."""
    how = counts_as(cell.outcome, document)
    if how == "error":
        return [_report(cell, "setup", "failed", _why(cell)), _report(cell, "teardown", "passed")]
    outcome: Literal["passed", "failed", "skipped"] = "passed"
    if how in ("failed", "skipped", "xfailed"):
        outcome = "failed" if how == "failed" else "skipped"
    called = _report(cell, "call", outcome, None if outcome == "passed" else _why(cell))
    if how == "xfailed":
        called.wasxfail = cell.worst["reason"] or ""
    return [_report(cell, "setup", "passed"), called, _report(cell, "teardown", "passed")]


def _why(cell: CellResult) -> str:
    return junit.details(cell, {}) if cell.outcome is not Outcome.NOT_EXERCISED else cell.worst["reason"] or ""


def _report(
    cell: CellResult,
    when: Literal["setup", "call", "teardown"],
    outcome: Literal["passed", "failed", "skipped"],
    longrepr: str | None = None,
) -> pytest.TestReport:
    extra: Mapping[str, Any] = {"photo_row": html.row_data(cell)}
    return pytest.TestReport(
        nodeid=html_page.row_id(cell.described()),
        location=(cell.chapter, 0, cell.name),
        keywords={},
        outcome=outcome,
        longrepr=longrepr,
        when=when,
        duration=0.0,
        **extra,
    )
