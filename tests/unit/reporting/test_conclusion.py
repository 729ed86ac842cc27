"""What a run comes to: exit code, headline and badge agree, whatever it holds."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from conformance.model import NOT_ASKED
from conformance.reporting import ci, html_page
from conformance.reporting.conclusion import concluded
from conformance.reporting.run import Run
from conformance.reporting.templates import rendered
from tests.unit.reporting import runs

REFUSED = ("unknown", "no-credentials", "scoped")


def ended(**changes: Any) -> dict[str, Any]:
    """A conforming document, changed; `outcomes` sets those of its first verdicts; `only` the states that it has."""
    document, _ = runs.run(faulty=False)
    if only := changes.pop("only", None):
        document["verdicts"] = [each for each in document["verdicts"] if each["state"] in only]
    for verdict, outcome in zip(document["verdicts"], changes.pop("outcomes", ()), strict=False):
        verdict["outcome"] = outcome
    return {**document, **changes, "about": {**document["about"], **changes.get("about", {})}}


@pytest.mark.parametrize(
    ("changes", "code", "words", "colour"),
    [
        ({}, 0, "Conforms", "brightgreen"),
        ({"outcomes": ["violates", "broken"], "interrupted": True}, 2, "Interrupted, does not conform", "red"),
        ({"interrupted": True}, 2, "Interrupted", "lightgrey"),
        ({"outcomes": ["violates", "broken"]}, 3, "The suite is broken", "lightgrey"),
        ({"outcomes": ["violates", "inconclusive"]}, 1, "Does not conform", "red"),
        ({"outcomes": ["departs"]}, 0, "Conforms", "brightgreen"),
        ({"outcomes": ["departs", "inconclusive"], "fail_on": "should"}, 1, "Departs", "orange"),
        ({"about": {"stale": ["listed, and conforms"]}}, 1, "Stale", "orange"),
        ({"outcomes": ["inconclusive"]}, 6, "Could not be evaluated", "lightgrey"),
        ({"outcomes": ["inconclusive", "not-exercised"], "complete": True}, 1, "Incomplete", "lightgrey"),
        ({"verdicts": []}, 5, "Nothing was exercised", "lightgrey"),
        ({"only": REFUSED}, 5, "No photo was looked at", "lightgrey"),
        ({"only": REFUSED, "outcomes": ["inconclusive"]}, 6, "Could not be evaluated", "lightgrey"),
        ({"outcomes": ["not-exercised"]}, 0, "Conforms", "brightgreen"),
        ({"outcomes": ["not-exercised"], "complete": True}, 1, "Incomplete", "lightgrey"),
        ({"outcomes": ["known"]}, 0, "Conforms but for known deviations", "orange"),
        ({"about": {"selected": [80, 1292]}}, 0, "Conforms in what was selected", "yellowgreen"),
        ({"about": {"shard": {"number": 1, "of": 4}}}, 0, "Conforms in what was tested", "yellowgreen"),
        ({"about": {"options": {"sample": "9"}}}, 0, "Conforms in what was tested", "yellowgreen"),
    ],
)
def test_exit_code_headline_and_badge_are_one_decision(
    changes: dict[str, Any], code: int, words: str, colour: str
) -> None:
    """The order is 2, 3, 1, 6, 5, 0, and every report says the same words."""
    document = ended(**changes)
    said, drawn = concluded(Run(document)), json.loads(ci.badge(Run(document)))

    assert (code, words, colour) == (said.exit_code, said.words, drawn["color"])
    assert drawn["message"].startswith(words.lower())
    assert rendered("terminal.txt", run=Run(document)).splitlines()[0].startswith(words)
    assert words in rendered("summary.md", run=Run(document)).splitlines()[0].replace("\\", "")


def test_a_selection_of_who_may_ask_counts_where_there_is_a_token() -> None:
    """`-k credentials` on a good target is green; without any token no photo can have been looked at."""
    chosen: dict[str, Any] = {"only": ("no-credentials",), "about": {"selected": [80, 1292]}}
    target: dict[str, Any] = {"base_url": "https://graph.example/v1.0", "owners": []}

    assert 0 == concluded(Run(ended(target=target | {"callers": [{"label": "user-1"}]}, **chosen))).exit_code
    assert 5 == concluded(Run(ended(target=target | {"callers": []}, **chosen))).exit_code


def test_refusals_that_are_complete_http_alone_show_nothing_of_who_may_ask() -> None:
    """`-k credentials` on a target whose every response is 204: all else is blocked by what was not selected."""
    target: dict[str, Any] = {"base_url": runs.BASE_URL, "owners": [], "callers": [{"label": "user-1"}]}
    document = ended(only=("no-credentials",), about={"selected": [80, 1292]}, target=target)
    for verdict in document["verdicts"]:
        verdict["requirement"] = "http.response-is-complete"

    assert concluded(Run(document)).exit_code == 5


def test_a_selection_of_paths_without_any_owner_looks_at_no_photo() -> None:
    """`-k group`, where the target has none: a refusal without a token says nothing of any owner."""
    document = ended(only=("no-credentials",), about={"selected": [80, 1292]})
    document["target"] = {"base_url": runs.BASE_URL, "owners": [], "callers": [{"label": "user-1"}]}
    for verdict in document["verdicts"]:
        verdict["case"] = f"{verdict['case'].partition('/')[0]}/unknown.group"

    assert concluded(Run(document)).exit_code == 5


def test_four_of_fourteen_operations_are_no_bright_green() -> None:
    """What was not tested stands in the headline and in the badge."""
    document, _ = runs.run(faulty=False)
    for verdict in document["verdicts"]:
        if verdict["variant"] not in ("me", "user"):
            verdict["outcome"] = "not-exercised"
    said, drawn = concluded(Run(document)), json.loads(ci.badge(Run(document)))

    assert (0, "Conforms in what was tested") == (said.exit_code, said.words)
    assert said.detail.endswith("; 4 of 14 operations tested")
    assert ("yellowgreen", True) == (drawn["color"], drawn["message"].endswith(", 4 of 14 operations tested"))


def test_owners_without_a_photo_alone_are_no_bright_green() -> None:
    """A target that shows no owner's photo at a path, and so may never show one there, is not tested whole."""
    document, _ = runs.run(faulty=False)
    for verdict in document["verdicts"]:
        if verdict["variant"] == "group":
            verdict["state"] = "absent"
    said, drawn = concluded(Run(document)), json.loads(ci.badge(Run(document)))

    assert said.detail.endswith("; 14 of 14 operations tested, 12 of them for an owner with a photo")
    assert drawn["color"] == "yellowgreen"


