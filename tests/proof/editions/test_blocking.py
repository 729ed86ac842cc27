"""What may block what, in every edition: a MUST is blocked by a violated MUST alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from conformance import faults, requirements
from conformance.evaluation.blocking import blockers
from conformance.faults.making import header, redrawn, refused
from conformance.model import Answer, Form, Level, Outcome, Place, State, Verdict
from conformance.reference.default_tenant import default_tenant
from conformance.requirements import CATALOGUE
from conformance.spec import EDITIONS, load
from tests.in_process import Fault, TargetData, bad, conforming_run, conforming_run_with, few

EVERY_EDITION = pytest.mark.parametrize("edition", EDITIONS)


def departing(place: Place, answer: Answer) -> Answer:
    """The pictures have other pixels than their metadata says, and other entity-tags: in `observed` two SHOULDs."""
    if place.shape.form is not Form.PHOTO or place.state is not State.PRESENT or answer.status != 200:
        return answer
    return header(replace(answer, body=redrawn(answer.body, grow=1)), "ETag", '"another"')


def other_at_me(place: Place, answer: Answer) -> Answer:
    """The same, and `/me` has yet another picture."""
    if place.shape.variant == "me" and place.shape.form is Form.PHOTO and answer.status == 200:
        return replace(answer, body=redrawn(answer.body, grow=7))
    return departing(place, answer)


@cache
def with_fault(edition: str, fault: Fault) -> list[Verdict]:
    """What is found of the edition's own server with such a fault."""
    return conforming_run(edition).evaluated(fault)


def unearned(verdicts: list[Verdict]) -> list[Verdict]:
    """Blocked MUSTs whose blocker is no MUST that is violated somewhere in the run."""
    violated = {v.requirement for v in verdicts if v.outcome is Outcome.VIOLATES}
    blocked = [v for v in verdicts if v.outcome is Outcome.BLOCKED and v.level is Level.MUST]
    return [verdict for verdict in blocked if verdict.blocked_by not in violated]


@EVERY_EDITION
def test_a_random_picture_for_each_request_violates(edition: str) -> None:
    """A picture that varies from request to request is H3 in every edition, and blocks what it causes."""
    verdicts = conforming_run(edition).evaluated(faults.find("relation.random.picture"))
    assert {v.requirement for v in verdicts if v.outcome is Outcome.VIOLATES} == {"http.repeat-is-identical"}
    assert unearned(verdicts) == []


@EVERY_EDITION
@pytest.mark.parametrize("fault", ["property.width-is.text", "picture.is.base64"])
def test_what_is_wrong_in_the_same_way_twice_is_repeated(edition: str, fault: str) -> None:
    """A property or picture that is wrong does not keep H3 from being checked: it is wrong again in the same way."""
    verdicts = conforming_run(edition).evaluated(faults.find(fault))
    repeated = {v.outcome for v in verdicts if v.requirement == "http.repeat-is-identical"}
    assert Outcome.CONFORMS in repeated
    assert Outcome.BLOCKED not in repeated


@EVERY_EDITION
def test_departures_hide_no_violation(edition: str) -> None:
    """Another picture at /me violates R2, though pixels and entity-tags depart from SHOULDs."""
    verdicts = with_fault(edition, other_at_me)
    violated = {v.requirement for v in verdicts if v.outcome is Outcome.VIOLATES}
    by_level = CATALOGUE["picture.dimensions-match-metadata"].level_in(load(edition))
    assert ("relation.me-matches-user" if by_level is Level.SHOULD else "picture.dimensions-match-metadata") in violated


@EVERY_EDITION
@pytest.mark.parametrize("fault", [departing, other_at_me])
def test_blocked_musts_are_blocked_by_violated_musts(edition: str, fault: Fault) -> None:
    """No MUST is blocked by a requirement that is merely departed from, or that holds."""
    assert unearned(with_fault(edition, fault)) == []


def said_to_block() -> Iterator[str]:
    """The ids that requirements' functions themselves name as what blocks them."""
    for file in Path(requirements.__path__[0]).glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "BlockedBy":
                yield ast.literal_eval(node.args[0])


@EVERY_EDITION
def test_what_a_function_names_as_its_blocker_is_a_must(edition: str) -> None:
    """Functions that say themselves what blocks them name requirements that are MUSTs in every edition."""
    named = set(said_to_block())
    assert named
    assert {CATALOGUE[name].level_in(load(edition)) for name in named} == {Level.MUST}


@EVERY_EDITION
def test_no_prerequisite_leads_from_a_should_to_a_must(edition: str) -> None:
    """Of all prerequisites of a MUST those that the evaluator lets block it are MUSTs, and through them MUSTs alone."""
    asked = load(edition)
    musts = [one for one in CATALOGUE.values() if one.level_in(asked) is Level.MUST]
    found = {one.id: blockers(one, CATALOGUE, asked) for one in musts}
    may_block = {one.id: {*found[one.id].needs, *found[one.id].yields_to} for one in musts}
    levels = {CATALOGUE[other].level_in(asked) for others in may_block.values() for other in others}
    assert levels == {Level.MUST}
    assert any({*one.needs, *one.yields_to} - may_block[one.id] for one in musts) == (edition == "observed")


