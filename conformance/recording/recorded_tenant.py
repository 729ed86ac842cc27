"""Owners and callers as another tool's recording itself names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..auth.claims import Claims
from ..model import Caller, CredentialKind, Owner, State
from ..target.target_file import DEFAULT_CALLER
from ..target.tenant import Tenant
from .har_import import Asked, is_same
from .kept_credentials import NOT_SHOWN


def callers(asked: Sequence[Asked], claims: Mapping[str, Claims]) -> tuple[tuple[Caller, ...], dict[str, str]]:
    """A caller for each token, but one for the tokens of one user that hold the same; and whose each token is."""
    tokens = Counter(one.credential.caller for one in asked if one.credential.caller not in (None, NOT_SHOWN))
    found: dict[object, Caller] = {}
    known: dict[str, str] = {}
    for token, _ in tokens.most_common():
        own = claims.get(str(token)) or Claims()
        holder = (own.user_id, own.user_upn, own.scopes) if own.user_id or own.user_upn else token
        caller = Caller(f"token-{len(found) + 1}", own.scopes, own.user_id, own.user_upn, own.app_only)
        known[str(token)] = found.setdefault(holder, caller).label
    return tuple(found.values()) or (Caller(DEFAULT_CALLER),), known


def tenant(asked: Iterable[Asked], who: tuple[Caller, ...]) -> Tenant:
    """The owners that requests name. Whether one has a photo is found out from what came back.

    First come those who were asked for without a token: so the requests without one are evaluated.
    """
    users: dict[object, Owner] = {}
    owners: dict[str, Owner] = {}
    by_label = {caller.label: caller for caller in who}
    for one in sorted(asked, key=lambda one: one.credential.kind is CredentialKind.TOKEN):
        label = one.credential.caller if one.operation.signed_in else None
        if one.operation.signed_in and label not in by_label:
            if one.credential.kind is CredentialKind.TOKEN:
                continue
            label = who[0].label  # without a token the path says nothing of whose it is
        owner = _owner(one, by_label.get(label or ""), users, len(owners) + 1)
        owners.setdefault(repr(replace(owner, label="")), owner)
    return Tenant(tuple(owners.values()), who, who[0].label)


def _owner(asked: Asked, caller: Caller | None, users: dict[object, Owner], number: int) -> Owner:
    values = asked.values
    if asked.operation.kind == "group":
        team = asked.operation.owner == "team"
        return Owner(f"group-{number}", "group", group_id=values["group"], team=team)
    if caller:
        keys = [caller.label, caller.user_id, caller.user_upn]
        fresh = Owner("", "user", caller.user_id, caller.user_upn, caller=caller.label)
    else:
        value = values["user"]
        keys = [value]
        fresh = Owner("", "user", user_upn=value) if "@" in value else Owner("", "user", user_id=value)
    folded = [key.casefold() for key in keys if key]
    person = next((users[key] for key in folded if key in users), None)
    person = person or replace(fresh, label=f"user-{len({each.label for each in users.values()}) + 1}")
    if caller and person.caller is None:
        person = replace(person, caller=caller.label)
    users.update(dict.fromkeys(folded, person))
    if "contact" not in values:
        return person
    return replace(
        person, label=f"{person.label}.contact-{number}", kind="contact", contact_id=values["contact"],
        folder_id=values.get("folder"), parent_id=values.get("parent"),
    )  # fmt: skip


def with_sizes(tenant: Tenant, asked: Iterable[Asked]) -> Tenant:
    """The tenant with an owner more for each size of a photo that was asked for and came."""
    found = {owner.label: owner for owner in tenant.owners}
    for one in asked:
        size = one.values.get("size")
        if size is None or one.status != 200:
            continue
        for owner in tenant.owners:
            if owner.size is None and owner.state is not State.ABSENT and _is_of(one, owner):
                label = f"{owner.label}.size-{size.lower()}"
                found.setdefault(label, replace(owner, label=label, size=size, team=False, sha256=None))
    return tenant.learnt(found.values())


def _is_of(asked: Asked, owner: Owner) -> bool:
    """Whether a request is about this user's or group's photo."""
    if owner.kind != asked.operation.kind:
        return False
    if asked.operation.signed_in:
        return owner.caller is not None and owner.caller == asked.credential.caller
    named = (owner.group_id,) if owner.kind == "group" else (owner.user_id, owner.user_upn)
    return any(key and is_same(key, asked.values[owner.kind]) for key in named)
