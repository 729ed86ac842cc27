"""Requests drawn by schemathesis from a description of the contract's operations, seeded and bounded.

Imported by the process that draws alone: schemathesis and hypothesis cost a second, and leave traces where they run.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from ..catalogue.random_selectors import shares
from ..model import Operation
from ..spec import Contract
from .generated_request import Drawn
from .oddities import IDS, QUESTIONS, Oddity
from .strategies import STRATEGIES

_AT_A_TIME = 10
"""Requests that make one example, which hypothesis bounds in size."""
_KNOWN = "known"
"""Stands in the path for an id that is not odd."""
_LITERAL = ",$"
"""What is not encoded in a query: a comma parts the items of a list."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request to be drawn: which one of its operation, and what is to be odd about it."""

    operation: Operation
    number: int
    oddity: Oddity
    parameter: str | None
    """Which id of the path is odd; None: all of them are known."""

    @property
    def path(self) -> str:
        """The path in the description, which has each path once."""
        return f"/{self.number}{self.operation.template}"


def draw(contract: Contract, count: int, chance: int) -> list[Drawn]:
    """So many requests an operation, the same ones for the same seed (`chance`)."""
    for name, strategy in STRATEGIES.items():
        schemathesis.openapi.format(f"odd-{name}", strategy)
        schemathesis.openapi.format(f"odd-{name}-in-hex", strategy.map(_in_hex))
    wanted = deal(contract.operations, count, random.Random(chance))  # noqa: S311 - no secret
    schema = schemathesis.openapi.from_dict(description(wanted), config=SchemathesisConfig.from_dict({}))
    strategies = {one.path: schema[one.path]["GET"].as_strategy() for one in wanted}
    drawn: list[Drawn] = []
    for place in range(0, len(wanted), _AT_A_TIME):
        some = wanted[place : place + _AT_A_TIME]
        cases = _example(st.tuples(*(strategies[one.path] for one in some)), f"{chance} {place}")
        drawn += [_drawn(one, case) for one, case in zip(some, cases, strict=True)]
    return drawn


def _in_hex(odd: str) -> str:
    """As hex digits: schemathesis draws no path that holds `/`, `.` or NUL by itself, which is what is wanted here."""
    return odd.encode().hex()


def deal(operations: Iterable[Operation], count: int, chance: random.Random) -> list[Wanted]:
    """What is to be drawn: oddities are dealt like cards, so that few requests have as many of them as can be."""
    wanted = []
    ids, request_kinds = _Deck(IDS, chance), _Deck(QUESTIONS, chance)
    for operation in operations:
        odd_ids, odd_questions = shares(operation, count)
        for number in range(odd_ids):
            parameter = chance.choice(operation.ids)
            contact = operation.owner == "contact" and parameter != operation.key_of("user")
            wanted.append(Wanted(operation, number + 1, ids.deal(contact=contact), parameter))
        for number in range(odd_ids, odd_ids + odd_questions):
            wanted.append(Wanted(operation, number + 1, request_kinds.deal(), None))
    return wanted


class _Deck:
    """Cards in a chance order, shuffled anew when none that fits is left."""

    def __init__(self, cards: Sequence[Oddity], chance: random.Random) -> None:
        self._cards, self._chance = cards, chance
        self._left: list[Oddity] = []

    def deal(self, *, contact: bool = False) -> Oddity:
        """The next card; the next one that a contact may be asked for by."""
        fitting = [card for card in self._left if card.contacts or not contact]
        if not fitting:
            self._left += self._chance.sample(self._cards, len(self._cards))
            return self.deal(contact=contact)
        self._left.remove(fitting[0])
        return fitting[0]


def description(wanted: Iterable[Wanted]) -> dict[str, Any]:
    """An OpenAPI description with one operation for each request: the contract's own path, and odd parameters."""
    paths = {one.path: {"get": {"parameters": list(_parameters(one)), "responses": {}}} for one in wanted}
    return {"openapi": "3.1.0", "info": {"title": "odd requests", "version": "1"}, "paths": paths}


def _parameters(wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    for name in wanted.operation.parameters:
        odd = {"type": "string", "format": f"odd-{wanted.oddity.name}-in-hex"}
        schema = odd if name == wanted.parameter else {"const": _KNOWN}
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    yield from wanted.oddity.parameters


def _example(strategy: st.SearchStrategy[Any], chance: str) -> tuple[Any, ...]:
    """One example: the second one, since the first one is always the simplest."""
    examples: list[tuple[Any, ...]] = []

    @seed(chance)
    @settings(
        max_examples=2,
        derandomize=False,  # what hypothesis takes for granted where CI is set
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: tuple[Any, ...]) -> None:
        examples.append(example)

    collect()
    return examples[-1]


def _drawn(wanted: Wanted, case: Any) -> Drawn:
    parameter = wanted.parameter
    return Drawn(
        operation=wanted.operation.id,
        number=wanted.number,
        oddity=wanted.oddity.name,
        parameter=parameter,
        value=bytes.fromhex(case.path_parameters[parameter]).decode() if parameter else None,
        query="&".join(_options(case.query or {})),
        headers=tuple(sorted((str(name), str(value)) for name, value in (case.headers or {}).items())),
    )


def _options(query: Mapping[str, Any]) -> Iterator[str]:
    for name, values in sorted(query.items()):
        for value in values if isinstance(values, list) else [values]:
            yield f"{quote(name, safe=_LITERAL)}={quote(str(value), safe=_LITERAL)}"