@pytest.mark.parametrize("accepted", [False, True])
def test_a_user_of_one_key_counts_where_that_key_is_not_accepted(*, accepted: bool) -> None:
    """A user without an id in the target file is refused for the same reason; one who is found shows another one."""

    def of_one_key(file: TargetData) -> TargetData:
        del file["user"][2]["id"]
        return file

    def no_upn(place: Place, answer: Answer) -> Answer:
        refuses = place.shape.addressing == "upn" and not (accepted and place.owner == "lee")
        return refused(answer, 404) if refuses and answer.status == 200 else answer

    people = replace(default_tenant(), users=default_tenant().users[:3], identities=few().identities)
    verdicts = conforming_run_with(people, change_target=of_one_key, fault=no_upn).evaluated()
    status = {"picture.answers-200", "metadata.answers-200", "placeholder.status-is-expected"}
    named = bad(verdict for verdict in verdicts if verdict.variant == "user")
    assert named == (status if accepted else {"relation.user-key-is-accepted"})


@pytest.mark.parametrize("addressing", ["id", "upn"])
def test_a_key_that_is_not_accepted_is_reported_of_the_list_of_sizes_too(addressing: str) -> None:
    """Where the edition lists a user's sizes, the list is not found by that key either: nothing else is wrong."""

    def of_other_key(place: Place, answer: Answer) -> Answer:
        return refused(answer, 404) if place.shape.addressing == addressing else answer

    verdicts = with_fault("observed", of_other_key)
    lists = [v for v in verdicts if v.variant == "user-sizes" and v.requirement == "metadata.answers-200"]
    assert bad(verdicts) == {"relation.user-key-is-accepted"}
    assert {v.blocked_by for v in lists if v.addressing == addressing} == {"relation.user-key-is-accepted"}


@pytest.mark.parametrize("variant", ["me-sizes", "user-sizes"])
def test_a_list_of_sizes_that_is_nowhere_is_one_cause(variant: str) -> None:
    """Who has no photo has no list that is due: the lists of others show that the path refuses permitted callers."""

    def gone(place: Place, answer: Answer) -> Answer:
        return refused(answer, 404) if place.shape.variant == variant else answer

    assert bad(with_fault("observed", gone)) == {"metadata.answers-200"}


def test_a_list_of_users_by_one_key_that_is_nowhere_is_its_own_path() -> None:
    """The users are found by that key; where the list alone is not, its path does not exist."""

    def gone(place: Place, answer: Answer) -> Answer:
        nowhere = place.shape.variant == "user-sizes" and place.shape.addressing == "upn"
        return refused(answer, 404) if nowhere else answer

    assert bad(with_fault("observed", gone)) == {"metadata.answers-200"}


def refusing_one_scope(place: Place, answer: Answer) -> Answer:
    """A caller that holds one scope alone is refused what that scope opens."""
    return refused(answer, 403) if place.permitted and len(place.scopes) == 1 else answer


def test_a_refused_caller_blocks_nothing_that_the_usual_caller_gets() -> None:
    """A caller with a listed scope who is refused (S3) says nothing about the responses that another caller gets."""
    verdicts = with_fault("v1.0-2016", refusing_one_scope)
    blocked = [v for v in verdicts if v.blocked_by == "permission.one-scope-is-enough"]
    assert {v.state for v in blocked} == {State.SCOPED}


def mixed_up_and_numbered(place: Place, answer: Answer) -> Answer:
    """One picture is served to all owners, and every `id` is a number."""
    numbered = faults.find("property.id-is.number")(place, answer)
    return faults.find("relation.one-picture-for-all")(place, numbered)


def test_a_wrong_property_hides_no_picture_of_another_owner() -> None:
    """The picture decides whose photo is served: what is wrong with the metadata beside it does not matter."""
    verdicts = with_fault("v1.0-2016", mixed_up_and_numbered)
    violated = {v.requirement for v in verdicts if v.outcome is Outcome.VIOLATES}
    assert {"relation.not-another-owner", "metadata.id-is-a-string"} <= violated


def no_picture_known(place: Place, answer: Answer) -> Answer:
    """Permitted callers receive 404 for each picture."""
    return refused(answer, 404) if place.shape.form is Form.PHOTO and answer.status == 200 else answer


def test_a_refusal_counts_where_permitted_callers_receive_another_status() -> None:
    """401 without a token is seen where the good one receives 404; a 404 for an id that exists nowhere is not."""
    photos = [v for v in with_fault("v1.0-2016", no_picture_known) if v.form is Form.PHOTO]
    found = {v.outcome for v in photos if v.requirement.startswith("credentials.")}
    unknown = {v.outcome for v in photos if v.requirement == "unknown.discloses-nothing"}
    assert (found, unknown) == ({Outcome.CONFORMS}, {Outcome.BLOCKED})
