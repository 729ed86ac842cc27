"""Reports of verdicts that are there already: a session that collects nothing and sends nothing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ..reporting.html_page import row_id
from ..reporting.report_files import Destination, Results
from . import session_reports
from .report_page import Reported

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
        session_reports.begin(session, self.reported)
        for cell in self.reported.results.run.cells:
            session_reports.log(session.config, cell, row_id(cell.worst), (cell.chapter, 0, cell.name))
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, tuple[str, str, Any], tuple[str, str, str]]:
        """No mark for each cell: nothing happens that one could watch."""
        category, _, _ = yield
        return category, "", ""


def regenerate(results: Results, destination: Destination) -> tuple[int, list[str]]:
    """Write all reports, and print what a run prints; the exit code of such a run, and what could not be written."""
    reported = Reported(results, destination)
    words = ["-c", os.devnull, "--rootdir", str(Path.cwd()), "-q", "--no-header", "--noconftest", "-rN", "--capture=no"]
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
