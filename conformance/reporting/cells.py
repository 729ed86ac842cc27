"""The cells of a verdicts document: what one pytest item, one row and one test case are drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..causes.evidence import Document as Document
from ..causes.evidence import VerdictData as VerdictData
from ..causes.evidence import shape_of, weight
from ..model import Outcome
from . import outcomes
from .outcomes import worst
from .printable import mapping, sequence, string


@dataclass(frozen=True, slots=True)
class CellResult:
    """One requirement on one path shape in one state, with a verdict for each owner."""

    requirement: str
    sentence: str
    level: str
    cites: str
    link: str
    chapter: str
    variant: str
    form: str | None
    addressing: str | None
    state: str
    verdicts: tuple[VerdictData, ...]

    @property
    def place(self) -> str:
        """E.g. `user-contact.photo.upn.present`."""
        return ".".join(part for part in (self.variant, self.form, self.addressing, self.state) if part)

    @property
    def name(self) -> str:
        """E.g. `picture.is-a-picture[user-contact.photo.upn.present]`."""
        return f"{self.requirement}[{self.place}]"

    @property
    def outcome(self) -> Outcome:
        """The worst of its verdicts' outcomes."""
        return worst_outcome(self.verdicts)

    @property
    def worst(self) -> VerdictData:
        """The first verdict with the worst outcome."""
        outcome = self.outcome
        return next(verdict for verdict in self.verdicts if verdict["outcome"] == outcome)


def cells(document: Document) -> list[CellResult]:
    """The document's cells in the order of its verdicts."""
    together: dict[tuple[Any, ...], list[VerdictData]] = {}
    for verdict in document["verdicts"]:
        key = tuple(verdict.get(name) for name in ("requirement", "variant", "form", "addressing", "state"))
        together.setdefault(key, []).append(verdict)
    return [_cell(document, tuple(verdicts)) for verdicts in together.values()]


def _cell(document: Document, verdicts: tuple[VerdictData, ...]) -> CellResult:
    first = verdicts[0]
    described = about(document, first["requirement"])
    return CellResult(
        requirement=first["requirement"],
        sentence=described["sentence"],
        level=first["level"],
        cites=first["cites"],
        link=described["link"],
        chapter=described["chapter"],
        variant=first["variant"],
        form=first["form"],
        addressing=first["addressing"],
        state=first["state"],
        verdicts=verdicts,
    )


def about(document: Document, requirement: str) -> dict[str, str]:
    """What the document says of a requirement: `sentence`, `link`, `chapter`; its id stands in for what is not said."""
    held = mapping(mapping(document.get("requirements")).get(requirement))
    return {
        "sentence": string(held.get("sentence")) or requirement,
        "link": string(held.get("link")),
        "chapter": string(held.get("chapter")) or requirement.split(".")[0],
    }


def base_url(document: Document) -> str:
    """The target's public root; `unknown target` where a recording does not tell."""
    return string(document["target"].get("base_url")) or "unknown target"


def shapes(document: Document) -> list[str]:
    """Keys of all path shapes of the edition; where it names none, of those that the verdicts name."""
    shapes = _texts(mapping(document.get("about")).get("shapes"))
    return shapes or list(dict.fromkeys(filter(None, map(shape_of, document["verdicts"]))))


def selected(document: Document) -> tuple[int, int] | None:
    """How many cells were chosen, of how many; None: all of them."""
    held = sequence(mapping(document.get("about")).get("selected"))
    part = [each for each in held if isinstance(each, int)]
    return (part[0], part[1]) if len(part) == 2 else None


def unfinished(document: Document) -> bool:
    """Whether the run that it is of has not ended."""
    return mapping(document.get("about")).get("unfinished") is True


def suite(document: Document) -> str:
    """Name and version of the suite that made it."""
    made_by = mapping(document.get("suite"))
    return f"{string(made_by.get('name'))} {string(made_by.get('version'))}".strip() or "unknown"


def options(document: Document) -> dict[str, str]:
    """The options to repeat the run with."""
    held = mapping(mapping(document.get("about")).get("options"))
    return {name: value for name, value in held.items() if isinstance(value, str)}


def clause(document: Document, number: str) -> str:
    """What a clause says; empty where the document does not hold it."""
    return string(mapping(document.get("clauses")).get(number))


def stale(document: Document) -> list[str]:
    """A sentence for each known deviation that is none any more."""
    return _texts(mapping(document.get("about")).get("stale"))


def notes(document: Document) -> list[str]:
    """What a reader should know: what was found out on the way, what was given up."""
    return _texts(document.get("notes"))


def ci_run(document: Document) -> dict[str, str]:
    """`commit` and `url` of the CI run, both empty outside of one."""
    held = mapping(mapping(document.get("about")).get("run"))
    return {"commit": string(held.get("commit")), "url": string(held.get("url"))}


def _texts(value: Any) -> list[str]:
    return [each for each in sequence(value) if isinstance(each, str)]


def worst_outcome(verdicts: Iterable[VerdictData]) -> Outcome:
    """The outcome that stands for all of them."""
    return worst(Outcome(verdict["outcome"]) for verdict in verdicts)


def counts_as(outcome: Outcome, document: Document) -> str:
    """What pytest makes of an outcome: `passed`, `failed`, `skipped`, `error` or `xfailed`."""
    return outcomes.counts_as(outcome, document.get("fail_on", "must"), complete=document.get("complete", False))


def tally(verdicts: Iterable[VerdictData]) -> Counter[str]:
    """How many verdicts ended in each outcome, those that are only counted too."""
    found: Counter[str] = Counter()
    for verdict in verdicts:
        found[verdict["outcome"]] += weight(verdict)
    return found


def in_order_of(shapes: Iterable[str], variants: Iterable[str]) -> list[str]:
    """The variants, each once, in the order of the edition's path shapes; others last, by name."""
    order = list(dict.fromkeys(shape.partition(".")[0] for shape in shapes))
    return sorted(set(variants), key=lambda name: (order.index(name) if name in order else len(order), name))
