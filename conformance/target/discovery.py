"""Finding out which owners a target has and which of them have a photo, before anything is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..auth.claims import same_user
from ..media import json_text, pictures
from ..media.pictures import Picture
from ..model import Answer, Caller, Exchange, Form, Owner, Probe, State
from ..model.probe import PLAIN
from ..reporting.printable import mapping
from ..spec import Edition
from .batches import AT_A_TIME
from .candidates import all_candidates, signed_in
from .listing import NO_ANSWER, Ask, Lists
from .tenant import Tenant

ClaimsOf = Callable[[str], Caller | None]
"""A caller's claims by label, or what a recording knows of it; None where the token is opaque or cannot be had."""
KEPT = 2
"""Owners of each kind kept with a photo, and as many without."""
_NO_SUCH_OWNER = ("Request_ResourceNotFound", "ErrorInvalidUser", "UserNotFound")
"""Codes that the service uses where a user or a group is not there at all; anything else is taken for no photo."""


@dataclass(frozen=True)
class Discovered:
    """The tenant as it was found, and a sentence on each thing that was tried."""

    tenant: Tenant
    notes: tuple[str, ...] = ()
    heard: bool = True
    """Whether any response said something; False: the target is not there, or the token is refused everywhere."""


def find_out(
    ask: Ask, tenant: Tenant, edition: Edition, base_url: str, claims_of: ClaimsOf, labels: Iterable[str]
) -> Discovered:
    """The tenant with all that can be learnt by asking: who is signed in, which owners there are, who has a photo.

    `labels`: the callers whose tokens may be looked into. Without any user or group in the tenant the target is
    asked for them; else only for what the target file leaves open. Without a token nothing is asked.
    """
    default = tenant.default
    if default is None:
        return Discovered(tenant)
    lists = Lists(ask, base_url, default)
    tenant = informed(tenant, labels, claims_of)
    explored, caller = not tenant.owners, tenant.caller_by_label[default]
    named = caller.app_only or any(owner.caller == default for owner in tenant.owners)
    if explored or not named:  # the target file does not say who holds GRAPH_TOKEN
        me, note = signed_in(lists, caller)
        known = bool(lists.statuses - {None} or me.user_id or me.user_upn)  # else a recording that did not ask
        if note and (explored or known):
            lists.notes.append(note)
        if known:
            callers = (me if one.label == default else one for one in tenant.callers)
            tenant = without_me(replace(tenant, callers=tuple(callers)))
        if explored:
            tenant = tenant.with_owners(all_candidates(lists, me, edition))
        elif known and not me.app_only:
            before, tenant = len(tenant.owners), with_me(tenant, me)
            whose = "none of the target file's" if me.user_id or me.user_upn else "not known"
            lists.notes.extend(f"the signed-in user is {whose}; asked as {one.label}" for one in tenant.owners[before:])
    tenant, missing = _states_found_out(lists, tenant, edition)
    if explored:
        missing -= {owner.label for owner in tenant.owners if owner.caller and owner.kind == "user"}
        lists.notes.extend(
            f"{label} is listed, but not found (404 to both forms); left out" for label in sorted(missing)
        )
        tenant = tenant.with_owners(_kept([one for one in tenant.owners if one.label not in missing], lists.notes))
    heard = not lists.statuses or bool(lists.statuses - {None, NO_ANSWER, 401})
    if heard:
        tenant = replace(tenant, closed=closed(tenant, edition, lists.refused))
    return Discovered(tenant, tuple(lists.notes), heard)


def _states_found_out(lists: Lists, tenant: Tenant, edition: Edition) -> tuple[Tenant, set[str]]:
    """The owners with their states, and those who are not found at all; kinds that are always 403 are refused.

    Found out for some at a time: their responses need not all be in memory.
    """
    found: list[Owner] = []
    statuses: dict[str, set[int | None]] = {}
    missing: set[str] = set()
    for start in range(0, len(tenant.owners), AT_A_TIME):
        some = tenant.with_owners(tenant.owners[start : start + AT_A_TIME])
        probes = detection(edition, some)
        exchanges = dict(lists.send(probes))
        pictured = {probe.owner.label for probe in probes if probe.key in exchanges}
        for probe in probes:
            if probe.owner.kind != "user" or probe.owner.caller is None:
                answer = exchanges[probe.key].answer if probe.key in exchanges else None
                statuses.setdefault(probe.owner.kind, set()).add(answer.status if answer else None)
        # those without a picture in a recording, and those who seem to be missing
        seem = _missing(probes, exchanges)
        again = [owner for owner in some.owners if owner.label not in pictured or owner.label in seem]
        metadata = detection(edition, some.with_owners(again), Form.METADATA)
        exchanges.update(lists.send(metadata))
        instead = [probe for probe in metadata if probe.owner.label not in pictured]
        found += with_states(some, (*probes, *instead), exchanges).owners
        missing |= seem & _missing((*probes, *metadata), exchanges)
    lists.refused.update(kind for kind, seen in statuses.items() if seen == {403})
    return tenant.with_owners(found), missing


