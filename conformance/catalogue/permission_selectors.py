"""The selector of permissions: callers whose scopes are known (S3-S7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from ..auth.claims import same_user
from ..model import OWNED, Caller, Cell, Form, Owner, Shape, State
from ..model.probe import PLAIN
from ..spec import Edition
from ..target.tenant import Tenant
from .selectors import ALL, BOTH, Case, Shapes, is_asked, plain


@dataclass(frozen=True)
class AsIdentity:
    """Every caller of the target file's identities: at every path shape, and for every owner at one of its own (S3-S7).

    `opened`: by the scopes that the caller holds.
    """

    opened: bool
    beside: bool = False
    """Only where another caller requests the same owner as well."""
    forms: tuple[Form, ...] = BOTH
    of: tuple[str, ...] = ALL
    """What the paths lead to; see `Operation.leads_to`."""
    owners: tuple[State, ...] = OWNED
    """The owners whose photo is requested."""
    needs_placeholder: bool | None = None
    """True: only in editions that serve a placeholder; False: only in the others."""
    state = State.SCOPED
    roles = frozenset({"answer", "plain", "photo_index", "edition"})

    def cells(self, requirement: str, edition: Edition) -> Iterator[Cell]:
        if self.needs_placeholder not in (None, edition.placeholder):
            return
        for shape in edition.shapes:
            if shape.form in self.forms and shape.operation.leads_to in self.of:
                yield Cell(requirement, shape, self.state)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Tenant) -> Iterator[Case]:
        shape = cell.shape
        for label in tenant.identities:
            key = ("as", label, shape.key, id(shapes))  # editions share a tenant, not their paths
            for owner in tenant.once(key, partial(asked, label, shape, shapes, tenant)):
                requested = (owner.state or State.UNDECLARED) in self.owners
                if requested and opens(label, shape, owner, tenant) is self.opened:
                    roles = [("answer", tenant.probe(shape, owner, PLAIN, self.state, caller=label))]
                    if tenant.nameable(shape, owner) and tenant.asker(shape, owner):
                        roles.append(("plain", plain(shape, owner, tenant)))
                    if len(roles) > 1 or not self.beside:
                        yield Case(cell, f"{owner.label}.{label}", tuple(roles))


def asked(label: str, shape: Shape, shapes: Shapes, tenant: Tenant) -> list[Owner]:
    """All owners whose photo an identity requests at a path shape."""
    first = asked_as(label, shape, tenant.whole) if tenant.leading else []
    return [*first, *asked_besides(label, shape, shapes, tenant)]


def asked_as(label: str, shape: Shape, tenant: Tenant) -> list[Owner]:
    """The owners whose photo an identity requests: its own and another one's, and the metadata of one without a photo.

    `/me` names no other owner. The bytes are 404 where there is no photo, whatever the scopes; so they are requested
    for such an owner only where the identity itself has none. Of undeclared owners the same two are requested.
    """
    caller = tenant.caller_by_label[label]
    named = tenant.of_kind if shape.operation.signed_in else tenant.named_by
    known = [named(shape, state) if is_asked(shape, state, ALL) else [] for state in OWNED]
    having, lacking, undeclared = (_first(owner for owner in owners if is_caller(owner, caller)) for owners in known)
    if shape.operation.signed_in:
        asked = having or lacking
    else:
        others = [_first(owner for owner in owners if not is_caller(owner, caller)) for owners in known]
        asked, lacking, undeclared = having + others[0], others[1] or lacking, undeclared + others[2]
    return asked + undeclared + [owner for owner in lacking if shape.form is Form.METADATA and owner not in asked]


def asked_besides(label: str, shape: Shape, shapes: Shapes, tenant: Tenant) -> list[Owner]:
    """The owners that `asked_as` has at no path shape of this form, and that are assigned to this one."""
    caller, turn = tenant.caller_by_label[label], tenant.identities.index(label)
    every = (owner for path in shapes if path.form is shape.form for owner in asked_as(label, path, tenant.whole))
    asked = tenant.whole.once(("asked", label, shape.form, id(shapes)), lambda: {owner.label for owner in every})
    if tenant.exhaustive:
        first = asked_as(label, shape, tenant.whole)
        return [one for one in _due(shape, tenant) if one not in first and _names(shape, one, caller, tenant)]
    found = []
    for owner in _due(shape, tenant):
        if owner.label not in asked:
            paths = [path for path in shapes if path.form is shape.form and _names(path, owner, caller, tenant)]
            number = tenant.whole.covering_numbers[owner.label] + turn
            found += [owner] if paths and paths[number % len(paths)] == shape else []
    return found


def _due(shape: Shape, tenant: Tenant) -> list[Owner]:
    """Owners that every caller requests in this form; without a photo, the bytes are 404 with any scopes."""
    states = OWNED if shape.form is Form.METADATA else (State.PRESENT, State.UNDECLARED)
    owners = (owner for state in states for owner in tenant.of_kind(shape, state))
    numbers = tenant.whole.covering_numbers
    return tenant.once(("due", shape.key), lambda: [owner for owner in owners if owner.label in numbers])


def _names(path: Shape, owner: Owner, caller: Caller, tenant: Tenant) -> bool:
    """Whether the caller can name the owner by a path that leads to an owner's photo itself."""
    named = tenant.is_about(path, owner) and is_asked(path, owner.state or State.UNDECLARED)
    return named and (is_caller(owner, caller) is True if path.operation.signed_in else tenant.nameable(path, owner))


def _first(owners: Iterable[Owner]) -> list[Owner]:
    return list(islice(owners, 1))


def is_caller(owner: Owner, caller: Caller) -> bool | None:
    """Whether the owner is the caller; None: one is known by id alone, the other by userPrincipalName alone."""
    return same_user(owner, caller) if caller.user_id or caller.user_upn else False


def opens(label: str, shape: Shape, owner: Owner, tenant: Tenant) -> bool | None:
    """Whether the identity holds a scope that permits this owner's photo; None: not known."""
    caller = tenant.caller_by_label[label]
    if caller.scopes is None:
        return None
    if caller.holds_one_of(shape.operation.scopes):
        return True
    if owner.kind != "user" or not caller.holds_one_of(shape.operation.own_scopes):
        return False
    return is_caller(owner, caller)
