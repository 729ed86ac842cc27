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


def learnt(tenant: Tenant, probes: Iterable[Probe], exchanges: Mapping[str, Exchange]) -> Tenant:
    """The tenant with every state that can be learnt; an owner whose responses show neither state keeps none.

    By one path that responds with a picture, the owner has a photo, and by 404 from every path, none.
    """
    shown: dict[str, list[bool | None]] = {}
    for probe in probes:
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


def detection(contract: Contract, tenant: Tenant, form: Form = Form.PHOTO) -> list[Probe]:
    """The picture of every owner whose state is not known, or the metadata, by every path that names the owner."""
    if tenant.default is None:
        return []
    shapes = [shape for shape in contract.shapes if shape.form is form and shape.operation.leads_to == "photo"]
    return [
        tenant.probe(shape, owner, PLAIN, State.UNDECLARED)
        for owner in tenant.owners
        for shape in shapes
        if owner.state is None and owner.size is None and tenant.names(shape, owner)
    ]
