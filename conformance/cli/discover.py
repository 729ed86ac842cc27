"""`photo-conformance discover`: find the users and groups of a target, and write a target file to standard output."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace

from ..auth.authorization import GRAPH_TOKEN, TokenSource
from ..model import Outcome, UsageProblem
from ..reporting.outcomes import OUTCOMES
from ..runner import config as suite_options
from ..runner.prepared import Prepared, prepare
from ..runner.record import discover
from ..target.target_file import DEFAULT_CALLER
from ..target.target_writer import target_text
from . import arguments

NOT_EVALUATED = OUTCOMES[Outcome.INCONCLUSIVE].exit_code
_TAKEN = ("base_url", "edition", "concurrency", "deadline", "patience", "rate", "http_header", "ca_bundle",
          "client_cert", "http_proxy", "allow_plain_http")  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """0: the target file is on stdout; 4: wrong usage or no token; 6: no response said anything."""
    parser = arguments.Parser("discover", "Find the users and groups of a target; the target file is on stdout.")
    arguments.add_options(parser, *_TAKEN)
    parser.add_argument("--token-env", metavar="NAME", type=_variable, default=GRAPH_TOKEN,
                        help="the environment variable that the token stands in (default: %(default)s)")  # fmt: skip
    return arguments.run(parser, argv, _discover)


def _discover(given: argparse.Namespace) -> int:
    prepared = _prepared(given)
    found, redactor = discover(prepared, lambda line: _say([line]))
    _say(found.notes)
    if not found.heard:
        _say(["no response said anything: is the target there, and the token good?"])
        return NOT_EVALUATED
    text = target_text(found.tenant, prepared.base_url or "", given.token_env, found.notes)
    print(redactor.text(text), end="")
    return 0


def _prepared(given: argparse.Namespace) -> Prepared:
    config = suite_options.settle({name: getattr(given, name) for name in _TAKEN}, os.environ)
    if config.base_url is None:
        raise UsageProblem("expected --base-url http(s)://…, the target to be asked")
    prepared = prepare(replace(config, target=None, recording=()))
    if not os.environ.get(given.token_env, "").strip():
        state = "is empty" if given.token_env in os.environ else "is not set"
        raise UsageProblem(f"the token is expected in the environment variable {given.token_env}, which {state}")
    source = {DEFAULT_CALLER: TokenSource("env", given.token_env)}
    return replace(prepared, target=replace(prepared.target, sources=source))


def _variable(text: str) -> str:
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", text):
        raise argparse.ArgumentTypeError("expected the name of an environment variable")  # the text may be a token
    return text


def _say(notes: Sequence[str]) -> None:
    for note in notes:
        print(note, file=sys.stderr)
