"""Which requirement blocks which: one cause, one red."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.catalogue.decoded_response import DecodedResponse
from conformance.catalogue.requirement import NO_5XX, WHOLE, BlockedBy
from conformance.catalogue.selectors import Everything
from conformance.model import Answer, CredentialKind, Failure, FailureKind, Finding, Form, Outcome, Probe, State
from conformance.requirements.selections import AMONG_OTHERS, EACH_AGAIN, METADATA_BESIDE_PHOTO, WITHOUT_TOKEN
from tests.made_requirements import SHOULD, evaluated, good, not_200, outcomes, rule


def test_a_need_that_is_violated_blocks_and_is_named() -> None:
    """Each requirement that needs it, directly or through another, is blocked by the first cause."""
    verdicts = evaluated(
        rule("a.first", not_200),
        rule("a.second", good, needs=("a.first",)),
        rule("a.third", not_200, needs=("a.second",)),
        reply=lambda probe: Answer(404),
    )
    result = outcomes(verdicts)
    assert result["a.second"] == result["a.third"] == [(Outcome.BLOCKED, "a.first")] * 2


@pytest.mark.parametrize(("status", "outcome"), [(401, Outcome.INCONCLUSIVE), (200, Outcome.VIOLATES)])
def test_a_refusal_proves_nothing_where_the_good_token_is_in_doubt(status: int, outcome: Outcome) -> None:
    """A target that refuses all tokens, so that the permitted caller's may have expired, earns no verdict for that."""

    def not_refused(answer: DecodedResponse) -> Iterator[Finding]:
        if answer.status == 200:
            yield Finding("status", "a refusal", "200")

    def reply(probe: Probe) -> Answer | Failure:
        with_token = probe.credential.kind is CredentialKind.TOKEN
        return Failure(FailureKind.CREDENTIAL, "refused everywhere") if with_token else Answer(status)

    refusals = rule("credentials.none-is-refused", not_refused, on=WITHOUT_TOKEN)
    found = outcomes(evaluated(refusals, rule("a.plain", good), reply=reply, state=State.NO_CREDENTIALS))
    assert {each for each, _ in found["credentials.none-is-refused"]} == {outcome}


def test_a_departed_need_blocks_a_should_and_never_a_must() -> None:
    """A MUST is evaluated though a SHOULD that it needs, or yields to, is departed from; a SHOULD is blocked."""
    verdicts = evaluated(
        rule("a.first", not_200, level=SHOULD),
        rule("a.needing", not_200, needs=("a.first",)),
        rule("a.yielding", not_200, yields_to=("a.first",)),
        rule("a.should", not_200, level=SHOULD, needs=("a.first",)),
        reply=lambda probe: Answer(404),
    )
    result = outcomes(verdicts)
    assert result["a.needing"] == result["a.yielding"] == [(Outcome.VIOLATES, None)] * 2
    assert result["a.should"] == [(Outcome.BLOCKED, "a.first")] * 2


def test_who_yields_is_blocked_by_a_violation_but_not_by_what_blocks_it() -> None:
    """One yields to the requirement that tells the cause more exactly, and only where it does."""
    rules = (
        rule("a.exact", not_200, needs=("a.root",)),
        rule("a.root", good),
        rule("a.vague", not_200, yields_to=("a.exact",)),
    )
    assert outcomes(evaluated(*rules, reply=lambda p: Answer(404)))["a.vague"] == [(Outcome.BLOCKED, "a.exact")] * 2
    rooted = (rules[0], rule("a.root", not_200), rules[2])
    assert outcomes(evaluated(*rooted, reply=lambda p: Answer(404)))["a.vague"] == [(Outcome.VIOLATES, None)] * 2


def test_a_function_may_say_itself_who_blocks_it() -> None:
    """What is yielded as blocked is blocked, unless there is a finding beside it."""

    def blocked(answer: DecodedResponse) -> Iterator[Finding | BlockedBy]:
        yield BlockedBy("a.other")

    def both(answer: DecodedResponse) -> Iterator[Finding | BlockedBy]:
        yield BlockedBy("a.other")
        yield Finding("x", "y", "z")

    result = outcomes(evaluated(rule("a.blocked", blocked), rule("a.both", both)))
    assert result["a.blocked"] == [(Outcome.BLOCKED, "a.other")] * 2
    assert result["a.both"] == [(Outcome.VIOLATES, None)] * 2


