"""`python -m tests.proof.faults.detection` writes `docs/detection.md`: faults by family, what schemathesis found."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from conformance.faults import FAULTS, Fault
from tests.proof.faults.schemathesis_rate import RESULTS

PAGE = Path(__file__).parents[3] / "docs" / "detection.md"

HEAD = """\
# What is found

The proof of the suite:
{count} deviations of a target, each named after what it breaks, each applied by itself to a recording of the \
reference server that conforms wholly.
A fault is *found* if any requirement names it, and its *diagnosis is exact* if exactly those requirements name it \
that its author wrote down before it was first run.
When all were run for the first time, 995 of 1000 were exact; the other five showed two mistakes in \
requirements and three in the faults themselves, which were fixed.
Now all are found, and the diagnosis of all is exact: `tests/proof/faults/test_matrix.py` checks every fault against \
every requirement, and fails otherwise.
The faults are written by the authors of the requirements: that all are found shows no false negatives and no \
false positives among them, and not that there is no other fault.

`python -m conformance.reference --list-faults` lists them, a sentence each, \
but for those of a connection, which only a recording can show.

This page is written by `python -m tests.proof.faults.detection`; a test fails where it is not up to date.

## By family

The last column is schemathesis {version}, for comparison.
It was given the contract's OpenAPI description with the schemas of metadata and errors, the tenant's ids \
as values of the path parameters, a good token, every phase, every check and {examples} examples an operation, \
over HTTP against the reference server with one fault at a time.
It found a fault where it reported anything that it does not report of the server without one.
{measured} of the {servable} faults that a server can have were measured, no more, since each takes many seconds;
`tests/proof/faults/schemathesis_rate.py` lets the families take turns, evenly over each, until its time is over.
The share of all is of that sample, in which a small family counts as much as a large one.
A general tool knows no relation between responses, and decodes no picture.

| family | faults | schemathesis found |
|---|---:|---:|
"""


@cache
def results() -> dict[str, Any]:
    """What `schemathesis_rate` measured."""
    measured: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return measured


def page() -> str:
    """The whole page."""
    measured = {name: codes for name, codes in results()["reported"].items() if name in FAULTS}
    head = HEAD.format(
        count=len(FAULTS),
        version=results()["schemathesis"],
        examples=results()["examples"],
        measured=len(measured),
        servable=sum(fault.fresh is not None for fault in FAULTS.values()),
    )
    return head + "".join(_families(measured))


def _families(measured: dict[str, str]) -> Iterator[str]:
    families: dict[str, list[Fault]] = defaultdict(list)
    for fault in FAULTS.values():
        families[fault.family].append(fault)
    for family, members in families.items():
        yield _row(family, members, measured)
    yield _row("**all**", list(FAULTS.values()), measured)


def _row(title: str, members: list[Fault], measured: dict[str, str]) -> str:
    theirs = [bool(measured[fault.name]) for fault in members if fault.name in measured]
    share = f"{sum(theirs)} of {len(theirs)} ({100 * sum(theirs) / len(theirs):.0f} %)" if theirs else "not measured"
    return f"| {title} | {len(members)} | {share} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
