"""How far the requests of a run are, on the terminal."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ..reporting.outcomes import OUTCOMES


class Progress:
    """One line: written over on a terminal, and written once, at the end, elsewhere."""

    def __init__(self, config: pytest.Config) -> None:
        self._reporter: Any = config.pluginmanager.getplugin("terminalreporter")
        self._live = sys.stdout.isatty()

    def __call__(self, done: int, total: int) -> None:
        if self._reporter is None or self._reporter.verbosity < 0:
            return
        if self._live and (done == total or done % 10 == 0):
            self._reporter.rewrite(f"sent {done:,} of {total:,} requests", erase=True)
        if done == total:
            line = f"sent {total:,} requests; each letter below is a requirement on a path shape:"
            (self._reporter.rewrite if self._live else self._reporter.write)(
                line, **{"erase": True} if self._live else {}
            )
            self._reporter.write_line("")
            letters = [f"{shown.letter} {outcome}" for outcome, shown in OUTCOMES.items()]
            self._reporter.write_line(f"{', '.join([*letters[::-1], 's nothing to check'])}")
