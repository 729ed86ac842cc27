"""Drawn requests as probes, for known owners or for ids that do not exist; and found again in a recording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..catalogue.selectors import PREFIX
from ..model import Addressing, Credential, Exchange, Owner, Probe, Shape, State
from ..recording.har_reader import Cassette
from ..spec import Contract
from ..spec.request_kinds import RequestKind
from ..target.tenant import Tenant
from .draw import GUID, Drawn

_KEY = re.compile(rf"(?P<shape>[^/]+)/(?P<owner>[^/]+)/(?P<question>{PREFIX}[0-9]+)")
USUAL = 5
"""Requests per operation where the user does not say how many, and the target is our own server."""
_RANDOM = ".unknown-odd"
"""Ends the label of an owner whose id was drawn."""


def probes(drawn: Iterable[Drawn], contract: Contract, tenant: Tenant) -> tuple[Probe, ...]:
    """What can be sent to this tenant: nothing without a token, for an operation out of reach, or without an owner."""
    if tenant.default is None or not tenant.leading:
        return ()
    found = (_probe(one, [s for s in contract.shapes if s.operation.id == one.operation], tenant) for one in drawn)
    return tuple(probe for probe in found if probe is not None)


def _probe(drawn: Drawn, shapes: list[Shape], tenant: Tenant) -> Probe | None:
    request_kind = RequestKind(f"{PREFIX}{drawn.number}", drawn.query, headers=drawn.headers)
    shapes = shapes[::-1] if drawn.number % 2 else shapes  # so that users are named in either way
    if drawn.parameter is not None and drawn.value is not None:
        shape = _addressed(drawn, shapes)
        if tenant.whole.out_of_reach(shape):
            return None
        label = f"{tenant.whole.any_owner(shape).label}{_RANDOM}"
        owner = tenant.unknown_owner(shape, drawn.parameter, drawn.value, label)
        return tenant.probe(shape, owner, request_kind, State.UNKNOWN)
    known = ((shape, owner) for shape in shapes for owner in tenant.representatives(shape, State.PRESENT))
    return next((tenant.probe(shape, owner, request_kind, State.PRESENT) for shape, owner in known), None)


def _addressed(drawn: Drawn, shapes: list[Shape]) -> Shape:
    """The path shape to ask an odd id by: that of a user with an `@` in it is a userPrincipalName."""
    if drawn.parameter is None or drawn.parameter != shapes[0].operation.by_word.get("user"):
        return shapes[0]
    addressing = Addressing.UPN if "@" in (drawn.value or "") else Addressing.ID
    return next(shape for shape in shapes if shape.addressing is addressing)


def count(wanted: int | None, cassette: Cassette | None, *, embedded: bool) -> int:
    """How many requests per operation are drawn, or were when a recording was made; `wanted`: by the user."""
    if wanted is not None:
        return wanted
    if cassette is None:
        return USUAL * embedded
    recorded = cassette.about.get("explore")
    return recorded if isinstance(recorded, int) and recorded > 0 else 0


def recorded(
    exchanges: Mapping[str, Exchange], contract: Contract, tenant: Tenant, base_url: str | None
) -> Iterator[Probe]:
    """The probes that were drawn when a recording of ours was made: by their keys and requests."""
    shapes = {shape.key: shape for shape in contract.shapes}
    owners = {owner.label: owner for owner in tenant.owners}
    for key, exchange in exchanges.items():
        found = _KEY.fullmatch(key)
        shape = shapes.get(found["shape"]) if found else None
        if found is None or shape is None:
            continue
        label, odd, _ = found["owner"].partition(_RANDOM)
        any_owner = owners.get(label) or Owner(label, "user")
        state = State.UNKNOWN if odd else State.PRESENT
        yield Probe(
            key=key,
            shape=shape,
            state=state,
            owner=replace(any_owner, label=found["owner"], state=state, made_up=bool(odd)),
            request_kind=found["question"],
            target=exchange.request.url.removeprefix(base_url or ""),
            credential=Credential(caller=tenant.asker(shape, any_owner)),
            headers=tuple(filter(_is_odd, exchange.request.headers)),
        )


def _is_odd(field: tuple[str, str]) -> bool:
    """Whether a header field was drawn: the one that the description has, unless it is as the client sends it."""
    return field[0].lower() == "client-request-id" and not GUID.fullmatch(field[1])
