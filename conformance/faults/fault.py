"""What a fault is: one deviation, named after what it breaks, and the requirement that is expected to report it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..model import Answer, Exchange, Place

T = TypeVar("T")
Apply = Callable[[Place, Answer], Answer]
"""From the answer that was due at a place to the one that goes out; the very same object where nothing is spoilt."""
Spoiled = Callable[[Place, Exchange], Exchange]
"""The same for an exchange: how an answer fails to come."""
Memory = dict[str, Answer]
Where = Callable[[Place], bool]


@dataclass(frozen=True)
class Fault:
    """One deviation. Exactly one of `fresh` and `transport` is set."""

    definition: str
    """`family.kind`: what several faults of one kind have in common."""
    description: str
    """A sentence; `{it}` stands for the variety."""
    expected: frozenset[str]
    """The requirements that must name it, and no other."""
    variety: str = ""
    """Which of several faults of one definition."""
    why: str = ""
    """Why they are two, where they are."""
    fresh: Callable[[], Apply] | None = None
    """The deviation, at the beginning of a run: some remember what they served."""
    transport: Spoiled | None = None
    """A failure that only a recording can show."""

    @property
    def name(self) -> str:
        """E.g. `picture.turned`, `narrow.gone.user.photo.upn`."""
        return f"{self.definition}.{self.variety}" if self.variety else self.definition

    @property
    def family(self) -> str:
        return self.name.split(".")[0]

    @property
    def sentence(self) -> str:
        return self.description.replace("{it}", self.variety)


FAULTS: dict[str, Fault] = {}


def _add(fault: Fault) -> None:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", fault.name):
        raise ValueError(f"no name for a fault: {fault.name}")
    if fault.name in FAULTS:
        raise ValueError(f"two faults are called {fault.name}")
    if not fault.description or not fault.expected or bool(fault.why) != (len(fault.expected) > 1):
        raise ValueError(f"{fault.name} needs a sentence, what is expected to name it, and why if more than one")
    FAULTS[fault.name] = fault


def _put(
    name: str, sentence: str, expected: str | Sequence[str], apply: Apply, variety: str = "", why: str = ""
) -> None:
    """Put a fault into the catalogue that remembers nothing."""
    _add(Fault(name, sentence, _ids(expected), variety, why, fresh=lambda: apply))


def one(name: str, sentence: str, change: Apply, *, at: Where, expected: str) -> None:
    """Put one fault into the catalogue: it changes the answers at these places."""
    _put(name, sentence, expected, _only(at, change))


def series(
    name: str, sentence: str, each: Mapping[str, T], change: Callable[[Answer, T], Answer], *, at: Where, expected: str
) -> None:
    """Put one fault for each entry into the catalogue, `name.key`: it changes the answers at these places by its value.

    `{it}` in the sentence stands for the entry's key.
    """
    for key, value in each.items():
        _put(name, sentence, expected, _only(at, _with(change, value)), key)


def at_each(
    name: str, sentence: str, places: Mapping[str, Where], change: Apply, *, at: Where, expected: str | Sequence[str],
    why: str = "",
) -> None:  # fmt: skip
    """Put one fault for each of these places into the catalogue, `name.key`: it changes the answers there alone."""
    for key, where in places.items():
        _put(name, sentence, expected, _only(at, _only(where, change)), key, why)


def forgetful(
    name: str, sentence: str, change: Callable[[Place, Answer, Memory], Answer], *, at: Where, expected: str
) -> None:
    """Put a fault into the catalogue that keeps answers and serves them again: a cache with too short a key."""

    def fresh() -> Apply:
        memory: Memory = {}
        return _only(at, lambda place, answer: change(place, answer, memory))

    _add(Fault(name, sentence, _ids(expected), fresh=fresh))


def breakdown(name: str, sentence: str, change: Spoiled, *, at: Where, expected: str) -> None:
    """Put a failure of the transport into the catalogue."""

    def spoilt(place: Place, exchange: Exchange) -> Exchange:
        return change(place, exchange) if at(place) else exchange

    _add(Fault(name, sentence, _ids(expected), transport=spoilt))


def _only(at: Where, function: Apply) -> Apply:
    def apply(place: Place, answer: Answer) -> Answer:
        return function(place, answer) if at(place) else answer

    return apply


def _with(change: Callable[[Answer, T], Answer], value: T) -> Apply:
    return lambda place, answer: change(answer, value)


def _ids(expected: str | Sequence[str]) -> frozenset[str]:
    return frozenset([expected] if isinstance(expected, str) else expected)
