"""The cells of a verdicts document: what one pytest item, one row and one test case are drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from ..causes.evidence import Document as Document
from ..causes.evidence import VerdictData as VerdictData
from ..causes.evidence import tally as tally
from ..model import Cell, Outcome
from . import outcomes
from .outcomes import RANK

_OF_CELL = ("requirement", "level", "cites", "variant", "form", "addressing", "state")
"""What the verdicts of a cell have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult(Cell):
    """A cell with a verdict for each owner."""

    sentence: str
    level: str
    cites: str
    link: str
    chapter: str
    verdicts: tuple[VerdictData, ...]
    worst: VerdictData
    """The first verdict with the worst outcome."""

    @property
    def outcome(self) -> Outcome:
        """The worst of its verdicts' outcomes."""
        return Outcome(self.worst["outcome"])

    @property
    def cause(self) -> str:
        """The id of the cause that explains the worst of its verdicts; empty where it needs none."""
        return str(self.worst.get("cause") or "")


def cells(document: Document) -> list[CellResult]:
    """The document's cells in the order of its verdicts."""
    together: dict[tuple[Any, ...], list[VerdictData]] = {}
    for verdict in document["verdicts"]:
        key = tuple(verdict.get(name) for name in _OF_CELL)
        together.setdefault(key, []).append(verdict)
    return [
        CellResult(
            **{**about(document, key[0]), **dict(zip(_OF_CELL, key, strict=True))},
            verdicts=tuple(verdicts),
            worst=min(verdicts, key=lambda verdict: RANK[Outcome(verdict["outcome"])]),
        )
        for key, verdicts in together.items()
    ]


def about(document: Document, requirement: str) -> Mapping[str, str]:
    """What the document says of a requirement: `sentence`, `link`, `chapter`; else its id stands in."""
    unknown = {"sentence": requirement, "link": "", "chapter": requirement.partition(".")[0]}
    return cast(Mapping[str, str], document["requirements"].get(requirement, unknown))


def base_url(document: Document) -> str:
    """The target's public root; `unknown target` where a recording does not say it."""
    return document["target"]["base_url"] or "unknown target"


def shapes(document: Document) -> list[str]:
    """Keys of all path shapes of the edition."""
    return list(document["about"]["shapes"])


def selected(document: Document) -> tuple[int, int] | None:
    """How many cells were chosen, of how many; None: all of them."""
    part = document["about"].get("selected")
    return part and tuple(part)


def unfinished(document: Document) -> bool:
    """Whether the run that it is of has not ended."""
    return "unfinished" in document["about"]


def seconds(document: Document) -> float:
    """How long the run took; 0 where its moments say nothing."""
    try:
        started, finished = (datetime.fromisoformat(document[name]) for name in ("started", "finished"))
        return max((finished - started).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def stale(document: Document) -> list[str]:
    """A sentence for each known deviation that no longer occurs."""
    return list(document["about"]["stale"])


def notes(document: Document) -> list[str]:
    """What a reader should know: what was found out on the way, what was given up."""
    return list(document["notes"])


def ci_run(document: Document) -> dict[str, str]:
    """`commit` and `url` of the CI run, both empty outside of one."""
    return {"commit": "", "url": "", **document["about"]["run"]}


def counts_as(outcome: Outcome, document: Document) -> str:
    """What pytest makes of an outcome: `passed`, `failed`, `skipped`, `error` or `xfailed`."""
    return outcomes.counts_as(outcome, document.get("fail_on", "must"), complete=document.get("complete", False))


def in_order_of(shapes: Iterable[str], variants: Iterable[str]) -> list[str]:
    """The variants, each once, in the order of the edition's path shapes; others last, by name."""
    order = list(dict.fromkeys(shape.partition(".")[0] for shape in shapes))
    return sorted(set(variants), key=lambda name: (order.index(name) if name in order else len(order), name))
