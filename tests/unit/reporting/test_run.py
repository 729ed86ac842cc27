"""A run as its reports show it."""

from __future__ import annotations

from conformance.causes.evidence import places
from conformance.faults.places import VARIANTS
from conformance.model import Outcome
from conformance.reporting.run import Run, in_order_of
from conformance.reporting.templates import blocking, counted, reproduced
from tests.unit.reporting import runs


def test_all_owners_of_a_cell_are_evaluated_in_it() -> None:
    """Requirement, path shape and state make a cell; its owners are its verdicts."""
    document, _ = runs.run(owners=3)
    evaluated = Run(document).cells
    assert len({cell.name for cell in evaluated}) == len(evaluated)
    assert {len(cell.verdicts) for cell in evaluated} == {3}


def test_a_cell_knows_its_sentence() -> None:
    """Sentence, link and chapter come from the document's requirements; without them the id stands in."""
    document, _ = runs.run()
    value, bare = Run(document).cells[0], Run({**document, "requirements": {}}).cells[0]
    assert (value.sentence, value.chapter) == ("The metadata of an owner with a photo is answered 200.", "metadata")
    assert (bare.sentence, bare.chapter, bare.link) == ("metadata.is-found", "metadata", "")


def test_variants_stand_in_the_pages_order() -> None:
    """The page's seven come first, those of other editions by name after them."""
    assert in_order_of(["me.photo", "user.photo.id", "team.photo"], ["zoo", "team", "user", "me", "ape", "user"]) == [
        "me",
        "user",
        "team",
        "ape",
        "zoo",
    ]


def test_coverage_counts_operations_and_shapes() -> None:
    """What was not exercised is counted against what the edition has, and named."""
    document, _ = runs.run()
    for verdict in document["verdicts"]:
        if verdict["variant"] == "group" or verdict["addressing"] == "upn":
            verdict["outcome"] = "not-exercised"
    result = Run(document).coverage
    assert str(result) == "Tested: 12 of 14 operations, 12 of 20 path shapes"
    assert "group.photo" in result.left_out


def test_a_permitted_caller_who_gets_a_photo_tests_the_operation() -> None:
    """`-k permission` looks at photos: each verdict counts as one on the owner whose photo the caller gets."""
    document, _ = runs.run(faulty=False)
    states = {"user-1": "present", "user-2": "absent"}
    document["target"]["owners"] = [{"label": label, "kind": "user", "state": states[label]} for label in states]
    for verdict in document["verdicts"]:
        owner = "user-2" if verdict["form"] == "photo" else "user-1"
        verdict |= {"requirement": "permission.one-scope-is-enough", "state": "scoped"}
        verdict["case"] = f"{verdict['variant']}.scoped/{owner}.identity-1"
    reached = Run(document).coverage

    assert Run(document).of_known_owners
    assert (reached.operations, reached.showing) == (14, 7)


def test_a_blocked_shape_was_not_exercised() -> None:
    """Only what was evaluated counts."""
    document, _ = runs.run()
    for verdict in document["verdicts"]:
        verdict["outcome"] = "blocked"
    assert Run(document).coverage.shapes == 0


def test_a_proper_error_covers_no_operation() -> None:
    """A well-formed response with a well-formed error says nothing of a photo."""
    document, _ = runs.run(faulty=False)
    for verdict in document["verdicts"]:
        verdict["requirement"] = "error.has-envelope"
    assert Run(document).coverage.operations == 0
    assert not Run(document).of_known_owners


def test_the_matrix_shows_the_worst_outcome() -> None:
    """A square has a word for the worst of its verdicts, and counts of the others."""
    document, _ = runs.run()
    rows = dict(Run(document).matrix.rows)
    square = rows["picture"][Run(document).matrix.variants.index("me-folder")]
    assert (square.outcome, str(square)) == (Outcome.VIOLATES, "2 violates, 8 blocked, 2 conforms")
    assert Run(document).matrix.variants == VARIANTS


def test_reasons_are_grouped() -> None:
    """Why something was not exercised is said once, with how often and where."""
    document, _ = runs.run()
    assert Run(document).not_exercised == [("no caller has Group.Read.All alone", 4, "metadata and photo of group")]


def test_a_cause_has_a_curl_line() -> None:
    """One exchange, who sent it, and the line that repeats it stand for all."""
    document, exchanges = runs.run()
    sender, curl = reproduced(document["causes"][0], Run(document, exchanges))
    assert sender.startswith("as ") or sender == "with the default token"
    assert curl.startswith("curl -sS ")
    assert reproduced(document["causes"][0], Run(document, {})) == ("", "")


def test_known_deviations_are_no_causes() -> None:
    """They are listed by requirement and reason, with the number of their verdicts."""
    document, _ = runs.run()
    assert [(reason, count) for (_, reason), count, _ in Run(document).known] == [("ticket 4711, until June", 20)]


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
