from __future__ import annotations

from conformance.reporting.run import Run, places
from conformance.reporting.templates import blocking, counted, reproduced
from tests.unit.reporting import runs


def test_a_cause_has_a_curl_line() -> None:
    """One exchange, who sent it, and the line that repeats it stand for all."""
    document, exchanges = runs.run()
    sender, curl = reproduced(document["causes"][0], Run(document, exchanges))
    assert sender.startswith("as ") or sender == "with the default token"
    assert curl.startswith("curl -sS ")
    assert reproduced(document["causes"][0], Run(document, {})) == ("", "")


def test_causes_that_the_document_holds_are_kept() -> None:
    """What was found with the recording at hand is not replaced by what the verdicts alone say."""
    document, _ = runs.run()
    held = document["causes"]
    assert Run({**document, "causes": held[:1]}).causes == held[:1]
    del document["causes"]
    assert [cause["id"] for cause in Run(document).causes] == [cause["id"] for cause in held]


def test_known_deviations_are_no_causes() -> None:
    """They are listed by requirement and reason, with the number of their verdicts."""
    document, _ = runs.run()
    assert [(reason, count) for _, reason, count, _ in Run(document).known] == [("ticket 4711, until June", 20)]


def test_places_are_named_in_few_words() -> None:
    """A user's addressing is named only where one of the two is meant."""
    assert places(["me.metadata", "user.metadata.id", "user.metadata.upn", "user.photo.upn"]) == (
        "metadata of me, user; photo of user (upn)"
    )
    assert places(runs.SHAPES, runs.SHAPES) == "all 20 path shapes"


def test_what_a_cause_blocks_is_counted_and_the_most_frequent_named() -> None:
    """A long list is one line: how many verdicts, three requirements, and how many more."""
    blocks = {"a.a": 1, "b.b": 40, "c.c": 2, "d.d": 3}
    assert blocking({"blocks": blocks}) == "46 verdicts: b.b, d.d, c.c and 1 more"
    assert blocking({"blocks": {"a.a": 1}}) == "1 verdict: a.a"


def test_verdicts_of_several_outcomes_are_counted_by_outcome() -> None:
    """The parts agree with the headline, which counts each outcome by itself."""
    assert counted({"verdicts": 8, "outcomes": {"violates": 5, "departs": 3}}) == "8 verdicts (5 violates, 3 departs)"
    assert counted({"verdicts": 1, "outcomes": {"violates": 1}}) == "1 verdict"
