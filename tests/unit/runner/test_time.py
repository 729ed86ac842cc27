"""How long a run takes: said before it, watched during it, and bounded."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from conformance.model import Answer, Cell
from conformance.options import config
from conformance.reporting.conclusion import concluded
from conformance.reporting.run import Run
from conformance.runner.evaluated import evaluate
from conformance.runner.prepared import Prepared, prepare
from conformance.runner.record import dry_run, estimate, record
from tests.unit.target.targets import TOKENS, served

GRAPH = {"GRAPH_TOKEN": TOKENS["ADELE_TOKEN"]}


def of(chapter: str, **values: object) -> tuple[Prepared, list[Cell]]:
    """A run and the cells of one chapter."""
    prepared = prepare(config.settle(values))
    return prepared, [cell for cell in prepared.cells if cell.requirement.startswith(f"{chapter}.")]


def test_the_estimate_says_requests_and_seconds() -> None:
    """With a rate the least time is known, else it depends on the target."""
    assert "600 requests, 4 at a time: about 8 s if a response takes 50 ms" == estimate(config.settle({}), 600)
    assert "600 requests, 2 a second: at least 300 s" == estimate(config.settle({"rate": "2"}), 600)
    assert estimate(config.settle({}), 600, at_most=True).startswith("at most 600 requests, 4 at a time: ")


def test_requests_that_depend_on_responses_are_announced_as_at_most(tmp_path: Path) -> None:
    """A conditional request needs the entity-tag of an earlier response, and is not sent without one."""
    prepared, cells = of("odata", odata=True, explore=0, reports=tmp_path)

    assert dry_run(prepared, cells).startswith("at most ")


@pytest.mark.parametrize(
    ("chapter", "options"),
    [("metadata", {"explore": 0}), ("exploration", {"explore": 1}), ("exploration", {"explore": 1, "shard": "2/2"})],
    ids=["planned", "random", "random-in-the-second-shard"],
)
def test_a_dry_run_counts_what_a_run_sends(tmp_path: Path, chapter: str, options: dict[str, object]) -> None:
    """The number is that of the run's own announcement, and nothing is sent."""
    prepared, cells = of(chapter, reports=tmp_path, **options)
    said: list[str] = []
    recorded = record(prepared, cells, announce=said.append)

    assert [dry_run(prepared, cells)] == said
    assert said[0].startswith(f"{len(recorded.recording.exchanges):,} requests, 4 at a time: ")


def test_the_end_of_the_requests_is_reported_once(tmp_path: Path) -> None:
    """Random requests are sent last, and the progress ends behind them with the number that was announced."""
    prepared = prepare(config.settle({"explore": 1, "reports": tmp_path}))
    cells = [cell for cell in prepared.cells if cell.requirement.startswith(("exploration.", "metadata."))]
    said: list[str] = []
    reported: list[tuple[int, int]] = []
    record(prepared, cells, lambda *numbers: reported.append(numbers), announce=said.append)

    sent = reported[-1][0]
    assert [numbers for numbers in reported if numbers[0] == numbers[1]] == [(sent, sent)]
    assert said[0].startswith(f"{sent:,} requests, ")


def test_a_dry_run_does_not_ask_who_there_is() -> None:
    """Without a target file the owners are discovered by requests, so the number that follows is unknown."""
    prepared, cells = of("metadata", base_url="http://127.0.0.1:9/v1.0")

    assert "the owners are found out first" in dry_run(prepared, cells, GRAPH)


def test_when_time_is_over_the_rest_is_inconclusive() -> None:
    """Requests end, discovery included; what was recorded is evaluated, and it was said at once."""
    said: list[str] = []

    def slow(_: object, answer: Answer) -> Answer:
        time.sleep(0.2 if said else 0.01)  # the owners are found out in time, on a busy machine too
        return answer

    with served(slow) as base_url:
        prepared, cells = of("metadata", base_url=base_url, max_time=3.5, concurrency=2)
        began = time.monotonic()
        recorded = record(prepared, cells, announce=said.append, environ=GRAPH)
        took = time.monotonic() - began
    document = evaluate(recorded).document()
    reasons = {each["reason"] for each in document["verdicts"] if each["outcome"] == "inconclusive"}

    assert took < 6
    assert "not asked within 3.5 s (--max-time)" in reasons
    assert 6 == concluded(Run(document)).exit_code
    assert [line for line in said if "longer than --max-time" in line]


@pytest.mark.parametrize("max_time", ["0", "-1", "soon"])
def test_a_time_is_above_zero(max_time: str) -> None:
    """No run without time is begun."""
    with pytest.raises(ValueError, match="--max-time: expected seconds, more than 0"):
        config.settle({"max_time": max_time})
