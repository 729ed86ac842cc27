"""`python -m conformance.reference`: serve the reference server's test data, or write it as files."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

from ..spec import EDITIONS
from .app import Fault
from .default_tenant import default_tenant, single_user
from .serving import CannotServe, Settings, serve

USAGE_ERROR = 4
_NAME = f"python -m {__package__}"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code: 0, or 4 with one line that says what was wrong with what was asked."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.single_user and not options.export:
        parser.error("--single-user: expected with --export DIR, whose files are of one user then")
    try:
        if options.list_faults:
            return _list_faults()
        if options.export:
            return _export(options)
        settings = Settings(**{field.name: getattr(options, field.name) for field in fields(Settings)})
        serve(settings, _faults(settings.faults), lambda text: print(text, flush=True))
    except CannotServe as error:
        print(f"{_NAME}: {error}", file=sys.stderr)
        return USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=_NAME, description="A server that obeys the contract Get profilePhoto, on loopback.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_count, default=8080, help="port; 0 picks a free one (default: %(default)s)")
    parser.add_argument("--edition", choices=EDITIONS, default=EDITIONS[0], help="default: %(default)s")
    parser.add_argument(
        "--fault", action="append", default=[], dest="faults", metavar="NAME", help="deviate; repeatable"
    )
    parser.add_argument("--list-faults", action="store_true", help="print the faults there are, and end")
    parser.add_argument("--log", type=Path, metavar="FILE", help="write a line a request: METHOD target status")
    parser.add_argument("--users", type=_count, default=0, metavar="N", help="add N made-up users")
    parser.add_argument("--write-target", type=Path, metavar="FILE", help="write the target file when ready")
    parser.add_argument("--write-env", type=Path, metavar="FILE", help="write the tokens, NAME=value, when ready")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when standard input closes")
    parser.add_argument("--export", type=Path, metavar="DIR", help="write the test data as files, and end")
    parser.add_argument("--single-user", action="store_true", help="with --export: one user, for a mock without scopes")
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise argparse.ArgumentTypeError(f"a whole number from 0 on is expected, not {text!r}")
    return int(text)


def _catalogue() -> Any:
    """The room of faults, looked up by name and late: the server itself needs none of it."""
    return import_module("..faults", __package__)


def _faults(names: Sequence[str]) -> list[Fault]:
    if not names:
        return []
    catalogue = _catalogue()
    known = catalogue.names()
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "--list-faults names them all"
            raise CannotServe(f"there is no fault {name!r}; {hint}")
    return [catalogue.find(name) for name in names]


def _list_faults() -> int:
    catalogue = _catalogue()
    try:
        for name in catalogue.names():
            print(f"{name:40} {catalogue.describe(name)}".rstrip())
        sys.stdout.flush()
    except BrokenPipeError:  # a reader such as `head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _export(options: argparse.Namespace) -> int:
    from .target_export import export

    tenant = default_tenant(options.users, options.edition)
    tenant = single_user(tenant) if options.single_user else tenant
    base_url = f"http://{options.host}:{options.port}/v1.0"
    try:
        paths = export(tenant, options.edition, base_url, options.export)
    except OSError as error:
        raise CannotServe(f"cannot write {error.filename or options.export}: {error.strerror}") from None
    print(f"{options.export}: {len(tenant.users)} users, {len(tenant.groups)} groups, {paths} paths in index.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
