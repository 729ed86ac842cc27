"""Evaluating by hand-made requirements and recordings: what each outcome is given for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from conformance.catalogue.decoded_response import DecodedResponse
from conformance.catalogue.requirement import WHOLE
from conformance.catalogue.selectors import Everything, PerOwner
from conformance.evaluation.evaluator import Evaluator
from conformance.model import Answer, Exchange, Failure, FailureKind, Finding, Form, Outcome, Recording, Request, State
from conformance.planning.plan import Plan, cells
from conformance.requirements.selections import PRESENT_PHOTO_TWICE, SELECTS, UNKNOWN
from conformance.spec import load
from conformance.target import target_file
from tests.made_requirements import SHOULD, TWO_GROUPS, evaluated, good, not_200, outcomes, rule

V2016 = load()


def test_a_must_that_is_broken_violates_and_a_should_departs() -> None:
    """The level decides what a finding is called; each owner has a verdict of its own."""
    verdicts = evaluated(
        rule("a.must", not_200),
        rule("a.should", not_200, level=SHOULD),
        reply=lambda probe: Answer(404 if probe.owner.label == "group-2" else 200),
    )
    assert outcomes(verdicts) == {
        "a.must": [(Outcome.CONFORMS, None), (Outcome.VIOLATES, None)],
        "a.should": [(Outcome.CONFORMS, None), (Outcome.DEPARTS, None)],
    }
    (bad,) = [verdict for verdict in verdicts if verdict.outcome is Outcome.VIOLATES]
    assert bad.case == "group.photo.present/group-2"
    assert bad.findings == (Finding("status", "200", "404"),)
    assert bad.exchanges == ("group.photo/group-2/plain",)


def test_what_only_a_repeated_request_meets_is_reported_as_that() -> None:
    """Who repeats the request once would not see it."""
    wrong = {"group-1": ["again"], "group-2": ["plain", "again"]}
    first, second = evaluated(
        rule("a.must", not_200, on=PRESENT_PHOTO_TWICE),
        reply=lambda probe: Answer(404 if probe.request_kind in wrong[probe.owner.label] else 200),
    )
    assert first.findings == (Finding("status, asked again", "200", "404"),)
    assert second.findings == (Finding("status", "200", "404"),)


def test_what_an_edition_asks_less_of_departs() -> None:
    """An edition's own level counts."""
    edition = replace(V2016, levels={"a.must": SHOULD})
    verdicts = evaluated(rule("a.must", not_200), reply=lambda probe: Answer(404), edition=edition)
    assert {(verdict.outcome, verdict.level) for verdict in verdicts} == {(Outcome.DEPARTS, SHOULD)}


def test_a_function_that_raises_is_broken() -> None:
    """A bug in the suite is reported with its traceback, never as the target's; the others are still evaluated."""

    def raises(answer: DecodedResponse) -> Iterator[Finding]:
        yield Finding("x", "y", answer.metadata["no such key"])

    verdicts = evaluated(rule("a.raises", raises), rule("a.next", good, needs=("a.raises",)))
    broken = [verdict for verdict in verdicts if verdict.outcome is Outcome.BROKEN]
    assert [verdict.requirement for verdict in broken] == ["a.raises"] * 2
    assert all("KeyError" in (verdict.reason or "") for verdict in broken)


@pytest.mark.parametrize(
    "kind", [FailureKind.UNREACHABLE, FailureKind.TLS, FailureKind.THROTTLED, FailureKind.CREDENTIAL]
)
def test_what_says_nothing_of_the_contract_is_inconclusive(kind: FailureKind) -> None:
    """A target that cannot be reached is not evaluated; the reason is given."""
    whole = rule(WHOLE, lambda answer: iter(()), on=Everything(), failures=True)
    verdicts = evaluated(whole, rule("a.must", not_200), reply=lambda probe: Failure(kind, "why"))
    assert {(verdict.outcome, verdict.reason) for verdict in verdicts} == {(Outcome.INCONCLUSIVE, "why")}


def test_a_throttled_answer_leaves_h1_inconclusive() -> None:
    """Answers that were waited out say nothing of an answer that never came."""
    throttling = (rule(name, good, on=Everything(), failures=True) for name in (WHOLE, "http.throttling"))
    catalogue = {each.id: each for each in (*throttling, rule("a.must", good))}
    plan = Plan(catalogue, V2016, target_file.parse(TWO_GROUPS).tenant)
    failure = Failure(FailureKind.THROTTLED, "why")
    exchanges = {
        probe.key: Exchange(probe.key, Request("GET", "http://h"), failure=failure, throttled=(Answer(429),))
        for probe in plan.probes(cells(catalogue, V2016))
    }
    evaluator = Evaluator(plan, Recording(exchanges))
    by_name = {
        cell.requirement: evaluator.verdicts(cell)[0].outcome
        for cell in cells(catalogue, V2016)
        if cell.place == "group.photo.present"
    }
    assert by_name == {WHOLE: Outcome.INCONCLUSIVE, "http.throttling": Outcome.CONFORMS, "a.must": Outcome.INCONCLUSIVE}