def with_states(tenant: Tenant, probes: Iterable[Probe], exchanges: Mapping[str, Exchange]) -> Tenant:
    """The tenant with every state that can be learnt; an owner whose responses show neither state keeps none.

    By one path that responds with a picture, the owner has a photo, and by 404 from every path, none.
    """
    shown: dict[str, list[bool | None]] = {}
    for probe in probes:
        if exchange := exchanges.get(probe.key):
            shown.setdefault(probe.owner.label, []).append(_shows_a_photo(exchange.answer, probe.shape.form))
    owners = []
    for owner in tenant.owners:
        seen = shown.get(owner.label, [None])
        state = State.PRESENT if True in seen else None if None in seen else State.ABSENT
        owners.append(replace(owner, state=owner.state or state))
    return tenant.with_owners(owners)


def _shows_a_photo(answer: Answer | None, form: Form) -> bool | None:
    """True: a photo; False: none (404, or the placeholder); None: neither can be said."""
    if answer is None or answer.status not in (200, 404):
        return None
    if answer.status == 404:
        return False
    if form is Form.PHOTO:
        return True if isinstance(pictures.read(answer.body), Picture) else None
    metadata = json_text.read(answer.body)
    return (metadata.get("width"), metadata.get("height")) != (1, 1) if isinstance(metadata, dict) else None


def detection(edition: Edition, tenant: Tenant, form: Form = Form.PHOTO) -> list[Probe]:
    """The picture of every owner whose state is not known, or the metadata, by every path that names the owner."""
    if tenant.default is None:
        return []
    shapes = [shape for shape in edition.shapes if shape.form is form and shape.operation.leads_to == "photo"]
    return [
        tenant.probe(shape, owner, PLAIN, State.UNDECLARED)
        for owner in tenant.owners
        for shape in shapes
        if owner.state is None and owner.size is None and tenant.names(shape, owner)
    ]


def _missing(probes: Iterable[Probe], exchanges: Mapping[str, Exchange]) -> set[str]:
    """Labels of owners for which every response says that there is no such user or group, rather than no photo."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for probe in probes:
        answer = exchanges[probe.key].answer if probe.key in exchanges else None
        error = mapping(mapping(json_text.read(answer.body)).get("error")) if answer and answer.status == 404 else {}
        found[error.get("code") in _NO_SUCH_OWNER].add(probe.owner.label)
    return found[True] - found[False]


def with_me(tenant: Tenant, me: Caller) -> Tenant:
    """A target file's tenant in which the signed-in user is found, or else added as one user more."""
    mine = [owner for owner in tenant.owners if same_user(owner, me)]
    owners = tuple(replace(owner, caller=tenant.default) if owner in mine else owner for owner in tenant.owners)
    if not mine:
        taken = [int(one.family.rpartition("-")[2]) for one in owners if one.kind != "group"]  # of a sample, not all
        number = 1 + max(taken, default=0)
        owners += (Owner(f"user-{number}", "user", me.user_id, me.user_upn, caller=tenant.default),)
    return tenant.with_owners(owners)


def _kept(owners: Sequence[Owner], notes: list[str]) -> Iterator[Owner]:
    """A few of each kind with a photo and a few without; the signed-in user in any case."""
    words = {
        "user": "users",
        "group": "groups",
        "contact": "contacts outside of folders",
        "filed": "contacts in folders",
    }
    for kind, plural in words.items():
        candidates = [owner for owner in owners if ("filed" if owner.folder_id else owner.kind) == kind]
        having = {state: [owner for owner in candidates if owner.state is state] for state in (*State, None)}
        kept = [
            owner
            for owner in candidates
            if (kind == "user" and owner.caller is not None) or owner in having[owner.state][:KEPT]
        ]
        yield from kept
        if candidates:
            present, absent = len(having[State.PRESENT]), len(having[State.ABSENT])
            unclear = len(candidates) - present - absent
            notes.append(
                f"{plural} asked for a photo: {len(candidates)} ({present} with a photo, {absent} without)"
                + (f", unclear {unclear}" if unclear else "")
                + (f"; {len(kept)} of them chosen" if len(kept) < len(candidates) else "")
            )


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


def _informed(caller: Caller, claims: Caller | None) -> Caller:
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
    found = set()
    for kind in ("user", "group", "contact"):
        operations = [s.operation for s in edition.shapes if s.operation.kind == kind]
        others = [one for one in operations if kind != "user" or not one.signed_in]
        scopes = {scope for one in others for scope in one.scopes}
        owners = [one for one in tenant.owners if one.kind == kind and (kind != "user" or one.caller is None)]
        shown = any(owner.state is not None for owner in owners)
        lacks_scope = caller is not None and caller.scopes is not None and not caller.holds_one_of(scopes)
        if not shown and (kind in refused or lacks_scope):
            found.add(kind)
    return frozenset(found)
