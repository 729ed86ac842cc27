"""Selectors: which cells a requirement has, and which responses it looks at in each of them.

`cells` are the requirement's in an edition, and depend on no owner; `cases` are those of a tenant's owners in a cell;
`roles` are the names of the parameters that a function with this selector may have.

A case is one owner in one cell. Its *primary* responses are those that the requirement checks: where one of them is
already known to be wrong, the case is blocked. Its *support* responses are further evidence: where one of those is
wrong, it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..model import OWNED, Cell, Form, Operation, Owner, Probe, Shape, State
from ..model.probe import AGAIN, PLAIN, RequestKind
from ..spec import Edition
from ..target.tenant import Tenant

Roles = tuple[tuple[str, Probe], ...]
Shapes = Sequence[Shape]

PHOTO, METADATA = Form.PHOTO, Form.METADATA
BOTH = (METADATA, PHOTO)
ONE_PHOTO = ("photo", "size")
"""What paths lead to where there is one photo at their end, and no list of its sizes."""
ALL = (*ONE_PHOTO, "sizes")


class Case(NamedTuple):
    """One owner in one cell, and the probes whose responses are checked there, by role."""

    cell: Cell
    label: str
    primary: Roles
    support: Roles = ()
    may_lack_answers: bool = False
    """Whether the answers in a recording are enough where others were not requested: an app selects what it needs."""

    @property
    def name(self) -> str:
        """What known deviations match by glob, e.g. `user.photo.id.present/user-1`."""
        return f"{self.cell.place}/{self.label}"


def is_asked(shape: Shape, state: State, of: Sequence[str] = ONE_PHOTO) -> bool:
    """Whether a state is asked for at a path shape that leads to one of these.

    An unknown owner needs an id in the path. No edition says what a size, or the list of sizes, returns for an owner
    without a photo.
    """
    kind = shape.operation.leads_to
    ids = state is not State.UNKNOWN or bool(shape.operation.ids)
    return kind in of and ids and (state not in (State.ABSENT, State.UNDECLARED) or kind == "photo")


def plain(shape: Shape, owner: Owner, tenant: Tenant) -> Probe:
    """The plain request for an owner at a path shape."""
    return tenant.probe(shape, owner, PLAIN, owner.state or State.UNDECLARED)


@dataclass(frozen=True)
class PerOwner:
    """One response at a time: these request kinds, for every owner in a state."""

    state: State
    forms: tuple[Form, ...] = BOTH
    request_kinds: tuple[RequestKind, ...] = (PLAIN,)
    recorded: tuple[RequestKind, ...] = ()
    """Never sent, but looked for in another tool's recording, where any of them all are enough."""
    covering: bool = False
    """For one owner at each path shape, and for each other owner at one of them; else for all owners at all of them."""
    covering_kinds: tuple[RequestKind, ...] = ()
    """Further request kinds, for those owners alone."""
    needs_placeholder: bool | None = None
    """True: only in editions that serve a placeholder; False: only in the others."""
    of: tuple[str, ...] = ONE_PHOTO
    """What the paths lead to; see `Operation.leads_to`."""
    roles = frozenset({"answer", "plain", "edition"})

    def cells(self, requirement: str, edition: Edition) -> Iterator[Cell]:
        if self.needs_placeholder not in (None, edition.placeholder):
            return
        keyed = any(request_kind.keyed for request_kind in self.request_kinds)
        for shape in edition.shapes:
            named = shape.operation.keys or not keyed
            if named and shape.form in self.forms and is_asked(shape, self.state, self.of):
                yield Cell(requirement, shape, self.state)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        shape = cell.shape
        another = tuple(("beside", plain(shape, owner, tenant)) for owner in self._beside(shape, tenant))
        some = {owner.label for owner in tenant.covering(shape, self.state, shapes)} if self.covering_kinds else set()
        named = tenant.covering if self.covering else tenant.every
        for owner in named(shape, self.state, shapes):
            kinds = self.request_kinds + (self.recorded if tenant.exhaustive else ())
            kinds += self.covering_kinds if owner.label in some else ()
            roles = [("answer", tenant.probe(shape, owner, kind, cell.state)) for kind in kinds]
            if self.request_kinds != (PLAIN,):
                roles.append(("plain", tenant.probe(shape, owner, PLAIN, cell.state)))
            yield Case(cell, owner.label, tuple(roles), another, AGAIN in kinds or kinds != self.request_kinds)

    def _beside(self, shape: Shape, tenant: Tenant) -> list[Owner]:
        """The owner whose response shows that the path exists, where the 404 that is due does not show it."""
        others = (State.PRESENT, State.ABSENT if self.state is State.UNKNOWN else State.UNKNOWN)
        due = self.request_kinds == (PLAIN,) and self.state is not State.PRESENT
        return [owner for state in others for owner in tenant.representatives(shape, state)][: int(due)]


