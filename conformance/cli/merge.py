"""`photo-conformance merge PATH …`: the shards of a run, evaluated together by what they recorded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..model import UsageProblem
from ..pytest_plugin.session_reports import regenerate
from ..recording import har_reader, replay
from ..recording.har_reader import Cassette
from ..reporting import report_files, verdicts_file
from ..runner.evaluated import Evaluated, evaluate
from ..runner.prepared import Prepared, prepare
from ..runner.record import record
from . import arguments

_TAKEN = ("reports", "known_deviations", "show_photos", "show_ids")


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
    parser.add_path("shards", "PATH", "the reports of a shard: its folder, or verdicts.json in it", "+")
    arguments.add_options(parser, *_TAKEN)
    return arguments.run(parser, argv, _merge)


def _merge(given: argparse.Namespace) -> int:
    parts = sorted((_read(path) for path in given.shards), key=lambda part: part.number)
    _check(parts)
    prepared = _prepared(given, parts)
    folder = prepared.config.reports
    if folder.resolve() in {part.folder.resolve() for part in parts}:
        raise UsageProblem(f"--reports: expected another folder than those of the shards; {folder} is one")
    report_files.check(prepared.destination)
    run = evaluated(prepared, parts)
    results = run.results(options=parts[0].document["about"]["options"])
    return regenerate(results, prepared.destination)[0]


def _read(path: Path) -> Part:
    folder = path if path.is_dir() else path.parent
    document = verdicts_file.read(path)
    cassette = har_reader.load(folder / "exchanges.har")
    shard = replay.shard(cassette)
    if shard is None or "shard" not in document["about"]:
        raise UsageProblem(f"{path}: expected the reports of a finished shard, made with --shard I/N")
    return Part(str(path), folder, document, cassette, *shard)


def _check(parts: Sequence[Part]) -> None:
    """All shards of one run, each once.

    Raises:
        UsageProblem: one is missing or there twice, or they are of different runs.
    """
    first = parts[0]
    for part in parts[1:]:
        if _of_run(part) != _of_run(first):
            how = "same target, edition, options and photo states found"
            raise UsageProblem(f"{part.name}: expected a shard of the same run as {first.name}, with the {how}")
    numbers = [part.number for part in parts]
    if twice := next((part for part in parts if numbers.count(part.number) > 1), None):
        raise UsageProblem(f"{twice.name}: shard {twice.number} of {twice.of} is given twice")
    if missing := [str(number) for number in range(1, first.of + 1) if number not in numbers]:
        raise UsageProblem(f"expected all {first.of} shards; missing: {', '.join(missing)}")


def _of_run(part: Part) -> tuple[object, ...]:
    """What all shards of one run have in common."""
    document, about = part.document, part.document["about"]
    whole = {**about["shard"], "number": None}
    asked = (document["target"]["base_url"], document["fail_on"], about.get("selected"), "odata" in about["options"])
    return (whole, part.cassette.tenant.owners, *asked)


def _prepared(given: argparse.Namespace, parts: Sequence[Part]) -> Prepared:
    """The run that the shards are parts of, with all that they recorded."""
    first = parts[0].document
    whole = first["about"]["shard"]
    odata = "odata" in first["about"]["options"]
    asked = {"edition": whole["edition"], "odata": odata, "fail_on": first["fail_on"], "complete": whole["complete"]}
    return prepare(arguments.settled(given, *_TAKEN, **asked), _joined([part.cassette for part in parts]))


def evaluated(prepared: Prepared, parts: Sequence[Part]) -> Evaluated:
    """A run on all that the shards recorded, as if it had been one."""
    documents = [part.document for part in parts]
    cells = prepared.cells
    if any("selected" in document["about"] for document in documents):
        verdicts = (verdict for document in documents for verdict in document["verdicts"])
        named = {f"{verdict['requirement']}[{verdict['case'].partition('/')[0]}]" for verdict in verdicts}
        cells = [cell for cell in cells if cell.name in named]
    return evaluate(
        replace(
            record(prepared, cells),
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
