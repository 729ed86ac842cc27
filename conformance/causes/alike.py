"""Which verdicts are alike: of one requirement with one kind of finding, or about properties that are wrong alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..model import Outcome
from .evidence import VerdictData

_OF_VALUES = re.compile(r"[\d@/\"'()\[\]]")
"""Characters of words that differ from owner to owner and from run to run: numbers, addresses, ids, quotes."""
_PAIR = re.compile(r"^(?:picture|metadata)\.(?=answers-200$)")
_PROPERTY = re.compile(r"\$\['([^']+)'\]")

Group = Sequence[VerdictData]


def groups(verdicts: Iterable[VerdictData]) -> list[Group]:
    """The verdicts that one thing is behind, together."""
    found: dict[tuple[object, ...], list[VerdictData]] = {}
    for verdict in verdicts:
        found.setdefault(key(verdict), []).append(verdict)
    return _joined(_joined(found.values(), _same_property), _siblings)


def key(verdict: VerdictData) -> tuple[object, ...]:
    """Requirement and kind of finding: statuses differ in kind, values and properties do not.

    Of what is inconclusive the reason alone, whatever was asked.
    """
    reason = kind_of_text(verdict["reason"] or "")
    if verdict["outcome"] == Outcome.INCONCLUSIVE:
        return verdict["outcome"], reason
    statuses = {each["got"][:3] for each in verdict["findings"] if each["at"].startswith("status")}
    return verdict["outcome"], _PAIR.sub("", verdict["requirement"]), tuple(sorted(statuses)), reason


def kind_of_text(text: str) -> str:
    """The text without values."""
    return " ".join("#" if _OF_VALUES.search(word) else word for word in text[:400].split())


def _joined(groups: Iterable[Group], marks: Callable[[Group], set[Any]]) -> list[Group]:
    """The groups, those with a mark in common as one."""
    found: list[tuple[set[Any], Group]] = []
    for group in groups:
        own = marks(group)
        others = [each for each in found if not own.isdisjoint(each[0])]
        together = (own.union(*(each[0] for each in others)), [*(one for each in others for one in each[1]), *group])
        place = found.index(others[0]) if others else len(found)
        found = [each for each in found if each not in others]
        found.insert(place, together)
    return [group for _, group in found]


def _same_property(group: Group) -> set[tuple[str, str, str]]:
    """Outcome, property and kind of value: `width` as a string is one thing, with a photo and without."""
    return {
        (verdict["outcome"], finding["at"], _kind(finding["got"]))
        for verdict in group
        for finding in verdict["findings"]
        if _PROPERTY.fullmatch(finding["at"])
    }


def _siblings(group: Group) -> set[tuple[str, str, frozenset[str]]]:
    """Outcome, kind of value and responses: `width` and `height` as strings, in the same responses, are one thing."""
    responses = frozenset(each for verdict in group for each in verdict["exchanges"])
    return {(outcome, kind, responses) for outcome, _, kind in _same_property(group)}


def _kind(value: str) -> str:
    return re.sub(r"\d+", "#", value).replace("'", '"')


def properties_in_words(group: Group) -> str:
    """What is wrong with properties, where several requirements are about it; empty where none or one is."""
    found = {finding["at"]: finding for verdict in group for finding in verdict["findings"]}
    names = [match[1] for at in found if (match := _PROPERTY.fullmatch(at))]
    if len({verdict["requirement"] for verdict in group}) < 2 or len(names) < len(found) or not names:
        return ""
    first = group[0]["findings"][0]
    what = "missing" if first["got"] == "missing" else f"expected {first['wanted']}, actual {first['got']}"
    return f"{', '.join(f'`{name}`' for name in names[:8])}: {what}"
