"""Whether an owner has a photo, found out by asking."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from conformance.model import Addressing, Answer, Caller, Exchange, Failure, FailureKind, Form, Owner, Request, State
from conformance.spec import load
from conformance.target.discovery import detection, with_states
from conformance.target.tenant import Tenant


def picture() -> Answer:
    """A picture of 48 by 48."""
    out = io.BytesIO()
    Image.new("RGB", (48, 48)).save(out, "PNG")
    return Answer(200, (), out.getvalue())


def metadata(width: int) -> Answer:
    """Metadata of a square photo; of 1 pixel, the placeholder."""
    return Answer(200, (), json.dumps({"id": f"{width}X{width}", "width": width, "height": width}).encode())


CONTRACT = load()
TENANT = Tenant(
    (Owner("user-1", "user", user_id="a", user_upn="a@b.example", caller="user-1"),), (Caller("user-1"),), "user-1"
)
REQUEST = Request("GET", "http://h/v1.0")
GONE = Answer(404)
REFUSED = Answer(403)
ODD = Answer(200, (), b"<html>")


@pytest.mark.parametrize(
    ("by_id", "by_upn", "state"),
    [
        (picture(), GONE, State.PRESENT),
        (GONE, picture(), State.PRESENT),
        (REFUSED, picture(), State.PRESENT),
        (GONE, GONE, State.ABSENT),
        (GONE, REFUSED, None),
        (REFUSED, REFUSED, None),
        (ODD, ODD, None),
        (GONE, None, None),
        (None, None, None),
    ],
)
def test_pictures_tell_the_state(by_id: Answer | None, by_upn: Answer | None, state: State | None) -> None:
    """One path with a picture means a photo, 404 by every path means none, and anything else leaves the state open."""
    exchanges = {}
    probes = detection(CONTRACT, TENANT)
    for probe in probes:
        answer = by_upn if probe.shape.addressing is Addressing.UPN else by_id
        failure = None if answer else Failure(FailureKind.RESET, "gone")
        exchanges[probe.key] = Exchange(probe.key, REQUEST, answer, failure)

    assert [state] == [one.state for one in with_states(TENANT, probes, exchanges).owners]


@pytest.mark.parametrize(
    ("answer", "state"),
    [(metadata(48), State.PRESENT), (metadata(1), State.ABSENT), (GONE, State.ABSENT), (ODD, None), (REFUSED, None)],
)
def test_metadata_tells_it_where_a_recording_holds_no_picture(answer: Answer, state: State | None) -> None:
    """Of an owner whose picture was never asked for, the metadata is believed."""
    probes = detection(CONTRACT, TENANT, Form.METADATA)
    exchanges = {p.key: Exchange(p.key, REQUEST, answer) for p in probes}

    assert [state] == [one.state for one in with_states(TENANT, probes, exchanges).owners]
