"""Selectors of relations: the same owner by two keys, by two paths, and among all others (R1-R4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Addressing, Cell, Probe, Shape, State
from ..spec.editions import Edition
from ..spec.request_kinds import PLAIN
from ..target.tenant import Tenant
from .selectors import BOTH, METADATA, Case, Shapes, cell_at, is_asked, shape_of


@dataclass(frozen=True)
class TwoAddressings:
    """The same owner by the user's id and by the userPrincipalName (R1)."""

    state = State.PRESENT
    roles = frozenset({"one", "other", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (
            cell_at(requirement, shape, self.state, addressing=None)
            for shape in shapes
            if shape.addressing is Addressing.ID and is_asked(shape, self.state)
        )

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        by_id, by_upn = (shape_of(cell, shapes, addressing=addressing) for addressing in Addressing)
        if by_id is None or by_upn is None or tenant.default is None:
            return
        for owner in tenant.named_by(by_id, cell.state):
            if owner.user_upn is not None:
                one, other = (tenant.probe(shape, owner, PLAIN, cell.state) for shape in (by_id, by_upn))
                yield Case(cell, owner.label, (("one", one), ("other", other)))


@dataclass(frozen=True)
class SameOwnerByPath:
    """The same owner from `/me` and from `/users/{own key}` (R2, R3)."""

    kind: str
    """`user` for the signed-in user's own photo, `contact` for their contacts'."""
    state = State.PRESENT
    roles = frozenset({"one", "other", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        for shape in shapes:
            mine = shape.operation.signed_in and shape.operation.kind == self.kind and is_asked(shape, self.state)
            if mine and counterparts(shape, shapes):
                yield cell_at(requirement, shape, self.state)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None:
            return
        for owner in tenant.named_by(shape, cell.state):
            other = next((s for s in counterparts(shape, shapes) if tenant.names(s, owner)), None)
            if other is not None:
                roles = [(r, tenant.probe(s, owner, PLAIN, cell.state)) for r, s in (("one", shape), ("other", other))]
                yield Case(cell, owner.label, tuple(roles))


def counterparts(shape: Shape, shapes: Shapes) -> list[Shape]:
    """The `/users/{key}…` shapes that lead where a `/me…` shape leads: by id first, then by userPrincipalName."""
    tail = shape.operation.template.removeprefix("/me")
    return [
        other for other in shapes if other.addressing is not None and other.operation.template.partition("}")[2] == tail
    ]


@dataclass(frozen=True)
class Keys:
    """All owners under users, by one addressing; as support, the same ones by the other (S22a). One case a cell."""

    state = State.PRESENT
    roles = frozenset({"asked", "otherwise", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        by_key = (s for s in shapes if s.addressing and s.form is METADATA and is_asked(s, self.state))
        return (cell_at(requirement, shape, self.state, form=None) for shape in by_key)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        if tenant.default is None:
            return
        asked: list[tuple[str, Probe]] = []
        otherwise: list[tuple[str, Probe]] = []
        for form in BOTH:
            one = shape_of(cell, shapes, form)
            other = shape_of(cell, shapes, form, next(a for a in Addressing if a is not cell.addressing))
            if one is None or other is None:
                return
            for state in (State.PRESENT, State.ABSENT):
                for owner in tenant.named_by(one, state):
                    if owner.user_id and owner.user_upn:
                        asked.append(("asked", tenant.probe(one, owner, PLAIN, state)))
                        otherwise.append(("otherwise", tenant.probe(other, owner, PLAIN, state)))
        if any(probe.state is State.PRESENT for _, probe in asked):
            yield Case(cell, "users", tuple(asked), tuple(otherwise))


@dataclass(frozen=True)
class CrossOwner:
    """An owner's response; as support those by other paths and in the other form; and all other owners' (R4)."""

    state = State.PRESENT
    roles = frozenset({"answer", "other_paths", "sibling", "photo_index", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (cell_at(requirement, shape, self.state) for shape in shapes if is_asked(shape, self.state))

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None or tenant.default is None:
            return
        sibling = next((s for f in BOTH if f is not shape.form and (s := shape_of(cell, shapes, f))), None)
        kin = [s for s in shapes if s.form is shape.form and s != shape and _alike(s, shape)]
        for owner in tenant.named_by(shape, cell.state):
            support = [("sibling", tenant.probe(sibling, owner, PLAIN, cell.state))] if sibling else []
            for other in kin:
                if tenant.nameable(other, owner):
                    support.append(("other_paths", tenant.probe(other, owner, PLAIN, cell.state)))
            yield Case(cell, owner.label, (("answer", tenant.probe(shape, owner, PLAIN, cell.state)),), tuple(support))


def _alike(one: Shape, other: Shape) -> bool:
    """Whether both lead to the same owner, once from `/me` or by another addressing."""
    tails = [s.operation.template.removeprefix("/me").removeprefix("/users/{user-id}") for s in (one, other)]
    return tails[0] == tails[1]
