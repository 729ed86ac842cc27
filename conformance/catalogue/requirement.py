"""What a requirement is: one sentence of the contract, its level, and the function that checks it.

    @requirement("metadata.id-is-a-string", MUST, cites="S30a", on=[PRESENT_METADATA], needs=["metadata.is-one-object"])
    def test_the_metadata_has_an_id(answer: DecodedResponse) -> Findings:
        '''`id` is present and a non-empty string.'''
        yield from ...

Where a schema says it all, the function needs no body: `schema="profilephoto#/$defs/nonEmptyString", at=["id"]`.
The function is called with the responses that its selectors give, by the names of its parameters, and yields what it
finds. It sends nothing, raises nothing on purpose and returns nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any

from ..model import Cell, Finding, Level
from ..spec import Edition, errors
from .decoded_response import DecodedResponse
from .permission_selectors import AsIdentity
from .relation_selectors import Keys, Related
from .selectors import Everything, Explored, NoCredentials, PerOwner

MUST, SHOULD = Level.MUST, Level.SHOULD

OPERATION = "operation"
"""`cites=OPERATION`: the statement that the cell's path exists (S8-S21), as in the OpenAPI description."""
PERMISSION = "permission"
"""`cites=PERMISSION`: the statement that names the cell's scopes (S3, S4, S6, S7)."""

WHOLE, NO_5XX = "http.response-is-complete", "http.never-5xx"
"""Needed by every other requirement: there is a response, and it is no server error."""
EXPLORED_WHOLE, EXPLORED_NO_5XX = "exploration.response-is-complete", "exploration.never-5xx"
"""The same for random requests."""


@dataclass(frozen=True, slots=True)
class BlockedBy:
    """Yielded by a function that cannot check, because another requirement is violated."""

    requirement: str


Findings = Iterator[Finding | BlockedBy]


Selector = PerOwner | NoCredentials | Everything | Explored | AsIdentity | Related | Keys
"""Which cells a requirement has, and which responses it checks in each; see `selectors`."""


def schema_errors(response: DecodedResponse, reference: str, edition: Edition, at: Sequence[str] = ()) -> Findings:
    """How the body, or its properties `at`, break a schema.

    `placeholder#/$defs/mediaEtag` is that definition in every edition; `placeholder` is what the edition's description
    has under that name, and of a property that schema's own part for it.
    """
    named = reference if "#" in reference else edition.schema_of(reference)
    for name in at:
        part = named if "#" in reference else f"{named}{'' if '#' in named else '#'}/properties/{name}"
        if name not in response.metadata:
            yield Finding(f"$['{name}']", f"property `{name}`", "missing")
        else:
            for error in errors(part, response.metadata[name]):
                yield Finding(f"$['{name}']{error.at.removeprefix('$')}", error.wanted, error.got)
    if not at:
        for error in errors(named, response.json):
            yield Finding(error.at, error.wanted, error.got)


@dataclass(frozen=True)
class Requirement:
    """One clause of the contract; called with the function that checks it, as a decorator, it is in the catalogue."""

    id: str
    level: Level
    cites: str
    on: Sequence[Selector]
    function: Callable[..., Findings] = lambda: iter(())
    """What checks it; nothing, until it is given."""
    needs: Sequence[str] = ()
    """Requirements that must hold of the same answers; where one is violated or blocked, this one is blocked by it."""
    yields_to: Sequence[str] = ()
    """Requirements that report the same cause more exactly; where one is violated, this one is blocked by it."""
    needs_at_shape: Sequence[str] = ()
    """Requirements that block this one for every request at their path shape with the same kind of credential."""
    failures: bool = False
    """Whether the function also checks responses that failed to arrive."""
    odata: bool = False
    """Whether it belongs to the overlay, and is asked for with `--odata` alone."""
    schema: str | None = None
    """The schema that says it all, where one does: the function has a docstring alone; see `schema_errors`."""
    at: Sequence[str] = ()
    """The properties that it is about; none: the whole body."""

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Findings]:
        """Put the function into the catalogue as the check of this clause."""
        if self.schema is not None:
            function = _by_schema(function, self.schema, self.at)
        made = replace(self, function=function)
        for selector in made.on:
            if odd := made.parameters - selector.roles:
                raise ValueError(f"{made.id}: its selector has no {sorted(odd)}")
        if made.id in CATALOGUE and CATALOGUE[made.id].function.__qualname__ != function.__qualname__:
            raise ValueError(f"two requirements are called {made.id}")
        CATALOGUE[made.id] = made
        function.requirement = made  # type: ignore[attr-defined]  # how the plugin knows it from any other function
        return function

    @property
    def chapter(self) -> str:
        return self.id.split(".")[0]

    @cached_property
    def sentence(self) -> str:
        """The docstring's first paragraph, on one line."""
        return " ".join((inspect.getdoc(self.function) or "").split("\n\n")[0].split())

    @cached_property
    def parameters(self) -> frozenset[str]:
        return frozenset(inspect.signature(self.function, follow_wrapped=False).parameters)

    def level_in(self, edition: Edition) -> Level | None:
        """The level in an edition; None where the edition does not ask for it."""
        return edition.levels.get(self.id, self.level)

    def statement(self, cell: Cell) -> str:
        """The clause that a verdict in this cell cites."""
        operation = cell.shape.operation
        return {OPERATION: operation.statement, PERMISSION: operation.permission_statement}.get(self.cites, self.cites)


Catalogue = Mapping[str, Requirement]
"""Requirements by id, in the order of their chapters."""

CATALOGUE: dict[str, Requirement] = {}
requirement = Requirement
"""The decorator's name in the chapters."""


def _by_schema(described: Callable[..., Any], schema: str, at: Sequence[str]) -> Callable[..., Findings]:
    """The check of metadata by a schema, under the name and with the docstring of a function without a body."""

    @wraps(described)
    def check(answer: DecodedResponse, edition: Edition) -> Findings:
        if answer.status == 200:
            yield from schema_errors(answer, schema, edition, at)

    return check
