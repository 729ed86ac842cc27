"""The suite's options, as pytest has them: on the command line and in its ini file."""

from __future__ import annotations

import argparse
import contextlib
import os
import re

import pytest

from ..runner.config import BY_NAME, OPTIONS, Config, settle
from . import refused_options


def declare(parser: pytest.Parser) -> None:
    """Every option of the suite with its ini line, and those that are refused."""
    group = parser.getgroup("photo-conformance", "conformance to Get profilePhoto (Microsoft Graph)")
    for option in OPTIONS:
        group.addoption(option.flag, dest=f"photo_{option.name}", default=None, **option.argument)
        parser.addini(option.ini, f"default of {option.flag}", default=None)
    for flag, action in refused_options.FLAGS.items():
        with contextlib.suppress(ValueError, argparse.ArgumentError):  # another plugin has it
            group.addoption(flag, dest=refused_options.DEST, help=argparse.SUPPRESS, **action)


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
    if value := config.getini(name):
        return str(value)
    lines = [
        *(config.inipath.read_text("utf-8").splitlines() if config.inipath else ()),
        *(config.option.override_ini or ()),
    ]
    return "" if any(re.fullmatch(rf"\s*{name}\s*=\s*(\"\"|'')?\s*", line) for line in lines) else None
