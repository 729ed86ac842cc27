"""What tokens claim of their holders, put into the tenant: for planning alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..auth.claims import Claims
from ..model import Caller
from ..spec import Edition
from .tenant import Tenant

ClaimsOf = Callable[[str], Claims | Caller | None]
"""A caller's claims by label, or what a recording knows of it; None where the token is opaque or cannot be had."""


def informed(tenant: Tenant, labels: Iterable[str], claims_of: ClaimsOf) -> Tenant:
    """The tenant with what the tokens of these callers claim, where the target file does not say.

    Claims tell scopes, and for a caller without a user whose token it is. A token of an application by itself has no
    `/me`: its user's owners lose their caller.
    """
    wanted = frozenset(labels)
    callers = tuple(
        _informed(caller, claims_of(caller.label)) if caller.label in wanted else caller for caller in tenant.callers
    )
    return without_me(replace(tenant, callers=callers))


def _informed(caller: Caller, claims: Claims | Caller | None) -> Caller:
    if claims is None:
        return caller
    named = caller.user_id is not None or caller.user_upn is not None
    return replace(
        caller,
        scopes=claims.scopes if caller.scopes is None else caller.scopes,
        user_id=caller.user_id if named else claims.user_id,
        user_upn=caller.user_upn if named else claims.user_upn,
        app_only=claims.app_only,
    )


def without_me(tenant: Tenant) -> Tenant:
    """The tenant in which no owner is an application's own."""
    apps = {caller.label for caller in tenant.callers if caller.app_only}
    return tenant.with_owners(replace(owner, caller=None) if owner.caller in apps else owner for owner in tenant.owners)


def closed(tenant: Tenant, edition: Edition, refused: Iterable[str]) -> frozenset[str]:
    """Kinds of owners that the default caller's token does not open: made-up ids of theirs would get 403.

    A kind is open where any owner of it, other than the caller, showed or lacked a photo. Else it is closed where
    its list was refused, or where the token's scopes are known and none of those that the contract lists is among them.
    """
    caller = tenant.caller_by_label.get(tenant.default or "")
    scopes_held = caller.scopes if caller else None
    found = set()
    for kind in ("user", "group", "contact"):
        operations = [s.operation for s in edition.shapes if s.operation.kind == kind]
        others = [one for one in operations if kind != "user" or not one.signed_in]
        scopes = {scope for one in others for scope in one.scopes}
        owners = [one for one in tenant.owners if one.kind == kind and (kind != "user" or one.caller is None)]
        shown = any(owner.state is not None for owner in owners)
        if not shown and (kind in refused or (scopes_held is not None and not scopes_held & scopes)):
            found.add(kind)
    return frozenset(found)