@dataclass(frozen=True)
class NoCredentials:
    """Requests without a valid Bearer token: a covering selection of owners, with a photo and without.

    A target that guards pictures alone would return the placeholder, or disclose that there is no picture.
    """

    request_kinds: tuple[RequestKind, ...]
    state = State.NO_CREDENTIALS
    roles = frozenset({"answer", "beside", "photo_index", "edition"})

    def cells(self, requirement: str, edition: Edition) -> Iterator[Cell]:
        return (Cell(requirement, shape, self.state) for shape in edition.shapes)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        shape = cell.shape
        owners = [owner for state in OWNED for owner in tenant.covering(shape, state, shapes, signed_in=False)]
        if not owners and tenant.leading:
            unknown = tenant.representatives(shape, State.UNKNOWN)
            owners = unknown or [replace(tenant.whole.any_owner(shape), label="me")]
        for owner in owners:
            least = owner.state is State.ABSENT  # one variety of each kind
            answers = tuple(
                ("answer", tenant.probe(shape, owner, kind, cell.state))
                for kind in self.request_kinds
                if (tenant.default or kind.name != "other-scheme-good-token") and not (least and kind.variety)
            )
            asked = tenant.default and owner.state in OWNED and is_asked(shape, owner.state, ALL)
            # support: a cache that ignores Authorization needs something to serve
            yield Case(cell, owner.label, answers, (("beside", plain(shape, owner, tenant)),) if asked else ())


@dataclass(frozen=True)
class Everything:
    """Every response that any other requirement uses, in the cell of its path shape and state (H1, H2, H4).

    The plan gathers its cases from all other requirements.
    """

    metadata: tuple[RequestKind, ...] = ()
    """Requested for this selector alone, for owners with a photo."""
    photo: tuple[RequestKind, ...] = ()
    """The same on the bytes."""
    roles = frozenset({"answer", "edition"})

    def cells(self, requirement: str, edition: Edition) -> Iterator[Cell]:
        for shape in edition.shapes:
            yield from (Cell(requirement, shape, state) for state in State if is_asked(shape, state, ALL))

    def extras(self, shapes: Shapes, tenant: Tenant) -> Iterator[Probe]:
        for shape in shapes:
            for owner in tenant.covering(shape, State.PRESENT, shapes):
                request_kinds = self.photo if shape.form is PHOTO else self.metadata
                yield from (tenant.probe(shape, owner, request_kind, State.PRESENT) for request_kind in request_kinds)


PREFIX = "explore-"
"""The prefix of random request kinds."""


def is_drawn(key: str) -> bool:
    """Whether a probe, by its key, is random and not planned."""
    return key.rpartition("/")[2].startswith(PREFIX)


def shares(operation: Operation, count: int) -> tuple[int, int]:
    """How many of `count` requests have odd ids, and how many vary the options for a known owner."""
    ids = (count + 1) // 2 if operation.ids else 0
    return ids, count - ids


@dataclass(frozen=True)
class Explored:
    """The random requests of an operation: with odd ids (UNKNOWN), or for an owner with a photo (PRESENT).

    The plan has them, see `among`.
    """

    state: State
    roles = frozenset({"answer", "edition"})

    def cells(self, requirement: str, edition: Edition) -> Iterator[Cell]:
        """One for each operation, for both addressings."""
        operations = {shape.operation.id: shape for shape in edition.shapes}
        for shape in operations.values():
            ids, request_kinds = shares(shape.operation, edition.explore)
            if ids if self.state is State.UNKNOWN else request_kinds:
                yield Cell(requirement, shape, self.state, ("addressing",))


def among(cell: Cell, explored: Iterable[Probe]) -> list[Case]:
    """The cell's one case of random requests, if there are any."""
    about = (cell.variant, cell.form, cell.state)
    own = [probe for probe in explored if (probe.shape.variant, probe.shape.form, probe.state) == about]
    return [Case(cell, "explored", tuple(("answer", probe) for probe in own))] if own else []
