"""The scope of permissions: callers of whom it is known what they may (S3-S7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ..model import Caller, Cell, Form, Owner, Shape, State
from ..spec.editions import Edition
from ..spec.request_kinds import PLAIN
from ..target.tenant import Tenant
from .selectors import ALL, Case, Shapes, cell_at, is_asked, shape_of


@dataclass(frozen=True)
class AsIdentity:
    """Every caller of the target file's identities, at every path shape (S3-S7). `opened`: by the scopes he holds."""

    opened: bool
    beside: bool = False
    """Only of owners whom somebody else asks as well."""
    state = State.SCOPED
    roles = frozenset({"answer", "plain", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (cell_at(requirement, shape, self.state) for shape in shapes)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None or not tenant.leading:
            return
        for label in tenant.identities:
            for owner in asked_as(label, shape, tenant.whole):
                if opens(label, shape, owner, tenant) is self.opened:
                    roles = [("answer", tenant.probe(shape, owner, PLAIN, cell.state, caller=label))]
                    if tenant.nameable(shape, owner) and tenant.asker(shape, owner):
                        roles.append(("plain", tenant.probe(shape, owner, PLAIN, owner.state or State.PRESENT)))
                    if len(roles) > 1 or not self.beside:
                        yield Case(cell, f"{owner.label}.{label}", tuple(roles))


def asked_as(label: str, shape: Shape, tenant: Tenant) -> list[Owner]:
    """Whose photo an identity is asked for: its own and somebody else's, and what is told of one who has none.

    At `/me` nobody else's can be asked for. The bytes are 404 where there is no photo, whatever the scopes; so they
    are asked of such an owner only where the identity itself has none.
    """
    caller = tenant.caller_by_label[label]
    named = tenant.of_kind if shape.operation.signed_in else tenant.named_by
    known = [named(shape, s) if is_asked(shape, s, ALL) else [] for s in (State.PRESENT, State.ABSENT)]
    having, lacking = (_first(owner for owner in owners if _is_caller(owner, caller)) for owners in known)
    if shape.operation.signed_in:
        asked = having or lacking
    else:
        others = [_first(owner for owner in owners if not _is_caller(owner, caller)) for owners in known]
        asked, lacking = having + others[0], others[1] or lacking
    return asked + [owner for owner in lacking if shape.form is Form.METADATA and owner not in asked]


def _first(owners: Iterable[Owner]) -> list[Owner]:
    return list(islice(owners, 1))


def _is_caller(owner: Owner, caller: Caller) -> bool | None:
    """Whether it is the caller's own; None: the one is known by id, the other by userPrincipalName alone."""
    if caller.user_id and owner.user_id:
        return owner.user_id == caller.user_id
    if caller.user_upn and owner.user_upn:
        return owner.user_upn.casefold() == caller.user_upn.casefold()
    return None if caller.user_id or caller.user_upn else False


def opens(label: str, shape: Shape, owner: Owner, tenant: Tenant) -> bool | None:
    """Whether the identity holds a scope that opens this owner's photo; None: that cannot be known."""
    caller = tenant.caller_by_label[label]
    if caller.scopes is None:
        return None
    if caller.scopes & shape.operation.scopes:
        return True
    if owner.kind != "user" or not caller.scopes & shape.operation.own_scopes:
        return False
    return _is_caller(owner, caller)
