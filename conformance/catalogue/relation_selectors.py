"""Selectors of relations: several responses about one owner, or about all users (H3, S22a, S31, R1-R4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ..model import OWNED, Addressing, Cell, Form, Owner, Probe, Shape, State
from ..model.probe import AGAIN, PLAIN
from ..spec import Edition
from ..target.tenant import Tenant
from .selectors import ALL, BOTH, METADATA, Case, Roles, Shapes, is_asked, plain

SEVERAL = ("other_paths", "asked", "otherwise")
"""Roles that any number of responses of a case may have."""
Paths = Mapping[str, Callable[[Shape, Shape], bool]]
"""By role: whether a path shape has it, given that of the cell; the first that names the owner is requested."""


@dataclass(frozen=True)
class Related:
    """Responses about one owner, each requested at a path shape that belongs to that of the cell.

    A path shape has a cell where there is one for each primary role.
    """

    primary: Paths
    support: Paths = field(default_factory=dict)
    state: State = State.PRESENT
    forms: tuple[Form, ...] = BOTH
    kinds: tuple[str, ...] = ("user", "group", "contact")
    spans: tuple[str, ...] = ()
    """Of the cells; see `Cell`."""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({*self.primary, *self.support, "photo_index", "edition"})

    def cells(self, requirement: str, edition: Edition) -> Iterator[Cell]:
        for shape in edition.shapes:
            chosen = shape.form in self.forms and shape.operation.kind in self.kinds and is_asked(shape, self.state)
            if chosen and all(any(belongs(shape, one) for one in edition.shapes) for belongs in self.primary.values()):
                yield Cell(requirement, shape, self.state, self.spans)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        for owner in tenant.every(cell.shape, self.state, shapes):
            named = [other for other in shapes if tenant.names(other, owner)]
            primary, support = (
                self._roles(paths, cell.shape, named, owner, tenant) for paths in (self.primary, self.support)
            )
            if len(primary) == len(self.primary):
                yield Case(cell, owner.label, primary, support)

    def _roles(self, paths: Paths, shape: Shape, named: Shapes, owner: Owner, tenant: Tenant) -> Roles:
        found: list[tuple[str, Probe]] = []
        for role, belongs in paths.items():
            request_kind = AGAIN if role in ("again", "repeated") else PLAIN
            probes = [tenant.probe(s, owner, request_kind, self.state) for s in named if belongs(shape, s)]
            found += [(role, probe) for probe in (probes if role in SEVERAL else probes[:1])]
        return tuple(found)


def itself(shape: Shape, other: Shape) -> bool:
    """The cell's own path shape."""
    return other == shape


def other_form(shape: Shape, other: Shape) -> bool:
    """The same path in the other form."""
    return (other.variant, other.addressing) == (shape.variant, shape.addressing) and other.form is not shape.form


def by_upn(shape: Shape, other: Shape) -> bool:
    """The same path with the user's userPrincipalName in place of the id."""
    addressed = (shape.addressing, other.addressing) == (Addressing.ID, Addressing.UPN)
    return addressed and other.operation == shape.operation


def under_users(shape: Shape, other: Shape) -> bool:
    """A `/users/{key}…` path that leads where a `/me…` path leads."""
    return shape.operation.signed_in and other.addressing is not None and other_path(shape, other)


def other_path(shape: Shape, other: Shape) -> bool:
    """Another path that leads to the same: from `/me`, or by another addressing."""
    return other != shape and other.form is shape.form and _tail(other) == _tail(shape)


def _tail(shape: Shape) -> str:
    return shape.operation.template.removeprefix("/me").removeprefix("/users/{user-id}")


@dataclass(frozen=True)
class Keys:
    """All owners under users, by one addressing; as support, those by the other (S22a). One case a cell."""

    state = State.PRESENT
    roles = frozenset({"asked", "otherwise", "edition"})

    def cells(self, requirement: str, edition: Edition) -> Iterator[Cell]:
        by_key = (s for s in edition.shapes if s.addressing and s.form is METADATA and is_asked(s, self.state, ALL))
        return (Cell(requirement, shape, self.state, ("form",)) for shape in by_key)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        variants = (cell.variant, cell.variant.removesuffix("-sizes"))  # a list has one form: with the photo's two
        ours = sorted((s for s in shapes if s.variant in variants), key=lambda shape: shape.form)
        due = [(s, state) for s in ours for state in OWNED if is_asked(s, state, ALL)]
        probes = [plain(s, owner, tenant) for s, state in due for owner in tenant.named_by(s, state)]
        asked = tuple(("asked", one) for one in probes if one.shape.addressing is cell.addressing)
        otherwise = tuple(("otherwise", one) for one in probes if one.shape.addressing is not cell.addressing)
        if any(one.owner.user_id and one.owner.user_upn and one.state is State.PRESENT for one in probes):
            yield Case(cell, "users", asked, otherwise)
