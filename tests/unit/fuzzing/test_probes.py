"""Drawn requests as probes, and probes known again."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote
from uuid import uuid4

import pytest

from conformance.catalogue.selectors import is_drawn
from conformance.fuzzing import drawn_requests
from conformance.model import Exchange, Probe, Request, State
from conformance.planning.plan import Plan
from conformance.recording.har_reader import Cassette
from conformance.spec import load
from conformance.target.tenant import Tenant
from tests.in_process import BASE_URL
from tests.unit.fuzzing.odd import drawn, explored


def plan() -> Plan:
    return explored().plan


def test_every_drawn_request_is_asked() -> None:
    """On a target with owners of each kind every drawn request becomes one probe, with a key of its own."""
    keys = [probe.key for probe in plan().explored]

    assert len(keys) == len(set(keys)) == 70
    assert all(map(is_drawn, keys))


def test_an_odd_id_stands_in_the_path_of_a_known_owner() -> None:
    """The odd id is one segment; the owners named around it exist on the target, and none has that id."""
    known = {text for o in plan().tenant.owners for text in (o.user_id, o.user_upn, o.contact_id, o.folder_id) if text}
    odd = {one.value for one in drawn() if one.value}

    for probe in plan().explored:
        if probe.state is State.UNKNOWN:
            parts = zip(probe.shape.operation.template.split("/"), probe.target.split("/"), strict=True)
            named = [unquote(text) for word, text in parts if word.startswith("{")]
            assert len(set(named) & odd) == 1
            assert len(set(named) & known) == len(named) - 1
            assert probe.owner.made_up


def test_an_odd_question_is_asked_of_an_owner_with_a_photo() -> None:
    """Questions go to owners who are known to have a photo; users are named by id here and by name there."""
    asked = [probe for probe in plan().explored if probe.state is State.PRESENT]

    assert {probe.owner.state for probe in asked} == {State.PRESENT}
    assert {probe.shape.addressing for probe in asked if probe.shape.addressing} == {"id", "upn"}


def test_nothing_is_asked_for_nothing() -> None:
    """Without a token nothing drawn is asked; of the parts of a run one alone asks it."""
    assert drawn_requests.probes(drawn(), load(), Tenant()) == ()
    assert drawn_requests.probes(drawn(), load(), replace(plan().tenant, leading=False)) == ()


def test_without_owners_only_odd_ids_are_requested() -> None:
    """Where no owner is known an odd id may be requested, and an odd request kind only for a caller with a photo."""
    unexercised = replace(plan().tenant, owners=())

    states = {probe.state for probe in drawn_requests.probes(drawn(), load(), unexercised)}

    assert states == {State.UNKNOWN}


def test_what_was_drawn_is_known_again() -> None:
    """A recording of ours tells what was drawn: out of it come the same probes, by their keys and requests."""
    usual = (("Accept", "application/json"), ("User-Agent", "us"), ("client-request-id", str(uuid4())))
    planned = next(iter(explored().good))
    exchanges = {
        probe.key: Exchange(probe.key, Request("GET", BASE_URL + probe.target, probe.headers or usual))
        for probe in plan().explored
    } | {planned: Exchange(planned, Request("GET", BASE_URL))}

    found = tuple(drawn_requests.recorded(exchanges, plan().edition, plan().tenant, BASE_URL))

    assert [compared(probe) for probe in found] == [compared(probe) for probe in plan().explored]


def compared(probe: Probe) -> tuple[object, ...]:
    """What a requirement, or another recording, depends on in a probe."""
    return probe.key, probe.shape, probe.state, probe.owner.label, probe.target, probe.headers


@pytest.mark.parametrize(
    ("about", "count"), [({}, 0), ({"explore": 7}, 7), ({"explore": "many"}, 0), ({"explore": -1}, 0)]
)
def test_a_recording_tells_how_many_were_drawn(about: dict[str, object], count: int) -> None:
    """What the recording of another run says is believed, if it is a number that can be."""
    assert drawn_requests.count(None, Cassette(about=about), embedded=True) == count


@pytest.mark.parametrize(
    ("number", "embedded", "count"), [(None, True, 5), (None, False, 0), (3, False, 3), (0, True, 0)]
)
def test_who_says_nothing_explores_our_own_server_alone(number: int | None, embedded: bool, count: int) -> None:
    """What the user says counts; else five an operation of the embedded server, and none of another's."""
    assert drawn_requests.count(number, None, embedded=embedded) == count
    recorded = Cassette(about={"explore": 9})
    assert drawn_requests.count(number, recorded, embedded=embedded) == (9 if number is None else number)
