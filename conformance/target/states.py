"""Whether an owner has a photo, found out by asking where the target file does not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..media import json_text, pictures
from ..media.pictures import Picture
from ..model import Answer, Exchange, Form, Owner, Probe, State
from ..spec import Contract
from ..spec.request_kinds import PLAIN
from .tenant import Tenant


def learnt(tenant: Tenant, exchanges: Mapping[str, Exchange], contract: Contract) -> Tenant:
    """The tenant with every state that can be learnt; an owner whose responses show neither state keeps none.

    The picture decides: by one path that responds with a picture, the owner has a photo, and by 404 from every
    picture path, none. Only where a recording holds no picture request of the owner, the metadata decides.
    """
    shown: dict[str, list[bool | None]] = {}
    for probe in (*detection(contract, tenant), *without_pictures(contract, tenant, exchanges)):
        if exchange := exchanges.get(probe.key):
            shown.setdefault(probe.owner.label, []).append(_shows_a_photo(exchange.answer, probe.shape.form))
    return tenant.learnt(_with_state(owner, shown.get(owner.label, [])) for owner in tenant.owners)


def _with_state(owner: Owner, shown: Sequence[bool | None]) -> Owner:
    if owner.state is not None or not shown:
        return owner
    if True in shown:
        return replace(owner, state=State.PRESENT)
    return owner if None in shown else replace(owner, state=State.ABSENT)


def _shows_a_photo(answer: Answer | None, form: Form) -> bool | None:
    """True: a photo; False: none (404, or the placeholder); None: neither can be said."""
    if answer is None or answer.status not in (200, 404):
        return None
    if answer.status == 404:
        return False
    if form is Form.PHOTO:
        return True if isinstance(pictures.read(answer.body), Picture) else None
    metadata = json_text.read(answer.body)
    if not isinstance(metadata, dict):
        return None
    return not (metadata.get("width") == 1 and metadata.get("height") == 1)


def without_pictures(contract: Contract, tenant: Tenant, exchanges: Mapping[str, Exchange]) -> list[Probe]:
    """Requests for the metadata of owners whose picture was not requested, which only happens in a recording."""
    asked = {probe.owner.label for probe in detection(contract, tenant) if probe.key in exchanges}
    return _asking(contract, tenant, Form.METADATA, (owner for owner in tenant.owners if owner.label not in asked))


def detection(contract: Contract, tenant: Tenant) -> list[Probe]:
    """The picture of every owner whose state is not known, by every path that names the owner."""
    return _asking(contract, tenant, Form.PHOTO, tenant.owners)


def _asking(contract: Contract, tenant: Tenant, form: Form, owners: Iterable[Owner]) -> list[Probe]:
    if tenant.default is None:
        return []
    shapes = [shape for shape in contract.shapes if shape.form is form and shape.operation.leads_to == "photo"]
    return [
        tenant.probe(shape, owner, PLAIN, State.UNDECLARED)
        for owner in owners
        for shape in shapes
        if owner.state is None and owner.size is None and tenant.names(shape, owner)
    ]
