"""How far the requests of a run are, on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from ..reporting.outcomes import OUTCOMES


def progress(config: pytest.Config) -> Callable[[int, int], None]:
    """One line: written over on a terminal, and written once, at the end, elsewhere."""
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    live = sys.stdout.isatty()

    def report(done: int, total: int) -> None:
        if reporter is None or reporter.verbosity < 0:
            return
        if live and (done == total or done % 10 == 0):
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
