"""One cause told once: what is wrong in the same way in many places, with the list of those places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..model import Outcome
from . import curl
from .cells import Document, VerdictData, about, in_page_order, shape_of, weight
from .exchanges import Exchanges, asked_as
from .outcomes import RANK

TOLD = (Outcome.BROKEN, Outcome.VIOLATES, Outcome.INCONCLUSIVE, Outcome.DEPARTS)
"""Outcomes that a reader has to act on."""

_VOLATILE = (
    (re.compile(r", asked https?://.*", re.DOTALL), ", asked ‹request›"),
    (re.compile(r"https?://[^\s\"'<>()]*(\('[^']*'\)[^\s\"'<>()]*)*"), "‹url›"),
    (re.compile(r"\('[^']*'\)"), "('‹id›')"),
    (re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE), "‹guid›"),
    (re.compile(r"(?<![^\s\"'(/])[^\s\"'(/]+@[\w-]+(?:\.[\w-]+)+"), "‹upn›"),
    (re.compile(r"(?<![\w+/=-])(?=[A-Za-z_+/=-]*\d)[\w+/=-]{16,}"), "‹token›"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Example:
    """A finding of the first verdict that a cause hit."""

    at: str
    wanted: str
    got: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong, once; and everywhere it shows."""

    requirement: str
    sentence: str
    level: str
    cites: tuple[str, ...]
    link: str
    chapter: str
    outcome: Outcome
    findings: tuple[Example, ...]
    reason: str
    cases: tuple[str, ...]
    shapes: tuple[str, ...]
    """Path shapes that it hits, in page order; a relation of both forms stands under its variant."""
    exchange: str | None
    """Id of the exchange that shows it."""
    curl: str
    asked_as: str
    """By whom that exchange was asked, e.g. `as user-2`: whose token the curl line wants."""
    blocked: tuple[tuple[str, int], ...]
    """Requirements that could not be judged for it, with the number of their verdicts."""
    more: int = 0
    """How many more requirements it keeps open, where the answers are missing."""
    count: int = 0
    """How many verdicts it hits: those of `cases`, and those alike that are only counted."""


def causes(document: Document, exchanges: Exchanges | None = None, outcomes: Sequence[Outcome] = TOLD) -> list[Cause]:
    """The document's causes, gravest and farthest-reaching first."""
    groups: dict[tuple[object, ...], list[VerdictData]] = {}
    for verdict in document["verdicts"]:
        if verdict["outcome"] in outcomes:
            groups.setdefault(_key(verdict), []).append(verdict)
    blocked = _blocked(document)
    found = [_cause(document, group, exchanges or {}, blocked) for group in groups.values()]
    return sorted(found, key=lambda cause: (RANK[cause.outcome], -cause.count))


def _key(verdict: VerdictData) -> tuple[object, ...]:
    findings = {
        (finding["at"], *(generalised(finding[side], finding["at"]) for side in ("wanted", "got")))
        for finding in verdict["findings"]
    }
    reason = generalised(verdict["reason"] or "", "")
    if verdict["outcome"] == Outcome.INCONCLUSIVE:  # nobody is there, or throttled: whatever was asked
        return verdict["outcome"], reason
    return verdict["outcome"], verdict["requirement"], frozenset(findings), reason


def generalised(text: str, at: str) -> str:
    """The text without what differs from owner to owner: addresses, ids, tokens and numbers (but a status)."""
    text = text[:400]
    for pattern, stand_in in _VOLATILE:
        text = pattern.sub(stand_in, text)
    return text if "status" in at.lower() else _NUMBER.sub("#", text)


def _blocked(document: Document) -> dict[tuple[str, str], Counter[str]]:
    """What is blocked, by (requirement, variant) that blocks it."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for verdict in document["verdicts"]:
        if verdict["outcome"] == Outcome.BLOCKED and verdict["blocked_by"]:
            by = found.setdefault((verdict["blocked_by"], verdict["variant"]), Counter())
            by[verdict["requirement"]] += weight(verdict)
    return found


def _cause(
    document: Document,
    group: list[VerdictData],
    exchanges: Exchanges,
    blocked: dict[tuple[str, str], Counter[str]],
) -> Cause:
    example = group[0]
    variants = in_page_order(verdict["variant"] for verdict in group)
    hindered = sum((blocked.get((example["requirement"], variant), Counter()) for variant in variants), Counter[str]())
    exchange = next((each for verdict in group for each in verdict["exchanges"] if each in exchanges), None)
    told = about(document, example["requirement"])
    open_question = example["outcome"] == Outcome.INCONCLUSIVE  # the reason is the cause, and no requirement's own
    return Cause(
        requirement=example["requirement"],
        sentence=(open_question and example["reason"]) or told["sentence"],
        level=example["level"],
        cites=tuple(dict.fromkeys(verdict["cites"] for verdict in (group[:1] if open_question else group))),
        link=told["link"],
        chapter=told["chapter"],
        outcome=Outcome(example["outcome"]),
        findings=tuple(Example(each["at"], each["wanted"], each["got"]) for each in example["findings"][:5]),
        reason="" if open_question else example["reason"] or "",
        cases=tuple(verdict["case"] for verdict in group),
        shapes=tuple(dict.fromkeys(shape_of(verdict) or verdict["variant"] for verdict in group)),
        exchange=exchange,
        curl=curl.line(exchanges[exchange]) if exchange else "",
        asked_as=asked_as(exchanges[exchange]) if exchange else "",
        blocked=tuple(sorted(hindered.items())),
        more=len({verdict["requirement"] for verdict in group}) - 1,
        count=sum(map(weight, group)),
    )


def places(shapes: Iterable[str], everything: Sequence[str] = ()) -> str:
    """Path shapes in few words, e.g. `metadata of me, user (id, upn); photo of group`."""
    asked = list(dict.fromkeys(shapes))
    if everything and set(asked) >= set(everything):
        return f"all {len(everything)} path shapes"
    by_form: dict[str, dict[str, list[str]]] = {}
    for shape in asked:
        variant, form, addressing = [*shape.split("."), "", ""][:3]
        by_form.setdefault(form, {}).setdefault(variant, []).extend([addressing] if addressing else [])
    told = []
    for form, variants in by_form.items():
        names = [
            f"{name} ({', '.join(variants[name])})" if len(variants[name]) == 1 else name
            for name in in_page_order(variants)
        ]
        told.append((f"{form} of " if form else "") + ", ".join(names))
    return "; ".join(told)
