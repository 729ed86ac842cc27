"""The suite's options, as pytest has them: on the command line and in its ini file; and those that it refuses."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence

import pytest

from ..model import UsageProblem
from ..options.config import BY_NAME, OPTIONS, Config, settle
from ..requirements import FOLDER

_CACHE = {
    "--lf": "lf", "--last-failed": "lf", "--ff": "failedfirst", "--failed-first": "failedfirst", "--nf": "newfirst",
    "--new-first": "newfirst", "--cache-clear": "cacheclear", "--sw": "stepwise", "--stepwise": "stepwise",
}  # fmt: skip
"""Options of pytest's cache, and where pytest keeps each: declared even where the ini file switches the cache off."""
_NO_MEMORY = "nothing is remembered of earlier runs; select requirements with -k EXPRESSION"
_NEEDED = {"pytest_html.plugin": "htmlpath", "pytest_base_url.plugin": "base_url"}
"""Plugins that a run needs, and an option of each."""
_OF_SECRETS = re.compile(
    r"--[\w-]{0,20}(token|bearer|auth|header|key|secret|passw|credential|cookie|proxy)[\w-]{0,20}", re.IGNORECASE
)

_NAME = re.compile(r"(?:-[A-Za-z]|--[a-z]{1,20}(?:[-_][a-z]{1,20}){0,4})(?![^=])")


def declare(parser: pytest.Parser) -> None:
    """Every option of the suite with its ini line."""
    group = parser.getgroup("photo-conformance", "conformance to Get profilePhoto (Microsoft Graph)")
    for option in OPTIONS:
        group.addoption(option.flag, dest=f"photo_{option.name}", default=None, **option.argument)
        parser.addini(option.ini, f"default of {option.flag}", default=None)


def settled(config: pytest.Config) -> Config:
    """The options of a session.

    Raises:
        UsageProblem: a value is not as expected.
    """
    given = {option.name: config.getoption(f"photo_{option.name}") for option in OPTIONS}
    given |= {option.name: config.getoption(option.name, None) for option in BY_NAME.values() if option.foreign}
    return settle(given, os.environ, lambda name: _ini_line(config, name))


def _ini_line(config: pytest.Config, name: str) -> str | None:
    """An ini value of another plugin; None where there is no such line, for which `getini` gives "" as well."""
    if (value := config.getini(name)) != "":
        return None if value is None else str(value)
    lines = [
        *(config.inipath.read_text("utf-8").splitlines() if config.inipath else ()),
        *(config.option.override_ini or ()),
    ]
    return "" if any(re.fullmatch(rf"\s*{name}\s*=\s*(\"\"|'')?\s*", line) for line in lines) else None


def check_unknown(parser: pytest.Parser, words: Sequence[str]) -> None:
    """Refuse an option that does not exist: pytest would print it whole, and what follows it, which may be a secret.

    Raises:
        UsageError: there is one. Its value is not shown.
    """
    found, unknown = parser.parse_known_and_unknown_args(words)
    flags = [option.flag for option in BY_NAME.values()]
    for word in (*unknown, *map(str, getattr(found, "file_or_dir", ()))):  # with a blank in it, it counts as a path
        name, (flag, blank, _) = word.partition("=")[0], word.partition(" ")
        if blank and flag in flags:
            raise pytest.UsageError(f"{flag}: expected {flag} or {flag}=VALUE, without a blank")
        if _OF_SECRETS.fullmatch(name):
            raise pytest.UsageError(
                f"{name}: no such option, and no secret stands on the command line; a token stands in GRAPH_TOKEN or "
                "where the target file says, a header's value in the environment: --http-header=NAME=env:VARIABLE"
            )
    if unknown:
        if unknown[0] in _CACHE:  # the command line switches the cache off
            raise pytest.UsageError(f"{unknown[0]}: {_NO_MEMORY}")
        shown = _NAME.match(unknown[0])
        name = shown[0] if shown else "what is given (not shown: it may be a secret)"
        near = difflib.get_close_matches(name, flags, 1)
        hint = f"did you mean {near[0]}?" if near else "`photo-conformance --help` names them all"
        raise pytest.UsageError(f"{name}: no such option; {hint}")


def check_given(config: pytest.Config) -> None:
    """Whether a run on the requirements can have the options that were given.

    Raises:
        UsageProblem: it cannot.
    """
    if _runs_requirements(config):
        if config.getoption("dist", "no") != "no":
            raise UsageProblem("-n: recording is one process, and evaluation is fast; --shard I/N divides a run")
        for plugin, option in _NEEDED.items():
            if not hasattr(config.option, option):
                raise UsageProblem(f"a run needs the plugin {plugin}, which is switched off; -p {plugin} loads it")
    if not config.pluginmanager.has_plugin("cacheprovider"):
        for flag, place in _CACHE.items():
            if config.getoption(place, False):
                raise UsageProblem(f"{flag}: {_NO_MEMORY}")


def _runs_requirements(config: pytest.Config) -> bool:
    for argument in config.args:
        path = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
        if path == FOLDER or path in FOLDER.parents or FOLDER in path.parents:
            return True
    return False