def test_a_cell_without_owners_is_not_exercised() -> None:
    """Where no owner of the kind is known one verdict says so."""
    (verdict,) = evaluated(rule("a.must", not_200), who={"user": [{"id": "u", "token": {"env": "T"}}]})
    assert verdict.outcome is Outcome.NOT_EXERCISED
    assert "no group with a photo" in (verdict.reason or "")
    assert verdict.case == "group.photo.present/none"


def test_an_answer_that_was_not_recorded_is_not_exercised() -> None:
    """An older recording may lack a request that today's requirements ask for."""
    assert outcomes(evaluated(rule("a.must", not_200), reply=lambda probe: None)) == {
        "a.must": [(Outcome.NOT_EXERCISED, None)] * 2
    }


def test_several_answers_of_one_owner_make_one_verdict() -> None:
    """The worst of an owner's responses is reported, with the findings and exchanges of the bad ones alone."""
    several = PerOwner(State.PRESENT, (Form.METADATA,), SELECTS[:3])
    verdicts = evaluated(
        rule("a.select", not_200, on=several),
        reply=lambda probe: Answer(400 if probe.request_kind == "select-width" else 200),
    )
    assert [verdict.outcome for verdict in verdicts] == [Outcome.VIOLATES] * 2
    assert verdicts[0].findings == (Finding("status", "200", "400"),)
    assert verdicts[0].exchanges == ("group.metadata/group-1/select-width", "group.metadata/group-1/plain")


def test_evaluating_twice_gives_the_same_verdicts() -> None:
    """Verdicts depend on plan and recording alone, not on what was evaluated before."""
    rules = (rule("a.first", not_200), rule("a.second", good, needs=("a.first",)))
    assert evaluated(*rules, reply=lambda p: Answer(404)) == evaluated(*rules, reply=lambda p: Answer(404))
    assert (
        outcomes(evaluated(*reversed(rules), reply=lambda p: Answer(404)))["a.second"]
        == [(Outcome.BLOCKED, "a.first")] * 2
    )


def test_the_photo_index_holds_every_owners_response() -> None:
    """The index has all owners with a photo by their responses; digests are in lower case."""
    who = {**TWO_GROUPS, "group": [{"id": "a", "photo": {"sha256": "AB" * 32}}, {"id": "b", "photo": True}]}
    catalogue = {"a.must": rule("a.must", good)}
    plan = Plan(catalogue, V2016, target_file.parse(who).tenant)
    probes = [probe for probe in plan.probes(cells(catalogue, V2016)) if probe.shape.variant == "group"]
    exchanges = {
        probe.key: Exchange(probe.key, Request("GET", "http://h"), answer=Answer(200, body=b"x")) for probe in probes
    }
    photo_index = Evaluator(plan, Recording(exchanges)).photo_index
    assert photo_index.declared == {"group-1": "ab" * 32}
    assert list(photo_index.owners.values()) == [{"group-1", "group-2"}]
    assert replace(photo_index) == photo_index


@pytest.mark.parametrize(
    ("groups", "outcome"), [([], Outcome.NOT_EXERCISED), ([{"id": "a", "photo": True}], Outcome.VIOLATES)]
)
def test_a_403_to_an_unknown_id_counts_where_the_token_is_known_to_open_the_path(
    groups: list[dict[str, Any]], outcome: Outcome
) -> None:
    """A token for users alone gets 403 for any group, as it should: without a known group this cannot be known."""
    who = {"user": [{"id": "u", "token": {"env": "T"}}], "group": groups}
    rules = rule("unknown.is-404", is_404, on=UNKNOWN)

    verdicts = evaluated(rules, who=who, reply=lambda _: Answer(403), state=State.UNKNOWN)

    assert {verdict.outcome for verdict in verdicts} == {outcome}


@pytest.mark.parametrize(
    ("scopes", "status", "outcome"),
    [
        ({"User.Read"}, 403, Outcome.NOT_EXERCISED),
        ({"User.Read"}, 404, Outcome.NOT_EXERCISED),
        ({"User.Read"}, 400, Outcome.VIOLATES),
        ({"Group.Read.All"}, 404, Outcome.VIOLATES),
        (None, 404, Outcome.VIOLATES),
    ],
)
def test_a_caller_without_a_listed_scope_may_be_refused(scopes: set[str] | None, status: int, outcome: Outcome) -> None:
    """With 403, or with 404 that hides the owner (S5b): what the owner's photo must be is not asked then."""
    known = None if scopes is None else frozenset(scopes)
    verdicts = evaluated(rule("picture.must", not_200), reply=lambda _: Answer(status), scopes=known)
    assert {verdict.outcome for verdict in verdicts} == {outcome}


def is_404(answer: DecodedResponse) -> Iterator[Finding]:
    if answer.status != 404:
        yield Finding("status", "404", str(answer.status))
