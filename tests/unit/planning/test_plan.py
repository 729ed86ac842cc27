"""The plan: cells from the contract alone, cases from the test users and groups, and no request that nothing needs."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

import pytest

from conformance.catalogue.permission_selectors import asked_as, opens
from conformance.client.retry_policy import interleaved
from conformance.model import Addressing, Answer, Cell, CredentialKind, Exchange, Form, Owner, Probe, Request, State
from conformance.model.probe import AGAIN, PLAIN
from conformance.planning.plan import Plan, cells, wave, why_not_exercised
from conformance.requirements import CATALOGUE
from conformance.spec import Edition, load
from conformance.target import target_file
from conformance.target.discovery import detection, with_states
from tests.unit.media.test_pictures import drawn

FEW: dict[str, Any] = {
    "user": [
        {
            "id": "u",
            "upn": "u@x.example",
            "token": {"env": "T"},
            "photo": True,
            "contacts": [{"id": "c", "photo": True}],
        },
        {"id": "v", "upn": "v@x.example", "photo": False},
    ],
    "group": [{"id": "g", "photo": True}],
    "identity": [
        {"user": "u", "token": {"env": "A"}, "scopes": ["User.Read"]},
        {"token": {"env": "B"}, "scopes": ["Group.Read.All"]},
        {"user": "u", "token": {"env": "C"}},
    ],
}


V2016, V2023, OBSERVED = map(load, ("v1.0-2016", "v1.0-2023", "observed"))


def plan(who: dict[str, Any] | None = None, edition: Edition = V2016) -> Plan:
    """A plan of the whole catalogue."""
    return Plan(CATALOGUE, edition, target_file.parse(FEW if who is None else who).tenant)


def cell(name: str, edition: Edition = V2016) -> Cell:
    """The cell of that name."""
    return next(cell for cell in cells(CATALOGUE, edition) if cell.name == name)


def probes_for(*names: str, who: dict[str, Any] | None = None) -> set[str]:
    """Keys of what these cells need."""
    return {probe.key for probe in plan(who).probes(cell(name) for name in names)}


def test_cells_depend_on_no_owner() -> None:
    """The contract has its cells, whatever owners the target has; all twenty shapes are among them."""
    every = list(cells(CATALOGUE, V2016))
    assert {cell.place for cell in every if cell.requirement in ("picture.answers-200", "metadata.answers-200")} == {
        f"{shape.key}.present" for shape in load().shapes
    }
    assert Counter(cell.name for cell in every).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("requirement", "edition", "asked"),
    [
        ("metadata.id-matches-dimensions", V2016, True),
        ("metadata.id-matches-dimensions", OBSERVED, False),
        ("placeholder.id-is-1x1", V2023, True),
        ("placeholder.id-is-1x1", OBSERVED, False),
        ("placeholder.status-is-expected", OBSERVED, True),
        ("annotation.id-is-photo-url", OBSERVED, False),
        ("annotation.id-names-the-owner", OBSERVED, True),
        ("odata.has-version", V2016, False),
    ],
)
def test_an_edition_asks_for_its_own_clauses(requirement: str, edition: Edition, asked: bool) -> None:
    """A clause that an edition does not know has no cell there."""
    assert bool(cells({requirement: CATALOGUE[requirement]}, edition)) is asked


def test_a_cell_needs_its_own_answers_and_those_it_rests_on() -> None:
    """A picture's cell needs the picture; one on both forms both, twice since they may vary; nothing else is asked."""
    assert probes_for("picture.answers-200[group.photo.present]") == {"group.photo/group-1/plain"}
    assert probes_for("picture.is-a-picture[group.photo.present]") == {"group.photo/group-1/plain"}
    both = probes_for("picture.dimensions-match-metadata[group.present]")
    assert both == {f"group.{form}/group-1/{kind}" for form in Form for kind in ("plain", "again")}


def test_bad_credentials_bring_the_good_request_for_the_same_url() -> None:
    """Behind a cache that ignores Authorization, a copy must be there to be served to a request without a token."""
    asked = plan().probes([cell("credentials.none-is-refused[group.photo.no-credentials]")])
    assert [probe.key for probe in asked] == ["group.photo/group-1/plain", "group.photo/group-1/no-token"]
    assert len({probe.target for probe in asked}) == 1


