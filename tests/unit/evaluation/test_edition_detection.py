"""Edition detection: which edition a target follows, by its responses."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conformance.evaluation import edition_detection
from conformance.faults import FAULTS
from conformance.model import Answer, Form, Outcome, Probe, Recording, State
from conformance.planning.plan import Plan, cells
from conformance.recording import har_writer, replay
from conformance.requirements import CATALOGUE
from conformance.spec import EDITIONS, load
from tests.e2e.recordings import evaluating
from tests.in_process import InProcessRun, conforming_run
from tests.proof.editions.changing import Change, changed, refused
from tests.suite import server, suite

pytestmark = pytest.mark.whole

ALL = edition_detection.candidates("auto", odata=False)
EVERY = cells(CATALOGUE, *ALL)
CELLS = [cell for cell in EVERY if re.fullmatch("(me|group|team)(-sizes?)?", cell.variant)]
"""Those of /me, groups, teams and their sizes, in which the editions differ as they do in the others."""


def served(edition: str) -> InProcessRun:
    """A few owners served in an edition, asked all that any edition asks."""
    return conforming_run(edition, "observed")


def unchanged(_probe: Probe, _answer: Answer) -> None:
    """Leave every answer as it was."""


@cache
def plans(edition: str) -> list[Plan]:
    """The requests about those owners, planned by every edition."""
    return served(edition).plan.in_editions(ALL)


def follow(edition: str, change: Change = unchanged) -> tuple[Plan, tuple[str, ...]]:
    return edition_detection.detected(plans(edition), changed(served(edition), change), CELLS)


def with_placeholder(probe: Probe, answer: Answer) -> Answer | None:
    """The page's placeholder where the observed service answers 404."""
    if (probe.state, probe.shape.form, answer.status) != (State.ABSENT, Form.METADATA, 404):
        return None
    headers = (("Content-Type", "application/json"),)
    data = {
        "@odata.context": "http://127.0.0.1:8080/v1.0/$metadata#Me/photo/$entity", "@odata.mediaEtag": "",
        "@odata.mediaContentType": "image/gif", "id": "1x1", "width": 1, "height": 1,
    }  # fmt: skip
    return Answer(200, headers, json.dumps(data).encode())


def test_one_edition_is_itself() -> None:
    """An edition by name is the only candidate, with the overlay where that is asked for."""
    assert edition_detection.candidates("observed", odata=True) == (replace(load("observed"), odata=True),)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_edition_of_a_server_is_detected(edition: str) -> None:
    """Of each edition's reference server it is said that it follows that edition, and that it mixes nothing."""
    plan, notes = follow(edition)
    assert plan.edition.name == edition
    assert notes[0].startswith(f"follows {edition} (violated requirements by edition: ")
    assert f"{edition} 0" in notes[0]
    assert not [note for note in notes if note.startswith("mixes")]


def test_a_mix_of_editions_is_reported() -> None:
    """A service that is as observed, but for the page's placeholder, is reported as that."""
    plan, notes = follow("observed", with_placeholder)
    assert plan.edition.name == "observed"
    (mixes,) = (note for note in notes if note.startswith("mixes"))
    assert mixes.startswith(
        "mixes: status 200 as in v1.0-2016 and v1.0-2023 and v1.0-2024, not 404 (placeholder.status-is-expected"
    )


def test_what_a_target_breaks_in_every_edition_decides_nothing() -> None:
    """A deviation that no edition allows is no point where they differ, and no mixture."""

    def broken(probe: Probe, answer: Answer) -> Answer | None:
        return replace(answer, body=b"no picture") if probe.shape.form is Form.PHOTO and answer.status == 200 else None

    plan, notes = follow("observed", broken)
    assert plan.edition.name == "observed"
    assert not [note for note in notes if note.startswith("mixes")]


def without_placeholder(probe: Probe, answer: Answer) -> Answer | None:
    """404 in place of the page's placeholder: the difference that users ask about most."""
    if (probe.state, probe.shape.form, answer.status) != (State.ABSENT, Form.METADATA, 200):
        return None
    return refused(404)


