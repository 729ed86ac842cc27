"""The scope of permissions: callers of whom it is known what they may (S3-S7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ..edition import Edition
from ..model import Cell, Owner, Shape, State
from .directory import Directory
from .question import PLAIN
from .scope import Case, Shapes, cell_at, shape_of


@dataclass(frozen=True)
class AsIdentity:
    """Every caller of the target file's identities, at every path shape (S3-S7). `opened`: by the scopes he holds."""

    opened: bool
    state = State.SCOPED
    roles = frozenset({"answer", "plain", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (cell_at(requirement, shape, self.state) for shape in shapes)

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None or not directory.leading:
            return
        for label in directory.identities:
            for owner in asked_as(label, shape, directory.whole):
                if opens(label, shape, owner, directory) is self.opened:
                    roles = [("answer", directory.probe(shape, owner, PLAIN, cell.state, caller=label))]
                    if directory.nameable(shape, owner) and directory.asker(shape, owner):
                        roles.append(("plain", directory.probe(shape, owner, PLAIN, owner.state or State.PRESENT)))
                    yield Case(cell, f"{owner.label}.{label}", tuple(roles))


def asked_as(label: str, shape: Shape, directory: Directory) -> Iterable[Owner]:
    """Whose photo an identity is asked for: at `/me` its own, or that it has none; elsewhere its own and another's."""
    caller = directory.caller_by_label[label]
    if shape.operation.signed_in:
        owners = directory.of_kind(shape, State.PRESENT) + directory.of_kind(shape, State.ABSENT)
        return _first(owner for owner in owners if _is_self(owner, caller.user_id, caller.user_upn))
    owners = directory.named_by(shape, State.PRESENT)
    own = _first(owner for owner in owners if _is_self(owner, caller.user_id, caller.user_upn))
    return own + _first(owner for owner in owners if not _is_self(owner, caller.user_id, caller.user_upn))


def _first(owners: Iterable[Owner]) -> list[Owner]:
    return list(islice(owners, 1))


def _is_self(owner: Owner, user_id: str | None, user_upn: str | None) -> bool | None:
    """Whether the user is that one; None: the one is known by id, the other by userPrincipalName alone."""
    if user_id and owner.user_id:
        return owner.user_id == user_id
    if user_upn and owner.user_upn:
        return owner.user_upn.casefold() == user_upn.casefold()
    return None if user_id or user_upn else False


def opens(label: str, shape: Shape, owner: Owner, directory: Directory) -> bool | None:
    """Whether the identity holds a scope that opens this owner's photo; None: that cannot be known."""
    caller = directory.caller_by_label[label]
    if caller.scopes is None:
        return None
    if caller.scopes & shape.operation.scopes:
        return True
    if owner.kind != "user" or not caller.scopes & shape.operation.own_scopes:
        return False
    return _is_self(owner, caller.user_id, caller.user_upn)
