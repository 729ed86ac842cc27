"""What a requirement is: one sentence of the contract, its level, and the function that judges it.

    @requirement("metadata.id-is-a-string", MUST, cites="S30a", on=[PRESENT_METADATA], needs=["metadata.is-one-object"])
    def test_the_metadata_has_an_id(answer: Seen) -> Findings:
        '''`id` is there and a non-empty string.'''
        yield from property_errors(answer, "id")

The function is called with the answers that its scope asks for, by the names of its parameters, and yields what it
finds. It sends nothing, raises nothing on purpose and returns nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from ..model import Cell, Finding, Level, Shape
from ..spec import errors
from ..spec.editions import Edition
from .decoded_response import DecodedResponse

MUST, SHOULD = Level.MUST, Level.SHOULD

OPERATION = "operation"
"""`cites=OPERATION`: the statement that the cell's path exists (S8-S21), as it stands in the OpenAPI description."""
PERMISSION = "permission"
"""`cites=PERMISSION`: the statement that names the cell's scopes (S3, S4, S6, S7)."""


PAGE = "https://learn.microsoft.com/graph/api/profilephoto-get"
"""Where a citation leads that no RFC or OData section backs: the public page."""

WHOLE, NO_5XX = "http.response-is-complete", "http.never-5xx"
"""Needed by every other requirement: there is an answer, and the target did not break down."""
EXPLORED_WHOLE, EXPLORED_NO_5XX = "exploration.response-is-complete", "exploration.never-5xx"
"""The same of requests that were drawn at random."""


@dataclass(frozen=True, slots=True)
class BlockedBy:
    """What a function yields where it cannot judge, because another requirement is violated."""

    requirement: str


Findings = Iterator[Finding | BlockedBy]


class Selector(Protocol):
    """Which cells a requirement has, and which answers it looks at in each; see `planning.scope`."""

    @property
    def roles(self) -> frozenset[str]:
        """Names of the parameters that a function on this scope may have."""

    def cells(self, requirement: str, shapes: Sequence[Shape], edition: Edition) -> Iterator[Cell]:
        """The requirement's cells in an edition. They depend on no owner."""

    def cases(self, cell: Cell, shapes: Sequence[Shape], tenant: Any) -> Iterator[Any]:
        """A case for each owner of a directory that the cell is about."""


def property_errors(answer: DecodedResponse, name: str, notion: str) -> Iterator[Finding]:
    """What a property of the metadata breaks of a notion of the schema (its `$defs`); one finding where it is not."""
    if name not in answer.metadata:
        yield Finding(f"$['{name}']", f"{name} is there", "no such property")
        return
    for error in errors("profilephoto", answer.metadata[name], notion):
        yield Finding(f"$['{name}']", error.wanted, error.got)


@dataclass(frozen=True)
class Requirement:
    """One clause of the contract, and how it is judged."""

    id: str
    level: Level
    cites: str
    on: tuple[Selector, ...]
    function: Callable[..., Findings]
    needs: tuple[str, ...] = ()
    """Requirements that must hold of the same answers; where one is violated or blocked, this one is blocked by it."""
    yields_to: tuple[str, ...] = ()
    """Requirements that tell the same cause more exactly; where one is violated, this one is blocked by it."""
    failures: bool = False
    """Whether the function also judges how answers fail to come."""
    odata: bool = False
    """Whether it belongs to the overlay, and is asked for with `--odata` alone."""
    link: str = ""

    @property
    def chapter(self) -> str:
        return self.id.split(".")[0]

    @cached_property
    def sentence(self) -> str:
        """The docstring's first paragraph, on one line."""
        return " ".join((inspect.getdoc(self.function) or "").split("\n\n")[0].split())

    @cached_property
    def parameters(self) -> frozenset[str]:
        return frozenset(inspect.signature(self.function).parameters)

    def level_in(self, edition: Edition) -> Level | None:
        """The level in an edition; None where the edition does not ask for it."""
        return edition.levels.get(self.id, self.level)

    def statement(self, cell: Cell) -> str:
        """The clause that a verdict in this cell cites."""
        if self.cites == OPERATION:
            return cell.statement
        return cell.permission_statement if self.cites == PERMISSION else self.cites


class Catalogue(dict[str, Requirement]):
    """Requirements by id, in the order of their chapters."""

    def add(self, requirement: Requirement) -> None:
        if requirement.id in self and self[requirement.id].function.__code__ != requirement.function.__code__:
            raise ValueError(f"two requirements are called {requirement.id}")
        self[requirement.id] = requirement

    def blockers(self, requirement: Requirement, others: Iterable[str], edition: Edition) -> list[str]:
        """Those of the others that may block a requirement in an edition: a SHOULD never blocks a MUST."""
        levels = {Level.MUST, requirement.level_in(edition)}
        return [other for other in others if other in self and self[other].level_in(edition) in levels]

    def described(self) -> dict[str, dict[str, str]]:
        """What reports tell of each requirement, by id."""
        return {
            one.id: {
                "sentence": one.sentence, "level": str(one.level), "cites": one.cites,
                "chapter": one.chapter, "link": one.link,
            }
            for one in self.values()
        }  # fmt: skip


CATALOGUE = Catalogue()


def requirement(
    id: str,  # noqa: A002 - the field's word
    level: Level,
    *,
    cites: str,
    on: Sequence[Selector],
    needs: Sequence[str] = (),
    yields_to: Sequence[str] = (),
    failures: bool = False,
    odata: bool = False,
    link: str = PAGE,
) -> Callable[[Callable[..., Findings]], Callable[..., Findings]]:
    """Put a function into the catalogue as the judge of one clause."""

    def register(function: Callable[..., Findings]) -> Callable[..., Findings]:
        made = Requirement(id, level, cites, tuple(on), function, tuple(needs), tuple(yields_to), failures, odata, link)
        for scope in made.on:
            if odd := made.parameters - scope.roles:
                raise ValueError(f"{id}: its scope has no {sorted(odd)}")
        CATALOGUE.add(made)
        function.requirement = made  # type: ignore[attr-defined]  # how the plugin knows it from any other function
        return function

    return register
