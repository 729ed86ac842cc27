"""The console command: a conformance run by default, over the same pytest plugin; else a subcommand."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from .. import __version__
from . import BROKEN, COMMANDS, INTERRUPTED, USAGE

REQUIREMENTS = Path(__file__).parents[1] / "requirements"
UNUSED = ("schemathesis", "hypothesispytest", "anyio", "cacheprovider", "sugar")
"""Plugins that load themselves, and that a run does without."""
_OPTIONS_OF = {"://": "--base-url", ".toml": "--target", ".har": "--recording"}
"""By a part of a word that is no command: the option whose value it may be."""
SELECTION = {
    "-k EXPRESSION": "only matching tests, e.g. -k 'picture and not group'",
    "-m EXPRESSION": "only tests with these markers",
    "-q, -v, -x": "quieter; each test by name; stop at the first failure",
    "--collect-only": "list the tests; nothing is sent",
}


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code. What is raised has one too: Python's own, 1, says `violated`."""
    if sys.stderr is None:  # closed; pytest and others expect a stream
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process lasts
    try:
        return _called(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - whatever it is
        with suppress(OSError):
            traceback.print_exc()
        return BROKEN


def _called(given: list[str]) -> int:
    if given[:1] == ["help"] or {"-h", "--help"} & set(given[:1]):
        return _shown(usage())
    if given[:1] in (["--version"], ["-V"]):
        return _shown(f"photo-conformance {__version__}")
    if given and given[0] in COMMANDS:
        command = importlib.import_module(f".{given[0]}", __package__)
        return int(command.main(given[1:]))
    if given and not given[0].startswith("-"):
        return _no_such_command(given[0])
    return run(given)


def _shown(text: str) -> int:
    from ..reporting.printable import printed  # late: a run need not load it twice

    with printed() as out:
        print(text)
    return BROKEN if out.problem else 0


def usage() -> str:
    """All commands and options on one screen."""
    from ..options.config import BY_NAME  # late: a subcommand need not load it

    options = {f"{one.flag} {one.metavar or ''}".strip(): one.help for one in BY_NAME.values()}
    return "\n".join([
        "Test a server against the API contract of Microsoft Graph's Get profilePhoto.",
        "",
        "usage: photo-conformance [options]             run all requirements, write reports/",
        "       photo-conformance COMMAND [arguments]   COMMAND --help says more",
        "",
        *_listed("commands", COMMANDS),
        *_listed("options, each also as PHOTO_CONFORMANCE_<NAME>", options),
        *_listed("of pytest, whose other options work too (python -m pytest --help)", SELECTION),
    ])  # fmt: skip


def _listed(title: str, entries: Mapping[str, str]) -> list[str]:
    return [f"{title}:", *(f"  {name:<27}{text}" for name, text in entries.items())]


def _no_such_command(name: str) -> int:
    near = [repr(one) for one in difflib.get_close_matches(name, COMMANDS, n=1)]
    near += [f"{option} before it" for part, option in _OPTIONS_OF.items() if part in name]
    hint = f"did you mean {near[0]}?" if near else "`help` names them all"
    print(f"photo-conformance: there is no command {name!a}; {hint}", file=sys.stderr)
    return USAGE


def run(given: list[str]) -> int:
    """A conformance run by pytest; the settings are the project's own, wherever it is called."""
    import pytest

    from ..pytest_plugin import plugin

    try:
        Path.cwd()
    except OSError:
        print("photo-conformance: expected to be called in a folder that exists; this one was deleted", file=sys.stderr)
        return USAGE
    settings = ["-c", os.devnull, "--rootdir", ".", "--import-mode=importlib", "-rN"]
    # The fixture's entry point makes pytest rewrite a package that this command has imported already.
    settings += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    for name in UNUSED:
        settings += ["-p", f"no:{name}"]
    # Before what is given: an option that lacks its value would take the path for it.
    return int(pytest.main([*settings, str(REQUIREMENTS), *given], plugins=[plugin]))