def test_an_answer_is_asked_for_once() -> None:
    """However many requirements look at an answer, there is one probe for it."""
    every = plan().probes(cells(CATALOGUE, V2016))
    assert len({probe.key for probe in every}) == len(every)
    plain = [(probe.target, probe.credential, probe.headers) for probe in every if probe.request_kind == PLAIN.name]
    assert len(plain) == len(set(plain))


def test_the_second_asking_comes_last() -> None:
    """Plain requests are first, and everything is asked once before anything is asked again."""
    request_kinds = [probe.request_kind for probe in plan().probes(cells(CATALOGUE, V2016))]
    first_again = request_kinds.index(AGAIN.name)
    assert set(request_kinds[first_again:]) == {AGAIN.name}
    assert set(request_kinds[: request_kinds.count(PLAIN.name)]) == {PLAIN.name}


def test_without_a_token_only_credentials_are_asked() -> None:
    """With no token at all no probe would need one."""
    people = target_file.parse({"user": [{"id": "u", "photo": True}]}).tenant
    without = Plan(CATALOGUE, V2016, type(people)(people.owners))
    kinds = {probe.credential.kind for probe in without.probes(cells(CATALOGUE, V2016))}
    assert CredentialKind.TOKEN not in kinds
    assert {CredentialKind.NONE, CredentialKind.EMPTY, CredentialKind.GARBAGE} <= kinds
    assert "no token" in why_not_exercised(cell("picture.answers-200[me.photo.present]"), without)


def test_why_a_cell_is_not_exercised_is_said_in_a_sentence() -> None:
    """Which kind of owner is missing, in which state, or by which key."""
    empty = plan({"user": [{"id": "u", "photo": True, "token": {"env": "T"}}]})
    result = why_not_exercised(cell("picture.answers-200[user-folder.photo.upn.present]"), empty)
    assert result == "no contact with a photo is known for this path"
    by_upn = why_not_exercised(cell("picture.answers-200[user.photo.upn.present]"), empty)
    assert by_upn == "no user with a photo is known for this path by upn"
    tokenless = plan({"user": [{"id": "u", "token": {"env": "T"}}, {"id": "v", "photo": False}]})
    of_me = why_not_exercised(cell("placeholder.id-is-1x1[me.metadata.absent]"), tokenless)
    assert of_me == "no user without a photo is known for this path, which needs the token of the user"
    for relation in ("user-key-is-accepted[user.id.present]", "id-and-upn-agree[user.metadata.present]"):
        both = why_not_exercised(cell(f"relation.{relation}"), empty)
        assert both == "no user with a photo is known for every path that this compares"
    by_id = why_not_exercised(
        cell("relation.id-and-upn-agree[user.metadata.present]"),
        plan({"user": [{"id": "u", "token": {"env": "T"}, "photo": False}, {"upn": "v@a.example", "photo": True}]}),
    )
    assert by_id == "no user with a photo is known for this path by id"
    assert "identity" in why_not_exercised(cell("permission.one-scope-is-enough[me.photo.scoped]"), empty)
    no_group = why_not_exercised(cell("permission.one-scope-is-enough[group.photo.scoped]"), empty)
    assert no_group == "no group of the kind asked is known for this path"


def test_an_identity_is_asked_for_its_own_and_for_another() -> None:
    """/me asks for the caller's own photo; elsewhere the own comes first, then one other owner's."""
    people, shapes = plan().tenant, load().shapes
    me = next(shape for shape in shapes if shape.variant == "me" and shape.form is Form.PHOTO)
    assert [owner.label for owner in asked_as("identity-1", me, people)] == ["user-1"]
    assert asked_as("identity-2", me, people) == []


@pytest.mark.parametrize(
    ("caller", "variant", "opened"),
    [
        ("identity-1", "me", True),
        ("identity-1", "user", True),
        ("identity-1", "group", False),
        ("identity-2", "group", True),
        ("identity-2", "user", False),
        ("identity-3", "group", None),
    ],
)
def test_scopes_open_what_the_table_says(caller: str, variant: str, opened: bool | None) -> None:
    """Own-only scopes open one's own photo; of a caller whose scopes are not known nothing is said."""
    people = plan().tenant
    shape = next(s for s in load().shapes if s.variant == variant and s.form is Form.PHOTO)
    owner = people.named_by(shape, State.PRESENT)[0]
    assert opens(caller, shape, owner, people) is opened


