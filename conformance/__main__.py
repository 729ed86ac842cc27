"""The console command: a conformance run by default, over the same pytest plugin; else a subcommand."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from pathlib import Path

from .cli import COMMANDS

HERE = Path(__file__).parent

USAGE = """usage: photo-conformance [options]           hold a target to the contract (options: --help)
       photo-conformance COMMAND [arguments]

commands:
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["help"]:
        print(USAGE + "\n".join(f"  {name:<12}{what}" for name, what in COMMANDS.items()))
        return 0
    if arguments and arguments[0] in COMMANDS:
        command = importlib.import_module(f".cli.{arguments[0]}", __package__)
        return int(command.main(arguments[1:]))
    if arguments and not arguments[0].startswith("-"):
        return _no_such_command(arguments[0])
    return run(arguments)


def _no_such_command(name: str) -> int:
    from .cli.arguments import USAGE as CODE  # late: a run does not need what commands share

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`help` names them all"
    print(f"photo-conformance: there is no command {name!a}; {hint}", file=sys.stderr)
    return CODE


def run(arguments: list[str]) -> int:
    """A conformance run by pytest; the settings are the project's own, wherever it is called."""
    import pytest

    from .pytest_plugin import plugin

    settings = ["-c", os.devnull, "--rootdir", str(Path.cwd()), "--import-mode=importlib", "-rN", "-W", "error"]
    for name in ("schemathesis", "hypothesispytest", "anyio", "cacheprovider"):
        settings += ["-p", f"no:{name}"]
    return int(pytest.main([*settings, *arguments, str(HERE / "requirements")], plugins=[plugin]))


if __name__ == "__main__":
    sys.exit(main())
