"""The catalogue of allowed variations: functions from a place and its response to another response that is as good."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from conformance.model import Answer, Place

Change = Callable[[Place, Answer], Answer]


@dataclass(frozen=True, slots=True)
class Variation:
    """One allowed variation: its name, one sentence on why it is allowed, and the change itself."""

    name: str
    why: str
    change: Change
    editions: frozenset[str]
    """Names of the editions that allow it; empty: all."""


CATALOGUE: dict[str, Variation] = {}


def allowed(*editions: str) -> Callable[[Change], Change]:
    """Put a function into the catalogue; its name is the function's, its docstring says why.

    Raises:
        ValueError: there is one of that name already, or it does not say why.
    """

    def register(change: Change) -> Change:
        name, why = change.__name__.replace("_", "-"), " ".join((inspect.getdoc(change) or "").split())
        if name in CATALOGUE or not why:
            raise ValueError(f"{name}: an allowed variation needs a name of its own and a reason")
        CATALOGUE[name] = Variation(name, why, change, frozenset(editions))
        return change

    return register


def names() -> list[str]:
    """Names of all differences, in the order of their definition."""
    return list(CATALOGUE)


def find(name: str) -> Variation:
    """The difference of that name.

    Raises:
        KeyError: there is none.
    """
    return CATALOGUE[name]
