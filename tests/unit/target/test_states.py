"""Whether an owner has a photo, found out by asking."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from conformance.model import Answer, Caller, Exchange, Failure, FailureKind, Form, Owner, Request, State
from conformance.spec import load
from conformance.target.states import detection, learnt
from conformance.target.tenant import Tenant


def picture() -> Answer:
    """A picture of 48 by 48."""
    out = io.BytesIO()
    Image.new("RGB", (48, 48)).save(out, "PNG")
    return Answer(200, (), out.getvalue())


def metadata(width: int) -> Answer:
    """Metadata of a square photo; of 1 pixel, the placeholder."""
    return Answer(200, (), json.dumps({"id": f"{width}X{width}", "width": width, "height": width}).encode())


GONE = Answer(404)
REFUSED = Answer(403)
ODD = Answer(200, (), b"<html>")


@pytest.mark.parametrize(
    ("told", "shown", "state"),
    [
        (metadata(48), picture(), State.PRESENT),
        (metadata(1), GONE, State.ABSENT),
        (GONE, GONE, State.ABSENT),
        (GONE, picture(), State.PRESENT),
        (metadata(48), GONE, State.PRESENT),
        (metadata(1), picture(), State.PRESENT),
        (REFUSED, REFUSED, None),
        (ODD, ODD, None),
        (None, None, None),
    ],
)
def test_a_state_is_learnt_from_both_answers(told: Answer | None, shown: Answer | None, state: State | None) -> None:
    """A photo in either form is believed; two answers that tell nothing leave the state open."""
    contract = load()
    owner = Owner("user-1", "user", user_id="a", user_upn="a@b.example", caller="user-1")
    tenant = Tenant((owner,), (Caller("user-1"),), "user-1")
    exchanges = {}
    for probe in detection(contract, tenant):
        answer = told if probe.shape.form is Form.METADATA else shown
        failure = None if answer else Failure(FailureKind.RESET, "gone")
        exchanges[probe.key] = Exchange(probe.key, Request("GET", "http://h/v1.0"), answer, failure)

    assert [state] == [one.state for one in learnt(tenant, exchanges, contract).owners]