@pytest.mark.parametrize("edition", [name for name in EDITIONS if load(name).placeholder])
def test_a_page_without_the_placeholder_is_that_page(edition: str) -> None:
    """A server that is as the page says but for the missing placeholder follows that page, with one violation."""
    plan, notes = follow(edition, without_placeholder)
    assert plan.edition.name == edition
    assert f"{edition} 1" in notes[0]
    assert any(note.startswith(f"{edition}: ") and "placeholder.status-is-expected" in note for note in notes)


def test_the_newest_page_is_taken_where_nothing_tells_them_apart() -> None:
    """Of a server that shows its signed-in user alone the newest edition of the page is taken, and that is said."""
    kept = ("picture.answers-200", "picture.is-a-picture")
    cells = [cell for cell in CELLS if cell.requirement in kept and cell.variant == "me"]
    plan, notes = edition_detection.detected(plans("v1.0-2016"), changed(served("v1.0-2016"), unchanged), cells)
    pages = [name for name in EDITIONS if load(name).placeholder]
    assert plan.edition.name == pages[-1]
    assert notes == (f"the responses fit {' and '.join(pages)} alike: evaluated by {pages[-1]}, the newest of them",)


def test_without_a_response_the_newest_page_is_taken() -> None:
    """A recording that holds nothing is evaluated by the page's newest edition."""
    plan, notes = edition_detection.detected(plans("observed"), Recording({}), CELLS)
    assert plan.edition.placeholder
    assert notes[0].endswith("the newest of them")


def evaluated(folder: Path, conforming: InProcessRun, edition: str) -> dict[str, Any]:
    """`verdicts.json` of a recording of what was rehearsed."""
    tenant = conforming.plan.tenant
    probes = [probe for probe, _, _ in conforming.good.values()]
    (folder / "exchanges.har").write_text(
        "".join(har_writer.har(conforming.faulted(), probes, replay.described(tenant)).lines()), encoding="utf-8"
    )
    data = {"edition": edition, "recording": str(folder / "exchanges.har")}
    return evaluating.evaluated(**data)


def test_a_recording_is_evaluated_by_the_edition_it_follows(tmp_path: Path) -> None:
    """`verdicts.json` names the edition that was found, holds its verdicts alone, and notes how it was found."""
    document = evaluated(tmp_path, served("v1.0-2023"), "auto")
    assert document["edition"] == "v1.0-2023"
    assert (document["counts"][Outcome.VIOLATES], document["counts"][Outcome.DEPARTS]) == (0, 0)
    assert not [verdict for verdict in document["verdicts"] if verdict["variant"] == "me-child-folder"]
    assert any(note.startswith("follows v1.0-2023 (") for note in document["notes"])


def test_a_named_edition_is_not_second_guessed(tmp_path: Path) -> None:
    """Held to an edition by name a recording is evaluated by that one, whatever it follows."""
    document = evaluated(tmp_path, served("observed"), "v1.0-2016")
    assert (document["edition"], document["notes"]) == ("v1.0-2016", [])
    assert document["counts"][Outcome.VIOLATES] > 0


def test_a_whole_run_tells_the_edition_of_its_target(tmp_path: Path) -> None:
    """`--edition=auto` against a server of the observed edition names it, and its cells pass."""
    with server(tmp_path, edition="observed") as running:
        found = (f"--base-url={running.base_url}", f"--target={running.target}", "-k", "placeholder or sizes")
        outcome = suite("--edition=auto", *found, reports=tmp_path / "reports", env=dict(running.tokens))
    assert (outcome.code, outcome.document["edition"], outcome.bad) == (0, "observed", set())
    assert "follows observed" in outcome.said


@pytest.mark.parametrize(
    ("edition", "fault"), [("v1.0-2016", "property.id-spelt.small-x"), ("v1.0-2024", "status.metadata.404")]
)
def test_one_fault_does_not_hide_the_edition(edition: str, fault: str) -> None:
    """A server of an edition with one fault is taken for that edition."""
    apply = FAULTS[fault].fresh
    assert apply is not None
    plan, notes = edition_detection.detected(plans(edition), served(edition).faulted(apply()), CELLS)
    assert plan.edition.name == edition
    assert f"{edition} 0" not in notes[0]
