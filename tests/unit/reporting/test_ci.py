"""What CI services read and say."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from conformance.reporting import ci
from conformance.reporting.ci import ci_run
from conformance.reporting.run import Run
from tests.unit.reporting import runs


def test_each_cell_is_a_test_case_with_properties() -> None:
    """A CI's test tab has one entry a cell, and can be asked for level, variant, form, addressing, state and clause."""
    document, _ = runs.run()
    suite = ElementTree.fromstring(ci.junit(Run(document)))[0]
    cases = suite.findall("testcase")
    assert len(cases) == len(Run(document).cells) == int(suite.get("tests", ""))
    case = next(each for each in cases if each.get("name") == "placeholder.etag-is-empty[user.metadata.upn.absent]")
    by_name = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert by_name == {
        "requirement": "placeholder.etag-is-empty",
        "sentence": "The placeholder's mediaEtag is the empty string.",
        "level": "MUST",
        "cites": "S39c",
        "variant": "user",
        "form": "metadata",
        "addressing": "upn",
        "state": "absent",
        "outcome": "violates",
        "cause": "placeholder.etag-is-empty",
    }
    assert case.get("classname") == "placeholder"


def test_outcomes_become_junits_words() -> None:
    """Violations are failures, what could not be evaluated an error, known and left out are skipped."""
    document, _ = runs.run()
    suite = ElementTree.fromstring(ci.junit(Run(document)))[0]
    assert (suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("11", "2", "16")
    assert {each.get("type") for each in suite.iter("skipped")} == {"known", "blocked", "not-exercised"}
    assert {each.get("type") for each in suite.iter("failure")} == {"violates"}
    assert suite.get("time") == "7.400"


def test_causes_of_junit_are_those_of_the_verdicts_file() -> None:
    """The suite lists each cause with its title and the number of its verdicts; each failure names one of them."""
    document, _ = runs.run()
    suite = ElementTree.fromstring(ci.junit(Run(document)))[0]
    listed = {each.get("name"): each.get("value") for each in suite.findall("properties/property")}
    failing = [case for case in suite.findall("testcase") if case.find("failure") is not None]
    named = [case.find("properties/property[@name='cause']") for case in failing]
    titles = {f"cause {each['id']}": f"{each['title']} ({each['verdicts']:,} verdicts)" for each in document["causes"]}
    assert titles.items() <= listed.items()
    assert failing
    assert {f"cause {each.get('value')}" for each in named if each is not None} <= titles.keys()
    assert None not in named


def test_a_stricter_run_fails_what_departs() -> None:
    """With --fail-on should a departure is a failure."""
    document, _ = runs.run()
    suite = ElementTree.fromstring(ci.junit(Run({**document, "fail_on": "should"})))[0]
    assert {each.get("type") for each in suite.iter("failure")} == {"violates", "departs"}


def test_hostile_text_keeps_the_file_well_formed() -> None:
    """Characters that XML cannot hold are escapes, and markup is text."""
    document, _ = runs.run(hostile=True)
    document["target"]["base_url"] = "https://h/\x00\ud800\ufffe<&>"
    suite = ElementTree.fromstring(ci.junit(Run(document)))[0]
    failure = next(suite.iter("failure"))
    assert "<script>" in (failure.text or "")
    assert "\\x1b[31m\\ud800" in (failure.text or "")


# What the public schema of CTRF demands (draft 0.0.0), in our own words: no other members, and these kinds.
ROOT = {"reportFormat": str, "specVersion": str, "generatedBy": str, "results": dict}
RESULTS = {"tool": dict, "summary": dict, "tests": list, "environment": dict, "extra": dict}
SUMMARY = dict.fromkeys(("tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"), int)
TEST = {"id": str, "name": str, "status": str, "duration": int, "rawStatus": str, "suite": list, "tags": list}
TEST_MAY = {"message": str, "trace": str, "parameters": dict, "extra": dict}
ENVIRONMENT_MAY = {"appName": str, "testEnvironment": str, "commit": str, "buildUrl": str}


def holds(value: dict[str, Any], must: Mapping[str, type], may: Mapping[str, type] | None = None) -> bool:
    kinds = {**must, **(may or {})}
    return set(must) <= set(value) <= set(kinds) and all(type(value[name]) is kinds[name] for name in value)


def test_the_report_is_valid_ctrf() -> None:
    """Members, kinds, statuses and ids are those that the public schema asks for, with a hostile target too."""
    document, _ = runs.run(hostile=True)
    report = json.loads(json.dumps(ci.ctrf(Run(document))))
    results = report["results"]
    assert holds(report, ROOT)
    assert report["reportFormat"] == "CTRF"
    assert re.fullmatch(r"\d+\.\d+\.\d+", report["specVersion"])
    assert holds(results, RESULTS)
    assert holds(results["tool"], {"name": str})
    assert holds(results["summary"], SUMMARY)
    assert holds(results["environment"], {}, ENVIRONMENT_MAY)
    for test in results["tests"]:
        assert holds(test, TEST, TEST_MAY)
        assert test["status"] in ("passed", "failed", "skipped", "pending", "other")
        assert uuid.UUID(test["id"])
        assert all(isinstance(each, str) for each in test["suite"] + test["tags"])


def test_the_summary_adds_up() -> None:
    """Every cell is one test, and every test is counted once."""
    document, _ = runs.run()
    summary = ci.ctrf(Run(document))["results"]["summary"]
    statuses = [summary[name] for name in ("passed", "failed", "skipped", "pending", "other")]
    assert sum(statuses) == summary["tests"] == len(Run(document).cells)
    assert summary["stop"] - summary["start"] == 7400


def test_ids_stay_from_run_to_run() -> None:
    """A cell has the same id in every run, and no other cell has it."""
    first, second = (ci.ctrf(Run(runs.run(faulty=faulty)[0]))["results"]["tests"] for faulty in (True, False))
    assert [test["id"] for test in first] == [test["id"] for test in second]
    assert len({test["id"] for test in first}) == len(first)


def test_causes_of_ctrf_are_those_of_the_verdicts_file() -> None:
    """The report lists the causes in their order, and each failed test names one of them."""
    document, _ = runs.run()
    results = ci.ctrf(Run(document))["results"]
    listed = [(cause["id"], cause["title"], cause["verdicts"]) for cause in results["extra"]["causes"]]
    named = {test["extra"].get("cause") for test in results["tests"] if test["status"] == "failed"}
    assert listed == [(cause["id"], cause["title"], cause["verdicts"]) for cause in document["causes"]]
    assert named
    assert named <= {identity for identity, _, _ in listed}


@pytest.mark.parametrize(
    ("faulty", "message", "colour"),
    [
        (True, "does not conform, 2 of 29 MUST violated", "red"),
        (False, "conforms, 0 of 29 MUST violated", "brightgreen"),
    ],
)
def test_the_badge_says_the_verdict(faulty: bool, message: str, colour: str) -> None:
    """Word, numbers and colour follow the verdict; the members are those of a shields.io endpoint."""
    data = json.loads(ci.badge(Run(runs.run(faulty=faulty)[0])))
    assert data == {
        "schemaVersion": 1,
        "label": "profilePhoto v1.0-2016",
        "message": message,
        "color": colour,
        "isError": faulty,
    }


def test_a_github_run_is_named() -> None:
    """The commit and the address of a GitHub Actions run come from its environment."""
    environment = {
        "GITHUB_SHA": "abc",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ID": "7",
    }
    assert ci_run(environment) == {"commit": "abc", "url": "https://github.com/o/r/actions/runs/7"}


def test_outside_of_ci_nothing_is_named() -> None:
    """A run at a desk has no commit: what lies in a working tree need not be committed."""
    assert ci_run({"HOME": "/root", "CI_COMMIT_SHA": ""}) == {}
