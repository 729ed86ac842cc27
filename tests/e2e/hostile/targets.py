"""Whole targets that are hostile: a reference service of which some operations, or all, behave badly.

`python -m tests.e2e.hostile.targets` runs the suite on each of them and prints a table: verdict, seconds, peak memory.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conformance.reference.default_tenant import default_tenant
from conformance.reference.responses_sent import ServiceRequest
from conformance.reference.service import Service
from conformance.reference.target_export import target_file_text, tokens
from tests.cost import measured_pytest
from tests.e2e.hostile.server import BEHAVIOURS, serve
from tests.suite import Outcome

QUICK = ("--deadline=2", "--patience=5")
GROUPS = "/groups/"


@dataclass(frozen=True)
class Measured:
    """An outcome, and what it cost: seconds on the wall, peak memory of the suite's process in MB."""

    outcome: Outcome
    seconds: float
    megabytes: float


@contextmanager
def hostile(behaviour: str, folder: Path, only: Callable[[str], bool] = lambda path: True) -> Iterator[list[str]]:
    """A server with that behaviour on the paths that `only` picks; yields the arguments that name it as a target."""
    people = default_tenant()
    service = Service(people, base_url="http://127.0.0.1/v1.0")
    with serve(behaviour, only, lambda request: _good(service, request)) as server:
        target = folder / "target.toml"
        target.write_text(target_file_text(people, f"{server.url}/v1.0", "v1.0-2016"), encoding="utf-8")
        yield [f"--target={target}"]


def _good(service: Service, request: bytes) -> bytes:
    line, *fields = request.decode("latin-1").split("\r\n")
    method, target, _ = line.split(" ", 2)
    pairs = [field.split(":", 1) for field in fields]
    _, answer = service.respond(ServiceRequest(method, target, tuple((n.lower(), v.strip()) for n, v in pairs)))
    head = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in answer.headers)]
    head = [line for line in head if not line.lower().startswith("content-length:")]
    return "\r\n".join([*head, f"Content-Length: {len(answer.body)}", "", ""]).encode("latin-1") + answer.body


def run_suite(
    behaviour: str, folder: Path, *arguments: str, only: Callable[[str], bool] = lambda path: True
) -> Measured:
    """Run the suite on that target in a process of its own."""
    reports = folder / "reports"
    with hostile(behaviour, folder, only) as opened:
        run = measured_pytest(
            ["-q", f"--reports={reports}", *opened, *arguments], {**os.environ, **tokens(default_tenant())}, folder
        )
    return Measured(Outcome(run.code, run.said, reports), run.seconds, run.megabytes)


def main(arguments: list[str]) -> int:
    """Print the table; with `--defaults`, without the short deadline and patience."""
    settings = () if "--defaults" in arguments else QUICK
    chosen = [name for name in arguments if not name.startswith("-")] or list(BEHAVIOURS)
    print("| target | paths | exit | violated or departed | blocked | inconclusive | s | MB |")
    print("|---|---|---|---|---|---|---|---|")
    for name in chosen:
        for where, only in (("all", lambda path: True), ("groups", lambda path: GROUPS in path.lower())):
            with tempfile.TemporaryDirectory() as folder:
                measured = run_suite(name, Path(folder), *settings, only=only)
                print(_row(name, where, measured), flush=True)
    return 0


def _row(name: str, where: str, measured: Measured) -> str:
    outcome = measured.outcome
    counts = outcome.document["counts"]
    bad = ", ".join(sorted(outcome.bad))
    return (
        f"| {name} | {where} | {outcome.code} | {bad} | {counts['blocked']} | {counts['inconclusive']} "
        f"| {measured.seconds:.1f} | {measured.megabytes:.0f} |"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
