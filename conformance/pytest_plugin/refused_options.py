"""Options of pytest and its plugins that a conformance run does not take, and what to do instead."""

from __future__ import annotations

from typing import Any

import pytest

from ..model import UsageProblem
from ..requirements import FOLDER

DEST = "photo_refused"
_CACHE = ("--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first", "--cache-clear", "--sw",
          "--stepwise")  # fmt: skip
FLAGS: dict[str, dict[str, Any]] = {flag: {"action": "store_const", "const": flag} for flag in _CACHE}
"""How each is declared where the plugin that brings it is not there."""


def check(config: pytest.Config) -> None:
    """Whether a run on the requirements can have the options that were given.

    Raises:
        UsageProblem: it cannot.
    """
    given = config.getoption(DEST, None)
    if _runs_requirements(config):
        if config.getoption("dist", "no") != "no":
            raise UsageProblem("-n: recording is one process, and evaluation is fast; --shard I/N divides a run")
        if not hasattr(config.option, "htmlpath"):
            raise UsageProblem("pytest-html is switched off, and writes report.html; -p pytest_html.plugin loads it")
    if given:
        raise UsageProblem(f"{given}: nothing is remembered of earlier runs; select requirements with -k EXPRESSION")


def _runs_requirements(config: pytest.Config) -> bool:
    for argument in config.args:
        path = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
        if path == FOLDER or path in FOLDER.parents or FOLDER in path.parents:
            return True
    return False
