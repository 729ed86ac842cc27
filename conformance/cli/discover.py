"""`photo-conformance discover`: find the users and groups of a target, and write a target file to standard output."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..auth.token_source import GRAPH_TOKEN, TokenSource
from ..model import UsageProblem
from ..runner import config as suite_options
from ..runner.config import BY_NAME, OPTIONS
from ..runner.prepared import Prepared, prepare
from ..runner.record import discover
from ..target.target_file import DEFAULT_CALLER
from ..target.target_writer import target_text

USAGE, NOT_JUDGED = 4, 6
_TAKEN = ("edition", "concurrency", "deadline", "patience", "rate", "http_header", "ca_bundle", "client_cert",
          "http_proxy", "allow_plain_http")  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.exit(USAGE, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Write the target file; the exit code: 0, 4 for wrong usage or no token, 6 where no response said anything."""
    arguments = _parser().parse_args(argv)
    try:
        prepared = _prepared(arguments)
        found, redactor = discover(prepared, lambda line: print(line, file=sys.stderr))
    except UsageProblem as problem:
        print(f"photo-conformance discover: {problem}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return 2
    if not found.heard:
        _say([*found.notes, "no response said anything: is the target there, and the token good?"])
        return NOT_JUDGED
    _say(found.notes)
    text = target_text(found.tenant, prepared.base_url or "", arguments.token_env, found.notes)
    print(redactor.text(text), end="")
    return 0


def _prepared(arguments: argparse.Namespace) -> Prepared:
    given = {option.name: getattr(arguments, option.name, None) for option in BY_NAME.values()}
    config = suite_options.settle(given, os.environ)
    if config.base_url is None:
        raise UsageProblem("expected --base-url http(s)://…, the target to be asked")
    prepared = prepare(replace(config, target=None, recording=()))
    if not os.environ.get(arguments.token_env, "").strip():
        state = "is empty" if arguments.token_env in os.environ else "is not set"
        raise UsageProblem(f"the token is expected in the environment variable {arguments.token_env}, which {state}")
    source = {DEFAULT_CALLER: TokenSource("env", arguments.token_env)}
    return replace(prepared, target=replace(prepared.target, sources=source))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="photo-conformance discover", description=__doc__, allow_abbrev=False)
    parser.add_argument("--base-url", metavar="URL",
                        help="the target, version segment included")  # fmt: skip
    parser.add_argument("--token-env", metavar="NAME", type=_variable, default=GRAPH_TOKEN,
                        help="the environment variable that the token stands in (default: %(default)s)")  # fmt: skip
    for option in OPTIONS:
        if option.name not in _TAKEN:
            continue
        if option.metavar is None:
            parser.add_argument(option.flag, action="store_const", const="true", help=option.help)
        else:
            action = "append" if option.many else "store"
            parser.add_argument(option.flag, metavar=option.metavar, action=action, help=option.help)
    return parser


def _variable(text: str) -> str:
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", text):
        raise argparse.ArgumentTypeError("expected the name of an environment variable")  # the text may be a token
    return text


def _say(notes: Sequence[str]) -> None:
    for note in notes:
        print(note, file=sys.stderr)
