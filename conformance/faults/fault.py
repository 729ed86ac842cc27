"""What a fault is: one deviation, named for its sin, and the requirement that it shall wake, told beforehand."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from ..model import Answer, Exchange, Place

T = TypeVar("T")
Spoil = Callable[[Place, Answer], Answer]
"""From the answer that was due at a place to the one that goes out; the very same object where nothing is spoilt."""
Spoiled = Callable[[Place, Exchange], Exchange]
"""The same for an exchange: how an answer fails to come."""
Memory = dict[str, Answer]
Where = Callable[[Place], bool]


@dataclass(frozen=True)
class Fault:
    """One deviation. Exactly one of `fresh` and `transport` is set."""

    definition: str
    """`family.sin`: what several faults of one kind have in common."""
    told: str
    """Its sin in a sentence; `{it}` stands for the variety."""
    wakes: frozenset[str]
    """The requirements that it wakes, and no other."""
    variety: str = ""
    """Which of several faults of one definition."""
    why: str = ""
    """Why they are two, where they are."""
    fresh: Callable[[], Spoil] | None = None
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
        return self.told.replace("{it}", self.variety)


FAULTS: dict[str, Fault] = {}


def _add(fault: Fault) -> None:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", fault.name):
        raise ValueError(f"no name for a fault: {fault.name}")
    if fault.name in FAULTS:
        raise ValueError(f"two faults are called {fault.name}")
    if not fault.told or not fault.wakes or bool(fault.why) != (len(fault.wakes) > 1):
        raise ValueError(f"{fault.name} says too little of itself: a sentence, what it wakes, and why if more than one")
    FAULTS[fault.name] = fault


def fault(name: str, *, at: Where, wakes: str | Sequence[str], why: str = "") -> Callable[[Spoil], Spoil]:
    """Put a function into the catalogue; it spoils the answers at these places, and its docstring says how."""

    def register(function: Spoil) -> Spoil:
        _add(Fault(name, _sentence(function), _ids(wakes), why=why, fresh=lambda: _only(at, function)))
        return function

    return register


def faults(
    name: str, each: Mapping[str, T], *, at: Where, wakes: str | Sequence[str], why: str = ""
) -> Callable[[Callable[[Place, Answer, T], Answer]], object]:
    """Put one fault for each entry into the catalogue: `name.key`; the function is handed the entry's value.

    `{it}` in the docstring stands for the entry's key.
    """

    def register(function: Callable[[Place, Answer, T], Answer]) -> object:
        for key, value in each.items():
            spoil = _only(at, _handed(function, value))
            _add(Fault(name, _sentence(function), _ids(wakes), key, why, fresh=partial(_same, spoil)))
        return function

    return register


def forgetful(name: str, *, at: Where, wakes: str) -> Callable[[Callable[[Place, Answer, Memory], Answer]], object]:
    """Put a fault into the catalogue that keeps answers and serves them again: a cache with too short a key."""

    def register(function: Callable[[Place, Answer, Memory], Answer]) -> object:
        _add(Fault(name, _sentence(function), _ids(wakes), fresh=lambda: _only(at, _handed(function, {}))))
        return function

    return register


def breakdown(name: str, *, at: Where, wakes: str) -> Callable[[Spoiled], Spoiled]:
    """Put a failure of the transport into the catalogue."""

    def register(function: Spoiled) -> Spoiled:
        def spoiled(place: Place, exchange: Exchange) -> Exchange:
            return function(place, exchange) if at(place) else exchange

        _add(Fault(name, _sentence(function), _ids(wakes), transport=spoiled))
        return function

    return register


def _same(spoil: Spoil) -> Spoil:
    return spoil


def _only(at: Where, function: Spoil) -> Spoil:
    def spoil(place: Place, answer: Answer) -> Answer:
        return function(place, answer) if at(place) else answer

    return spoil


def _handed(function: Callable[[Place, Answer, T], Answer], value: T) -> Spoil:
    def spoil(place: Place, answer: Answer) -> Answer:
        return function(place, answer, value)

    return spoil


def _sentence(function: Callable[..., object]) -> str:
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def _ids(wakes: str | Sequence[str]) -> frozenset[str]:
    return frozenset([wakes] if isinstance(wakes, str) else wakes)
