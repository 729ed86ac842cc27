"""Whether an owner has a photo, found out by asking where the target file does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..media import json_text, pictures
from ..media.pictures import Picture
from ..model import Answer, Exchange, Form, Owner, Probe, State
from ..spec import Contract
from ..spec.request_kinds import PLAIN
from .tenant import Tenant


def learnt(tenant: Tenant, exchanges: Mapping[str, Exchange], contract: Contract) -> Tenant:
    """The directory with every owner's state that his two answers tell; of contradictory ones the photo is believed.

    Believing it makes the other form's answer a finding, not a guess. An owner whose answers tell nothing keeps no
    state, and is not judged.
    """
    shown: dict[str, list[bool | None]] = {}
    for probe in detection(contract, tenant):
        answer = exchanges[probe.key].answer if probe.key in exchanges else None
        shown.setdefault(probe.owner.label, []).append(_shows_a_photo(answer, probe.shape.form))
    return tenant.learnt(_with_state(owner, shown.get(owner.label, [])) for owner in tenant.owners)


def _with_state(owner: Owner, shown: list[bool | None]) -> Owner:
    if owner.state is not None or all(one is None for one in shown):
        return owner
    return replace(owner, state=State.PRESENT if True in shown else State.ABSENT)


def _shows_a_photo(answer: Answer | None, form: Form) -> bool | None:
    """True: a photo; False: none (404, or the placeholder); None: neither can be said."""
    if answer is None or answer.status not in (200, 404):
        return None
    if answer.status == 404:
        return False
    if form is Form.PHOTO:
        return True if isinstance(pictures.read(answer.body), Picture) else None
    told = json_text.read(answer.body)
    if not isinstance(told, dict):
        return None
    return not (told.get("width") == 1 and told.get("height") == 1)


def detection(contract: Contract, tenant: Tenant) -> list[Probe]:
    """Both forms of every owner whose state is not known, by the first path shape that names him."""
    found = []
    for owner in tenant.owners:
        if owner.state is None and tenant.default is not None:
            shapes = [s for s in contract.shapes if tenant.names(s, owner)][:1]
            found += [
                tenant.probe(other, owner, PLAIN, State.PRESENT)
                for shape in shapes
                for other in contract.shapes
                if (other.variant, other.addressing) == (shape.variant, shape.addressing)
            ]
    return found
