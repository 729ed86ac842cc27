"""A run without pytest: plan, record over HTTP, evaluate. No allowed way of carrying a response is named."""

from __future__ import annotations

import tomllib

import pytest

from conformance.client.recorder import Recorder
from conformance.evaluation.evaluator import Evaluator
from conformance.model import Outcome, Recording, Verdict
from conformance.options.config import Config
from conformance.planning.plan import Plan, cells
from conformance.reference.entities import MockTenant
from conformance.reference.target_export import target_file_text, tokens
from conformance.requirements import CATALOGUE
from conformance.spec import load
from conformance.target import target_file
from tests.in_process import few
from tests.proof.variations.wire import WAYS, Way, plain, serve
from tests.unit.client.asking import StaticTokens


def evaluated(people: MockTenant, base_url: str) -> tuple[list[Verdict], Recording]:
    """The verdicts of one variant's cells on a server, recorded over HTTP: a way of carrying knows no paths."""
    who = target_file.parse(tomllib.loads(target_file_text(people, base_url, load("v1.0-2016").name)))
    plan = Plan(CATALOGUE, load("v1.0-2016"), who.tenant)
    every = [cell for cell in cells(plan.catalogue, plan.edition) if cell.variant == "user"]
    secrets = StaticTokens({caller: tokens(people)[source.value] for caller, source in who.sources.items()})
    with Recorder(Config(base_url=base_url, deadline=30), secrets) as recorder:
        exchanges = recorder.ask(plan.probes(every))
    recording = Recording(exchanges)
    evaluator = Evaluator(plan, recording)
    return [verdict for cell in every for verdict in evaluator.verdicts(cell)], recording


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.replace("_", "-"))
def test_an_allowed_way_of_carrying_responses_is_not_named(way: Way) -> None:
    """However an answer is carried, it is evaluated as the same answer: everything conforms."""
    people = few()
    with serve(people, way) as server:
        verdicts, recording = evaluated(people, server.base_url)
    assert [(v.requirement, v.case, v.findings, v.reason) for v in verdicts if v.outcome is not Outcome.CONFORMS] == []
    assert len(recording.exchanges) <= server.requests
    waited = sum(len(exchange.throttled) for exchange in recording.exchanges.values())
    assert bool(waited) == ("throttled" in way.__name__ or "unavailable" in way.__name__)


def test_a_server_that_goes_away_is_no_violation() -> None:
    """Where no server listens nothing violates: every verdict is inconclusive."""
    people = few()
    with serve(people, plain) as server:
        base_url = server.base_url
    verdicts, _ = evaluated(people, base_url)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.INCONCLUSIVE}
