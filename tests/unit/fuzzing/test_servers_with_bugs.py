"""What exploration finds and nothing else does: servers with bugs that only odd requests trigger."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from conformance.catalogue.selectors import is_drawn
from conformance.causes import evidence, grouping
from conformance.evaluation.evaluator import Evaluator
from conformance.evaluation.run_problems import set_aside
from conformance.faults.making import refused, shown
from conformance.model import Answer, Outcome, Place, Recording, State, Verdict
from conformance.planning.plan import cells
from conformance.recording import har_writer
from conformance.reporting import verdicts_file
from conformance.requirements import CATALOGUE
from conformance.spec import EDITIONS
from tests.in_process import bad
from tests.unit.fuzzing.odd import BUGS, Bug, explored, with_bug

pytestmark = pytest.mark.whole

CHAPTER = {name for name, requirement in CATALOGUE.items() if requirement.chapter == "exploration"}


def evaluated(recording: Recording) -> list[Verdict]:
    """All verdicts of the default edition on the recording, of what was planned and of what was drawn."""
    plan = explored().plan
    evaluator = Evaluator(plan, recording)
    return [verdict for cell in cells(plan.catalogue, plan.edition) for verdict in evaluator.verdicts(cell)]


def causes(verdicts: list[Verdict], recording: Recording) -> list[dict[str, Any]]:
    """The causes that the reports name for the verdicts."""
    about = {one.id: {"sentence": one.sentence, "chapter": one.chapter, "link": ""} for one in CATALOGUE.values()}
    now = "2026-01-01T00:00:00Z"
    facts = {"target": {"base_url": None}, "requirements": about, "edition": EDITIONS[0]}
    document = verdicts_file.document(verdicts, {**facts, "started": now, "finished": now})
    odd = replace(recording, exchanges={key: one for key, one in recording.exchanges.items() if is_drawn(key)})
    entries: list[dict[str, Any]] = json.loads("".join(har_writer.har(odd, [], {}).lines()))["log"]["entries"]
    return grouping.causes(document, evidence.seen({entry["_id"]: entry for entry in entries}))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_is_found_and_reported_once(bug: Bug) -> None:
    """The default exploration finds it by the one expected requirement, and reports one cause with a request."""
    recording = with_bug(explored(), bug)

    verdicts = evaluated(recording)
    (cause,) = causes(verdicts, recording)

    assert bad(verdicts) == set(cause["requirements"]) == {bug.expected}
    assert "no curated requirement asks this" in cause["findings"][0]["at"]
    assert ", asked http://" in cause["findings"][0]["got"]
    assert is_drawn(cause["exchange"])


def test_each_requirement_on_what_is_drawn_is_violated() -> None:
    """Each requirement of the chapter is violated by some bug."""
    assert {bug.expected for bug in BUGS} == CHAPTER


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_good_server_is_found_good(edition: str) -> None:
    """The reference server conforms in every edition, whatever is drawn, and every cell is exercised."""
    conforming = explored(edition, 6, 3)
    plan, evaluator = conforming.plan, Evaluator(conforming.plan, conforming.faulted())

    drawn_on = [c for c in cells(CATALOGUE, plan.edition) if c.requirement in CHAPTER]

    assert {verdict.outcome for cell in drawn_on for verdict in evaluator.verdicts(cell)} == {Outcome.CONFORMS}
    assert len(plan.explored) == 6 * len(plan.edition.operations)


def of_unknown_owners(apply: Callable[[Place, Answer], Answer]) -> Callable[[Place, Answer], Answer]:
    return lambda place, answer: (
        apply(place, answer) if place.state is State.UNKNOWN and answer.status == 404 else answer
    )


@pytest.mark.parametrize(
    ("apply", "expected"),
    [
        (of_unknown_owners(lambda _, answer: refused(answer, 500)), {"http.never-5xx"}),
        (of_unknown_owners(shown), {"unknown.discloses-nothing"}),
        (of_unknown_owners(lambda _, answer: refused(answer, 410)), {"unknown.is-404"}),
        (of_unknown_owners(lambda _, answer: replace(answer, body=b"{}")), {"error.has-envelope"}),
        (lambda place, answer: refused(answer, 500) if "$select" in place.query else answer, {"http.never-5xx"}),
    ],
    ids=["500", "shown", "410", "no envelope", "select"],
)
def test_what_a_planned_request_finds_is_not_reported_again(
    apply: Callable[[Place, Answer], Answer], expected: set[str]
) -> None:
    """One cause, one red: where the planned requests are answered as badly, what was drawn is blocked by theirs."""
    verdicts = explored().evaluated(apply)
    blocked = {v.blocked_by for v in verdicts if v.requirement in CHAPTER and v.outcome is Outcome.BLOCKED}

    assert bad(verdicts) == expected
    assert expected <= blocked


def test_general_requirements_look_at_nothing_drawn() -> None:
    """No verdict outside of the chapter looks at an answer to what was drawn."""
    looked_at = {each for v in evaluated(explored().faulted()) if v.requirement not in CHAPTER for each in v.exchanges}

    assert looked_at
    assert not any(map(is_drawn, looked_at))


@pytest.mark.parametrize("status", [401, 404])
def test_odd_answers_do_not_hide_a_problem_of_the_run(status: int) -> None:
    """A token refused everywhere, or a wrong path, is reported even if odd requests are refused before that is seen."""
    exchanges = {
        key: replace(one, answer=refused(one.answer, 400 if is_drawn(key) else status))
        for key, (_, _, one) in explored().good.items()
        if one.answer
    }
    recording = replace(explored().faulted(), exchanges=exchanges)

    aside = set_aside(recording, [probe for probe, _, _ in explored().good.values()])

    assert aside.notes
    assert not any(exchange.answer for key, exchange in aside.exchanges.items() if is_drawn(key))
