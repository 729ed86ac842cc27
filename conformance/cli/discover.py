"""`photo-conformance discover`: find out who lives at a target, and write a target file to standard output."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..auth.token_source import TokenSource
from ..model import UsageProblem
from ..runner import config as suite_options
from ..runner.config import OPTIONS
from ..runner.run import Run
from ..target.target_file import DEFAULT_CALLER, GRAPH_TOKEN
from ..target.target_writer import target_text

USAGE, NOT_JUDGED = 4, 6
_TAKEN = ("edition", "concurrency", "deadline", "patience", "rate", "http_header", "ca_bundle", "client_cert",
          "http_proxy", "allow_plain_http")  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.exit(USAGE, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Write the target file; the exit code: 0, 4 for wrong usage or no token, 6 where no answer said anything."""
    told = _parser().parse_args(argv)
    try:
        run = _run(told)
        heard = run.discover()
    except UsageProblem as problem:
        print(f"photo-conformance discover: {problem}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return 2
    if not heard:
        _tell([*run.notes, "no answer said anything: is the target there, and the token good?"])
        return NOT_JUDGED
    _tell(run.notes)
    text = target_text(run.target.tenant, run.base_url or "", told.token_env, run.notes)
    print(run.redactor.text(text), end="")
    return 0


def _run(told: argparse.Namespace) -> Run:
    base_url = suite_options.base_url(told.base_url, os.environ, lambda _: None)
    if base_url is None:
        raise UsageProblem("expected --base-url http(s)://…, the target to be asked")
    values = {option.name: getattr(told, option.name, None) for option in OPTIONS}
    settled = suite_options.settle(values, os.environ, lambda _: None)
    run = Run(settled | {"target": None, "recording": None}, base_url)
    if not os.environ.get(told.token_env, "").strip():
        state = "is empty" if told.token_env in os.environ else "is not set"
        raise UsageProblem(f"the token is expected in the environment variable {told.token_env}, which {state}")
    run.target = replace(run.target, sources={DEFAULT_CALLER: TokenSource("env", told.token_env)})
    return run


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


def _tell(notes: Sequence[str]) -> None:
    for note in notes:
        print(note, file=sys.stderr)
