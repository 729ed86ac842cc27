"""The suite as a Python call: test a target against the contract from a program or a test of your own.

    from photo_conformance import check

    report = check("http://127.0.0.1:8080/v1.0", target="target.toml", tokens={"ADELE_TOKEN": token})
    report.raise_for_violations()

Nothing of pytest runs, but to write report.html. In a clone of the repository the package is called `conformance`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from threading import Lock
from typing import Any

from .auth.authorization import GRAPH_TOKEN
from .options.config import BY_NAME, settle
from .reporting import report_files
from .reporting.conclusion import concluded
from .reporting.report_files import Destination, Results
from .reporting.run import Run
from .reporting.templates import rendered
from .runner.evaluated import evaluate, unfinished
from .runner.prepared import prepare
from .runner.record import record


class NotConforming(AssertionError):
    """The report is not ok; the message says each cause once, as the terminal does."""


@dataclass(frozen=True)
class Report:
    """The result of a run."""

    document: Mapping[str, Any]
    """What `verdicts.json` holds; its schema is `schemas/verdicts.schema.json`."""

    @property
    def ok(self) -> bool:
        """Whether a run on the command line would have exited with 0."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """What a run on the command line would have exited with: 1 violates, 5 nothing exercised, 6 inconclusive …"""
        return concluded(Run(self.document)).exit_code

    @property
    def violations(self) -> tuple[Mapping[str, Any], ...]:
        """The verdicts that violate; with `fail_on="should"` those that depart too."""
        bad = ("violates", "departs") if self.document["fail_on"] == "should" else ("violates",)
        return tuple(verdict for verdict in self.document["verdicts"] if verdict["outcome"] in bad)

    def raise_for_violations(self) -> None:
        """Nothing where the report is ok.

        Raises:
            NotConforming: something violates, or the target could not be evaluated.
        """
        if not self.ok:
            raise NotConforming(str(self))

    def __str__(self) -> str:
        return rendered("terminal.txt", run=Run(self.document)).removesuffix("\n")


def check(
    base_url: str | None = None,
    *,
    target: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    tokens: str | Mapping[str, str] | None = None,
    only: str = "*",
    reports: str | os.PathLike[str] | None = None,
    **options: Any,
) -> Report:
    """Send requests to a target and evaluate its responses.

    Args:
        base_url: its address, version segment included; left out: the target file's, else our own reference server.
        target: the test users, groups and contacts: a target file, or the same as data; left out: found out by asking.
        tokens: tokens by the variable that the target file names for each, beside the environment's; or one token.
        only: a glob over names of tests, e.g. `placeholder.*` or `*[user-contact.*`; nothing else is asked.
        reports: a folder to write the report files into; left out: none are written.
        options: those of the command line by name, e.g. `edition="observed"`, `fail_on="should"`, `concurrency=8`.
            The environment's `PHOTO_CONFORMANCE_…` are not looked at.

    Raises:
        UsageProblem: a ValueError; a value cannot be used, and nothing was sent.
        TypeError: there is no such option.
    """
    known = sorted({*BY_NAME} - {"dry_run"})  # which has no report
    if odd := sorted({*options}.difference(known)):
        raise TypeError(f"check() has no option {odd[0]!r}; there are {', '.join(known)}")
    given = {name: _text(value) for name, value in options.items() if value is not None}
    given |= {"base_url": base_url, "target": target if isinstance(target, Mapping | None) else str(target)}
    given |= {} if reports is None else {"reports": str(reports)}
    prepared = prepare(settle(given))
    cells = [cell for cell in prepared.cells if fnmatchcase(cell.name, only.replace("[", "[[]"))]
    environ = {GRAPH_TOKEN: tokens} if isinstance(tokens, str) else dict(tokens or {})

    def begin() -> None:
        if reports is not None:
            report_files.begin(prepared.destination, unfinished(prepared))

    if reports is not None:
        report_files.check(prepared.destination)
    say = partial(print, file=sys.stderr)  # the code of a sign-in
    recorded = record(prepared, cells, say=say, begin=begin, environ={**os.environ, **environ})
    if recorded.interrupted:
        raise KeyboardInterrupt
    found = evaluate(recorded).results()
    if reports is not None:
        _write(found, prepared.destination)
    return Report(found.run.document)


_writing = Lock()  # of stdout there is one for all threads


def _write(found: Results, destination: Destination) -> None:
    from .pytest_plugin.session_reports import regenerate  # late: without report files nothing of pytest is needed

    with _writing, redirect_stdout(io.StringIO()):
        _, problems = regenerate(found, destination)
    if problems:
        raise OSError("; ".join(problems))


def _text(value: Any) -> Any:
    """An option's value as it stands on the command line."""
    if isinstance(value, str | os.PathLike) or not isinstance(value, Iterable):
        return str(value)
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        return "/".join(map(str, value))  # a shard
    return [str(part) for part in value]
