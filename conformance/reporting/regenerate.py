"""Reports from a document and its exchanges: nothing is sent and nothing is evaluated."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from . import badge, ctrf, html, html_page, junit, summary
from .cells import Document, cells
from .exchanges import Exchanges
from .labels import labelled
from .pytest_reports import reports_of

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
            plugins=[_FromFiles(document, report, path.absolute())],
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


class _FromFiles:
    """A pytest plugin whose verdicts are those of a document."""

    def __init__(self, document: Document, report: html.HtmlReport, path: Path) -> None:
        self._document, self._report, self._path = document, report, path

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._report.start(session, self._path)
        for cell in cells(self._document):
            place = (cell.chapter, 0, cell.name)
            for report in reports_of(cell, self._document, html_page.row_id(cell.described()), place):
                session.config.hook.pytest_runtest_logreport(report=report)
        return True