@pytest.mark.parametrize("scope", ["user.read.all", "https://graph.microsoft.com/User.Read.All", "User.Read.All/"])
def test_a_scope_is_known_however_it_is_written(scope: str) -> None:
    """Scopes have no case, and may stand behind the URL of their resource."""
    people = target_file.parse({**FEW, "identity": [{"token": {"env": "T"}, "scopes": [scope]}]}).tenant
    shape = next(s for s in load().shapes if s.variant == "user")

    assert opens("identity-1", shape, people.named_by(shape, State.PRESENT)[0], people) is not scope.endswith("/")


def test_own_scopes_do_not_open_another_user() -> None:
    """User.Read opens no other user, and nothing is said of an owner who may be the caller."""
    people = plan().tenant
    shape = next(s for s in load().shapes if s.variant == "user" and s.addressing is Addressing.UPN)
    assert opens("identity-1", shape, Owner("x", "user", user_id="v"), people) is False
    assert opens("identity-1", shape, Owner("x", "user", user_id="v", user_upn="V@x.example"), people) is False
    unknown_owner = target_file.parse(
        {**FEW, "user": [{"upn": "u@x.example", "photo": True, "token": {"env": "T"}}]}
    ).tenant
    assert opens("identity-1", shape, unknown_owner.owners[0], unknown_owner) is None


def test_pictures_of_unknown_state_are_requested_by_every_path() -> None:
    """The picture of an owner of unknown state is requested by each path that names the owner."""
    people = target_file.parse(
        {"user": [{"id": "u", "token": {"env": "T"}}], "group": [{"id": "g", "photo": True}]}
    ).tenant
    assert [probe.key for probe in detection(load(), people)] == ["me.photo/user-1/plain", "user.photo.id/user-1/plain"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(200, body=drawn()), State.PRESENT),
        (Answer(404), State.ABSENT),
        (Answer(200, body=b"junk"), None),
        (Answer(500), None),
    ],
)
def test_a_state_is_learnt_from_the_picture(answer: Answer, state: State | None) -> None:
    """A picture says that there is a photo and a 404 that there is none; other responses leave the state open."""
    people = target_file.parse({"user": [{"id": "u", "token": {"env": "T"}}]}).tenant
    probes = detection(load(), people)
    assert with_states(people, probes, answered(probes, answer)).owners[0].state is state


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(200, body=b'{"width":31,"height":17}'), State.PRESENT),
        (Answer(200, body=b'{"width":1,"height":1}'), State.ABSENT),
        (Answer(404), State.ABSENT),
        (Answer(200, body=b"junk"), None),
        (Answer(403), None),
    ],
)
def test_a_state_is_learnt_from_metadata_without_a_picture(answer: Answer, state: State | None) -> None:
    """Where a recording holds no request for the owner's picture, the metadata decides."""
    people = target_file.parse({"user": [{"id": "u", "token": {"env": "T"}}]}).tenant
    probes = detection(load(), people, Form.METADATA)
    assert with_states(people, probes, answered(probes, answer)).owners[0].state is state


def answered(probes: list[Probe], answer: Answer) -> dict[str, Exchange]:
    return {probe.key: Exchange(probe.key, Request("GET", "http://h"), answer=answer) for probe in probes}


@pytest.mark.parametrize("backends", [2, 3])
def test_backends_that_take_turns_do_not_get_their_own_requests_again(backends: int) -> None:
    """Of two servers in turn one would have all the pictures, and its difference from the other would not be seen."""
    waves = [[*each] for _, each in groupby(plan().probes(cells(CATALOGUE, V2016)), wave)]
    sent = [probe.key for each in waves for probe in interleaved(each)]
    number = {key: at for at, key in enumerate(sent)}
    again = [key for key in sent if ".photo" in key and key.endswith(AGAIN.name)]
    moved = [(number[key] - number[key.replace(AGAIN.name, PLAIN.name)]) % backends for key in again]
    assert {*moved} == {*range(backends)}
