"""`photo-conformance discover`: find the users and groups of a target, and write a target file to standard output."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace

import tomli_w

from ..auth.authorization import GRAPH_TOKEN, TokenSource, missing_variable
from ..model import Outcome, Owner, State, UsageProblem
from ..reporting.outcomes import OUTCOMES
from ..runner.prepared import Prepared, prepare
from ..runner.record import discover
from ..target.target_file import DEFAULT_CALLER
from ..target.tenant import Tenant
from . import arguments

NOT_EVALUATED = OUTCOMES[Outcome.INCONCLUSIVE].exit_code
_TAKEN = ("base_url", "edition", "concurrency", "deadline", "patience", "rate", "http_header", "ca_bundle",
          "client_cert", "http_proxy", "allow_plain_http")  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """0: the target file is on stdout; 4: wrong usage or no token; 6: no response said anything."""
    parser = arguments.Parser("discover", "Find the users and groups of a target; the target file is on stdout.")
    arguments.add_options(parser, *_TAKEN)
    parser.add_argument("--token-env", metavar="NAME", type=_variable, default=GRAPH_TOKEN,
                        help="the environment variable that holds the token (default: %(default)s)")  # fmt: skip
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
    config = arguments.settled(given, *_TAKEN)
    if config.base_url is None:
        raise UsageProblem("expected --base-url http(s)://…, the target to be asked")
    prepared = prepare(config)
    if missing := missing_variable(given.token_env, os.environ):
        raise UsageProblem(f"the token is expected in {missing}")
    source = {DEFAULT_CALLER: TokenSource("env", given.token_env)}
    return replace(prepared, target=replace(prepared.target, sources=source))


def _variable(text: str) -> str:
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", text):
        raise argparse.ArgumentTypeError("expected the name of an environment variable")  # the text may be a token
    return text


def _say(notes: Sequence[str]) -> None:
    for note in notes:
        print(note, file=sys.stderr)


_TO_FILL_IN = """
# Users and groups that the target does not list can be named here:
# [[user]]
# id = ""
# upn = ""
# photo = true
#
# [[group]]
# id = ""
# photo = false
"""


def target_text(tenant: Tenant, base_url: str, variable: str, notes: tuple[str, ...] = ()) -> str:
    """TOML of the owners, valid by the schema of target files, notes as comments. `variable` holds the token.

    Where only the signed-in user is known, tables to fill in follow as comments.
    """
    owners = [owner for owner in tenant.owners if owner.size is None]
    tables = []
    for user in owners:
        if user.kind == "user" and (user.user_id or user.user_upn or user.caller):
            tables.append(_table("[[user]]", user, id=user.user_id, upn=user.user_upn))
            tables += [f"[user.token]\n{tomli_w.dumps({'env': variable})}"] if user.caller else []
            tables += [
                _table("[[user.contacts]]", one, id=one.contact_id, folder=one.folder_id, parent=one.parent_id)
                for one in owners
                if one.kind == "contact" and one.label.startswith(f"{user.label}.")
            ]
    for owner in owners:
        if owner.kind == "group":
            tables.append(_table("[[group]]", owner, id=owner.group_id, team=owner.team or None))
    alone = sum(table.startswith(("[[user]]", "[[group]]")) for table in tables) <= 1
    head = "".join(f"# {' '.join(note.split())}\n" for note in notes) + tomli_w.dumps({"base_url": base_url})
    return "\n".join([head, *tables]) + (_TO_FILL_IN if alone else "")


def _table(header: str, owner: Owner, **keys: str | bool | None) -> str:
    """What is known of an owner; nothing of a photo where it could not be found out."""
    photo = None if owner.state is None else owner.state is State.PRESENT
    values = {name: value for name, value in {**keys, "photo": photo}.items() if value is not None}
    return f"{header}\n{tomli_w.dumps(values)}"
