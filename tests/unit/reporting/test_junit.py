from __future__ import annotations

from xml.etree import ElementTree

from conformance.reporting import ci
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


def test_causes_are_those_of_the_verdicts_file() -> None:
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