def test_an_answer_that_is_not_whole_blocks_all_but_one() -> None:
    """A deadline missed is reported by H1 alone; what was not asked for it is blocked by H1."""

    def failed(answer: DecodedResponse) -> Iterator[Finding]:
        if answer.exchange.failure:
            yield Finding("the answer", "whole", answer.exchange.failure.kind)

    def reply(probe: Probe) -> Failure:
        return Failure(FailureKind.DEADLINE if probe.owner.label == "group-1" else FailureKind.NOT_ASKED, "why")

    result = outcomes(
        evaluated(rule(WHOLE, failed, on=Everything(), failures=True), rule("a.must", not_200), reply=reply)
    )
    assert result["a.must"] == [(Outcome.BLOCKED, WHOLE)] * 2
    assert result[WHOLE] == [(Outcome.VIOLATES, None), (Outcome.BLOCKED, WHOLE)]


def test_a_breakdown_blocks_whatever_else_is_asked() -> None:
    """A 5xx is reported by H2 alone, though no other requirement names it as needed."""

    def breakdown(answer: DecodedResponse) -> Iterator[Finding]:
        if answer.status >= 500:
            yield Finding("status", "below 500", str(answer.status))

    result = outcomes(
        evaluated(rule(NO_5XX, breakdown, on=Everything()), rule("a.must", not_200), reply=lambda p: Answer(500))
    )
    assert result == {NO_5XX: [(Outcome.VIOLATES, None)] * 2, "a.must": [(Outcome.BLOCKED, NO_5XX)] * 2}


def test_support_that_is_wrong_is_left_out_or_blocks() -> None:
    """Support that a function cannot do without blocks it where it is wrong; a sibling is left out."""
    seen: list[DecodedResponse | None] = []

    def needing(metadata: DecodedResponse, photo: DecodedResponse) -> Iterator[Finding]:
        yield from ()

    def with_sibling(answer: DecodedResponse, sibling: DecodedResponse | None) -> Iterator[Finding]:
        seen.append(sibling)
        yield from ()

    rules = (
        rule("a.photo", not_200),
        rule("a.beside", needing, on=METADATA_BESIDE_PHOTO, needs=("a.photo",)),
        rule("a.among", with_sibling, on=AMONG_OTHERS, needs=("a.photo",)),
    )
    result = outcomes(evaluated(*rules, reply=lambda probe: Answer(404 if probe.shape.form is Form.PHOTO else 200)))
    assert result["a.beside"] == [(Outcome.BLOCKED, "a.photo")] * 2
    assert (Outcome.CONFORMS, None) in result["a.among"]
    assert seen == [None, None]


def test_a_second_answer_that_never_came_is_reported_as_the_first_would_be() -> None:
    """Support that did not come leaves the case as inconclusive as it is itself."""

    def twice(first: DecodedResponse, again: DecodedResponse) -> Iterator[Finding]:
        yield from ()

    def reply(probe: Probe) -> Answer | Failure:
        return Failure(FailureKind.UNREACHABLE, "gone") if probe.request_kind == "again" else Answer(200)

    verdicts = evaluated(rule("a.twice", twice, on=EACH_AGAIN[0]), reply=reply)
    assert {(verdict.outcome, verdict.reason) for verdict in verdicts} == {(Outcome.INCONCLUSIVE, "gone")}


def test_a_circle_of_needs_comes_to_an_end() -> None:
    """Requirements that need each other are evaluated, not recursed into for ever."""
    verdicts = evaluated(
        rule("a.one", not_200, needs=("a.two",)), rule("a.two", good, needs=("a.one",)), reply=lambda p: Answer(404)
    )
    assert {verdict.outcome for verdict in verdicts} <= {Outcome.VIOLATES, Outcome.BLOCKED}