def test_half_a_recording_is_no_bright_green() -> None:
    """A recording of an interrupted run, or of a part of one, says how much of it is not there."""
    document, _ = runs.run(faulty=False)
    for verdict in document["verdicts"][::2]:
        verdict.update(outcome="not-exercised", reason=NOT_ASKED)
    said = concluded(Run(document))

    assert said.detail.endswith(" of 740 verdicts not asked for")
    assert (said.exit_code, said.colour) == (0, "yellowgreen")


def test_a_stale_deviation_fails_a_test_of_the_ci() -> None:
    """JUnit and CTRF have a failure for each known deviation that no longer occurs."""
    document = ended(about={"stale": ["metadata.id at *: nothing \x1b violates"]})
    suite = fromstring(ci.junit(Run(document))).find("testsuite")
    assert suite is not None
    failures = suite.findall("./testcase/failure")
    results = ci.ctrf(Run(document))["results"]

    assert suite.get("failures") == str(len(failures)) == "1"
    assert len(suite.findall("testcase")) == int(suite.get("tests", "0"))
    assert results["summary"]["failed"] == 1
    assert len(results["tests"]) == results["summary"]["tests"]


def test_the_numbers_agree_everywhere() -> None:
    """Headline, badge, page and summary count the same violated requirements, and say of what they are."""
    document, exchanges = runs.run()
    run = Run(document, exchanges)
    violated = {each["requirement"] for each in document["verdicts"] if each["outcome"] == "violates"}
    every = {each["requirement"] for each in document["verdicts"] if each["level"] == "MUST"}
    numbers = f"{len(violated)} of {len(every)} MUST"
    said = concluded(run).detail

    assert said.startswith(f"{numbers} requirements violated in 8 of 14 operations; 1 of 1 SHOULD requirement ")
    assert f"{numbers} violated" in json.loads(ci.badge(run))["message"]
    assert said in rendered("summary.md", run=run)
    assert said in html_page.top(run)
    assert said in " ".join(rendered("terminal.txt", run=run).replace("\n  ", " ").splitlines())


def test_what_is_about_both_forms_counts_for_both() -> None:
    """A relation of metadata and picture that is violated is in two operations."""
    document = ended()
    document["verdicts"][0].update(outcome="violates", form=None, addressing=None)
    assert Run(document).failing_operations == 2
