"""What all subcommands share: a parser whose errors are one line and exit code 4, and how a command ends."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ..model import UsageProblem
from ..options import config
from ..options.config import BY_NAME, Config
from ..reporting.printable import printed, visible
from . import BROKEN, USAGE


class Parser(argparse.ArgumentParser):
    """The parser of one subcommand, `photo-conformance NAME`."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(prog=f"photo-conformance {name}", description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """One line on stderr; what was given to an option that does not exist may be a secret, and is not shown."""
        what, sign, words = message.partition("unrecognized arguments: ")
        if sign:
            names = [word.partition("=")[0] if word[0] == "-" else "…" for word in words.split()]
            message = what + sign + " ".join(names)
        self.exit(USAGE, f"{self.prog}: {visible(message)} (--help says more)\n")

    def add_path(self, name: str, metavar: str, meaning: str, nargs: str | None = None) -> None:
        """An argument that names a file or a folder."""
        self.add_argument(name, metavar=metavar, type=_path, nargs=nargs, help=meaning)


def _path(text: str) -> Path:
    """The type of an argument that names a file or a folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; leave it out or give a path")
    try:
        return config.path(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected {error}") from None


def add_options(parser: Parser, *names: str) -> None:
    """Options of a run that the command takes too."""
    for option in map(BY_NAME.__getitem__, names):
        parser.add_argument(option.flag, **option.argument)


def settled(given: argparse.Namespace, *names: str, **more: Any) -> Config:
    """These options from the command line, else the environment; the variables of all others are not looked at."""
    others = {option.variable for name, option in BY_NAME.items() if name not in names}
    environ = {variable: value for variable, value in os.environ.items() if variable not in others}
    return config.settle({name: getattr(given, name) for name in names} | more, environ)


def run(parser: Parser, argv: Sequence[str], command: Callable[[argparse.Namespace], int]) -> int:
    """Call the command with its arguments; returns its exit code, or USAGE where a file cannot be used."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    with printed() as out:
        try:
            code = command(parser.parse_args(argv))
        except SystemExit as ended:
            code = int(ended.code or 0)
        except UsageProblem as problem:
            code = USAGE
            print(f"{parser.prog}: {visible(problem)}", file=sys.stderr)
        except OSError as error:
            code = USAGE
            said = f"{error.filename or 'a file'}: {error.strerror or error}"
            print(f"{parser.prog}: {visible(said)}", file=sys.stderr)
    return BROKEN if out.problem else code
