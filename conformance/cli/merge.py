"""`photo-conformance merge PATH …`: the shards of a run, evaluated together by what they recorded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..model import UsageProblem
from ..pytest_plugin.from_files import regenerate
from ..recording import replay
from ..recording.har_reader import Cassette
from ..reporting import report_files, verdicts_file
from ..reporting.report_files import Destination
from ..requirements import CATALOGUE
from ..runner import config
from ..runner.evaluated import Evaluated, evaluate
from ..runner.prepared import prepare
from ..runner.record import record
from . import arguments

PLACE = ("requirement", "variant", "form", "addressing", "state")
"""What a cell and its verdicts have in common."""


@dataclass(frozen=True)
class Part:
    """The reports of one shard."""

    name: str
    folder: Path
    document: dict[str, Any]
    cassette: Cassette
    number: int
    of: int


def main(argv: Sequence[str]) -> int:
    """The exit code that one run of all shards would have had; 4: a shard is missing, or a file cannot be read."""
    parser = arguments.Parser("merge", "Make one report of all shards of a run (--shard I/N); nothing is sent.")
    parser.add_argument(
        "shards",
        metavar="PATH",
        nargs="+",
        type=arguments.path,
        help="the reports of a shard: its folder, or verdicts.json in it",
    )
    parser.add_argument(
        "--reports", metavar="DIR", type=arguments.path, default=Path("reports"), help="default: reports/"
    )
    parser.add_argument(
        "--known-deviations", metavar="FILE", type=arguments.path, help="the file that the shards were given"
    )
    arguments.add_options(parser, "show_photos", "show_ids")
    return arguments.run(parser, argv, _merge)


def _merge(given: argparse.Namespace) -> int:
    parts = sorted((_read(path) for path in given.shards), key=lambda part: part.number)
    _check(parts)
    if given.reports.resolve() in {part.folder.resolve() for part in parts}:
        raise UsageProblem(f"--reports: expected another folder than those of the shards; {given.reports} is one")
    destination = Destination(given.reports, (), bool(given.show_photos), bool(given.show_ids))
    report_files.check(destination)
    run = evaluated(parts, given.known_deviations)
    document = run.document()
    document["about"]["options"] = parts[0].document["about"].get("options", {})
    clean = run.recorded.prepared.redactor.text
    code, _ = regenerate(report_files.results(document, run.har_lines(), clean), destination)
    return code


def _read(path: Path) -> Part:
    folder = path if path.is_dir() else path.parent
    document = verdicts_file.read(folder / "verdicts.json" if path.is_dir() else path)
    cassette = replay.load(folder / "exchanges.har")
    shard = replay.shard(cassette)
    if shard is None or not isinstance(document["about"].get("shard"), dict):
        raise UsageProblem(f"{path}: expected the reports of a shard, made with --shard I/N")
    return Part(str(path), folder, document, cassette, *shard)


def _check(parts: Sequence[Part]) -> None:
    """All shards of one run, each once.

    Raises:
        UsageProblem: one is missing or there twice, or they are of different runs.
    """
    first = parts[0]
    for part in parts[1:]:
        if (part.of, part.cassette.recorded.owners) != (first.of, first.cassette.recorded.owners):
            raise UsageProblem(f"{part.name}: expected a shard of the same run as {first.name}")
    numbers = [part.number for part in parts]
    if twice := next((part for part in parts if numbers.count(part.number) > 1), None):
        raise UsageProblem(f"{twice.name}: shard {twice.number} of {twice.of} is given twice")
    if missing := [str(number) for number in range(1, first.of + 1) if number not in numbers]:
        raise UsageProblem(f"expected all {first.of} shards; missing: {', '.join(missing)}")


def evaluated(parts: Sequence[Part], known_deviations: Path | None) -> Evaluated:
    """A run on all that the shards recorded, as if it had been one."""
    documents = [part.document for part in parts]
    first, whole = documents[0], documents[0]["about"]["shard"]
    named = {tuple(each[name] for name in PLACE) for document in documents for each in document["verdicts"]}
    odata = any(one.odata for one in CATALOGUE.values() if one.id in {place[0] for place in named})
    given = {
        "edition": str(whole.get("edition") or first["edition"]),
        "odata": odata,
        "fail_on": str(first["fail_on"]),
        "complete": bool(whole.get("complete")),
        "known_deviations": known_deviations,
    }
    prepared = prepare(config.settle(given), _joined([part.cassette for part in parts]))
    selection = any("selected" in document["about"] for document in documents)
    cells = [c for c in prepared.cells if not selection or tuple(getattr(c, name) for name in PLACE) in named]
    recorded = record(prepared, cells)
    return evaluate(
        replace(
            recorded,
            started=min(document["started"] for document in documents),
            finished=max(document["finished"] for document in documents),
            interrupted=any(document["interrupted"] for document in documents),
        )
    )


def _joined(cassettes: Sequence[Cassette]) -> Cassette:
    """One recording of the whole directory."""
    first = cassettes[0]
    recordings = [cassette.recorded for cassette in cassettes]
    exchanges = {key: exchange for one in recordings for key, exchange in one.exchanges.items()}
    notes = tuple(dict.fromkeys(note for one in recordings for note in one.notes))
    about = {name: value for name, value in first.about.items() if name != "shard"}
    return replace(first, recorded=replace(first.recorded, exchanges=exchanges, notes=notes), about=about)
