"""A recording in place of a target: its users and groups, and which answer belongs to which probe. Nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..model import Exchange, Owner, Probe, Recording, UsageProblem
from ..reporting.printable import string
from ..target.discovery import ClaimsOf, with_me
from ..target.listing import Ask
from ..target.target_file import checked_base_url
from ..target.tenant import Tenant
from .har_reader import Cassette
from .har_writer import as_json

Settle = Callable[[Tenant, Ask, ClaimsOf], Tenant]
"""Puts into a tenant what the responses of a recording, and its tokens' claims, say where it is left open."""


@dataclass(frozen=True)
class Replay:
    """All that a run would have learnt by asking."""

    base_url: str | None
    tenant: Tenant
    recording: Recording
    extra: tuple[Probe, ...] = ()
    """Probes for what another tool's recording asks beyond the plan."""


def base_url(cassette: Cassette) -> str | None:
    """The target's address as our own recording says it; None where it says none that could be one."""
    try:
        return checked_base_url(string(cassette.about.get("base_url")))
    except UsageProblem:
        return None


def shard(cassette: Cassette) -> tuple[int, int] | None:
    """Which part of how many of a tenant our own recording is about; None: of the whole."""
    match cassette.about.get("shard"):
        case [int(number), int(of)] if 1 <= number <= of:
            return number, of
    return None


def people(tenant: Tenant) -> dict[str, Any]:
    """Owners and callers as plain data for the reports, without any token."""
    return {
        "owners": [{"label": owner.label, "kind": owner.kind, "state": owner.state} for owner in tenant.owners],
        "callers": [
            {"label": caller.label, "scopes": sorted(caller.scopes) if caller.scopes is not None else None}
            for caller in tenant.callers
            if tenant.default or caller.label in tenant.identities  # else there is no token of theirs
        ],
    }


def described(tenant: Tenant, shard: tuple[int, int] | None = None) -> dict[str, Any]:
    """What a recording has to say of a tenant."""
    return {
        "owners": [as_json(owner) for owner in tenant.owners],
        "callers": [as_json(caller) for caller in tenant.callers],
        **({"shard": list(shard)} if shard else {}),
        "default": tenant.default,
        "identities": list(tenant.identities),
        "unknown": dict(tenant.unknown),
        "closed": sorted(tenant.closed),
        "seed": tenant.seed,
        **({"exhaustive": True} if tenant.exhaustive else {}),
    }


def replay(cassette: Cassette, target: Tenant | None, url: str | None, settle: Settle) -> Replay:
    """What a run of ours learnt. `target`: the owners, where the user gave them; `url`: the given base URL."""
    tenant, recording = cassette.tenant, cassette.recorded
    if target is not None:
        callers = tenant.caller_by_label
        target = replace(target, seed=tenant.seed, default=target.default if tenant.default else None)
        me = callers.get(target.default or "")  # the target file need not name this user
        owners = with_me(target, me).owners if me else target.owners
        renamed = dict(_renamed(recording.exchanges, tenant.owners, owners))
        recording = replace(recording, exchanges=renamed)
        tenant = settle(target, lambda _: renamed, callers.get)
    recorded = base_url(cassette)
    if url and recorded and url != recorded:
        note = f"recorded at {recorded}, and reported as {url}, the base URL that was given"
        recording = replace(recording, notes=(*recording.notes, note))
    return Replay(url or recorded, tenant, recording)


def _renamed(
    exchanges: Mapping[str, Exchange], before: Iterable[Owner], now: Iterable[Owner]
) -> Iterator[tuple[str, Exchange]]:
    """Exchanges by the labels that the owners have now; those of owners that are gone are left out."""
    labels = {name: owner.label for owner in now for name in _names(owner)}
    new = {owner.label: next((labels[name] for name in _names(owner) if name in labels), None) for owner in before}
    for key, exchange in exchanges.items():
        shape, _, rest = key.partition("/")
        whose, _, request_kind = rest.partition("/")
        label = re.split(r"\.(?:unknown|size)-", whose, maxsplit=1)[0]
        if (renamed := new.get(label, label)) is not None:
            yield f"{shape}/{renamed}{whose.removeprefix(label)}/{request_kind}", exchange


def _names(owner: Owner) -> Iterator[tuple[object, ...]]:
    """By what an owner is known again: an id or a userPrincipalName, else that it is the caller."""
    place = (owner.kind, owner.group_id, owner.contact_id, owner.folder_id, owner.size)
    keys = [key for key in (("id", owner.user_id), ("upn", owner.user_upn)) if key[1]]
    yield from ((*place, *key) for key in keys or [("caller", owner.caller)])
