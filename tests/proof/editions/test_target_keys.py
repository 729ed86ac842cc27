"""What the target file tells for the later editions: teams, and folders inside folders."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from conformance.model import Answer, Form, Owner, Place, Recording, State, UsageProblem
from conformance.model.probe import KEYED, PLAIN
from conformance.recording import har_writer, replay
from conformance.reference.default_tenant import CLIENTS, FORMER, default_tenant
from conformance.reference.target_export import target_file_text
from conformance.spec import load
from conformance.target import target_file
from conformance.target.tenant import Tenant
from tests.in_process import conforming_run_with, few
from tests.unit.recording.reading import load as read_back

OBSERVED = load("observed")


def house(contact: dict[str, Any], group: dict[str, Any]) -> target_file.Target:
    user = {"id": "a", "token": {"env": "T"}, "contacts": [{"id": "c", "photo": True, **contact}]}
    return target_file.parse({"user": [user], "group": [{"id": "g", "photo": True, **group}]})


def asked(variant: str, contact: dict[str, Any], group: dict[str, Any]) -> list[str]:
    """The paths of the owners with a photo that a variant names."""
    tenant = house(contact, group).tenant
    shapes = [s for s in OBSERVED.shapes if (s.variant, s.form) == (variant, Form.METADATA)]
    return [
        tenant.probe(shape, owner, PLAIN, State.PRESENT).target
        for shape in shapes
        for owner in tenant.named_by(shape, State.PRESENT)
    ]


def test_a_group_is_asked_as_a_team_where_it_is_said_to_be_one() -> None:
    """`team = true` opens the team's path, and a group of which that is not said is no team."""
    assert asked("team", {}, {"team": True}) == ["/teams/g/photo"]
    assert asked("team", {}, {"team": False}) == asked("team", {}, {}) == []


def test_a_team_is_asked_as_a_group_too() -> None:
    """A team is a group as any other."""
    assert asked("group", {}, {"team": True}) == ["/groups/g/photo"]


def test_a_contact_two_folders_deep_is_asked_by_both() -> None:
    """`parent` is the outer folder and `folder` the inner one; without it there is no such path."""
    deep = asked("me-child-folder", {"folder": "in/", "parent": "out="}, {})
    assert deep == ["/me/contactfolders/out%3D/childFolders/in%2F/contacts/c/photo"]
    assert asked("me-child-folder", {"folder": "in/"}, {}) == []


def test_a_contact_two_folders_deep_is_asked_by_its_own_folder_too() -> None:
    """The folder that holds the contact is a folder as any other."""
    assert asked("me-folder", {"folder": "in", "parent": "out"}, {}) == ["/me/contactfolders/in/contacts/c/photo"]


@pytest.mark.parametrize(
    ("contact", "group"), [({"parent": "out"}, {}), ({"folder": "in", "parent": ""}, {}), ({}, {"team": "yes"})]
)
def test_a_key_that_says_nothing_is_refused(contact: dict[str, Any], group: dict[str, Any]) -> None:
    """A parent without a folder, an empty one, and a team that is no truth value are one clear line."""
    with pytest.raises(UsageProblem, match=r"^target file: \$"):
        house(contact, group)


def test_the_reference_directory_tells_teams_and_parents() -> None:
    """The reference server's own target file has both keys."""
    data = tomllib.loads(target_file_text(default_tenant(), "http://127.0.0.1:1/v1.0", "observed"))
    folders = {(c["folder"], c["parent"]) for user in data["user"] for c in user.get("contacts", []) if "parent" in c}
    assert [group.get("team") for group in data["group"]] == [True, True, None]
    assert folders == {(FORMER, CLIENTS)}


def test_a_recording_keeps_them() -> None:
    """Written to HAR and read back, an owner is a team, or two folders deep, as before."""
    owners = (
        Owner("group-1", "group", group_id="g", team=True),
        Owner("user-1.contact-1", "contact", user_id="a", contact_id="c", folder_id="in", parent_id="out"),
    )
    text = "".join(har_writer.har(Recording({}), [], replay.described(Tenant(owners))).lines())
    assert read_back(text).tenant.owners == owners


def test_keys_in_parentheses_keep_their_quotes() -> None:
    """Asked by keys in parentheses, each key stands in quotes after its collection, and its own quotes are doubled."""
    tenant = house({}, {}).tenant
    owner = replace(tenant.owners[0], user_id="o'b/1", state=State.PRESENT)
    shape = next(shape for shape in OBSERVED.shapes if shape.key == "user.photo.id")
    assert tenant.probe(shape, owner, KEYED, State.PRESENT).target == "/users('o%27%27b%2F1')/photo/$value"


def test_me_is_the_user_of_an_identity_too() -> None:
    """`@odata.id` may name the signed-in user by `me`, where only an `[[identity]]` has a token of theirs."""

    def with_hidden_token(target: dict[str, Any]) -> dict[str, Any]:
        first, *others = target["user"]
        return {**target, "user": [{key: value for key, value in first.items() if key != "token"}, *others]}

    def by_me(place: Place, answer: Answer) -> Answer:
        if not place.shape.operation.signed_in or place.shape.form is not Form.METADATA or answer.status != 200:
            return answer
        data = json.loads(answer.body)
        named = re.sub(r"/users(/[^/(]+|\('[^']+'\))/", "/me/", data.get("@odata.id", ""))
        return replace(answer, body=json.dumps({**data, "@odata.id": named}).encode())

    run = conforming_run_with(few(), change_target=with_hidden_token)
    assert {probe.request_kind for probe, *_ in run.good.values() if probe.target == "/me/photo"} > {"as-identity-1"}
    assert run.named() == run.named(by_me) == set()
