from __future__ import annotations

import time
from typing import Any

from conformance.causes import evidence, grouping
from tests.unit.causes.made import causes, changed, document, responses, status, verdict
from tests.unit.causes.test_rules import let_in, refused_elsewhere
from tests.unit.reporting import runs

ME, *OTHERS = [one for one in responses() if one.state == "present"]


def grouped(*verdicts: dict[str, Any]) -> list[dict[str, Any]]:
    return grouping.causes(document(list(verdicts)), {})


def test_each_verdict_that_needs_a_cause_has_one() -> None:
    """Each violation, departure and inconclusive verdict names one cause, and the numbers add up."""
    made, exchanges = runs.run()
    grouping.attach(made, exchanges)
    needing = [each for each in made["verdicts"] if each["outcome"] in evidence.WORST_FIRST]
    ids = [cause["id"] for cause in made["causes"]]
    assert {each.get("cause") for each in needing} == set(ids)
    assert sum(cause["verdicts"] for cause in made["causes"]) == len(needing)
    assert len(ids) == len(set(ids))
    assert not any("cause" in each for each in made["verdicts"] if each not in needing)


def test_roots_come_first() -> None:
    """Violated MUSTs stand before what is inconclusive and before SHOULDs; what blocks more before what hits more."""
    made, _ = runs.run()
    assert [cause["id"] for cause in made["causes"]] == [
        "picture.is-found",
        "placeholder.etag-is-empty",
        "transport.is-whole",
        "credentials.is-challenged",
    ]
    assert made["causes"][0]["blocks"]["picture.is-a-picture"] == 2


def test_values_do_not_split_a_cause() -> None:
    """Entity-tags, media types, error codes and the pair of metadata and picture are one cause; statuses are two."""
    tags = [verdict(one, "annotation.media-etag-is-an-entity-tag", f'"{one.owner}"', "$") for one in OTHERS]
    codes = [verdict(one, "picture.answers-200", f"404 ({one.owner})") for one in OTHERS]
    pair = [verdict(ME, "metadata.answers-200", "404 (Gone)"), *codes]
    assert [len(grouped(*each)) for each in (tags, codes, pair)] == [1, 1, 1]
    two = grouped(*codes, verdict(ME, "picture.answers-200", "500"))
    assert len(two) == len({cause["id"] for cause in two}) == 2


def test_ids_stay_from_run_to_run() -> None:
    """The same finding of another run has the same id, so that a link to it can be kept."""
    again = [
        grouped(verdict(one, "picture.answers-200", "404"), verdict(one, "picture.answers-200", "410"))
        for one in OTHERS[:2]
    ]
    assert {cause["id"] for cause in again[0]} == {cause["id"] for cause in again[1]}


def test_the_reason_is_the_cause_of_what_is_inconclusive() -> None:
    """Whatever was asked, one unreachable target is one cause."""
    unreachable: dict[str, Any] = {"outcome": "inconclusive", "findings": []}
    found = grouped(
        verdict(ME, "picture.answers-200", **unreachable, reason="not reachable: https://a.example/x"),
        verdict(ME, "metadata.is-json", **unreachable, reason="not reachable: https://a.example/y"),
    )
    assert [cause["title"] for cause in found] == ["not reachable: https://a.example/x"]


def test_all_callers_of_one_reason_are_named() -> None:
    """Tokens that were refused one by one are one cause, whose title names their callers, five beside the first."""
    callers = ["user-2", *(f"identity-{number}" for number in range(1, 8))]
    refused = [
        verdict(ME, "metadata.is-json", outcome="inconclusive", findings=[], reason=f"the token of {each} is refused")
        for each in callers
    ]
    (cause,) = grouped(*refused)
    listed = "identity-1, identity-2, identity-3, identity-4, identity-5, 2 more"
    assert cause["title"] == f"the token of user-2 is refused (likewise: {listed})"


def test_an_example_is_of_the_first_user() -> None:
    """People paste the curl line with the token that they have, user-1's, and what is expected and found is of it."""
    name = "picture.answers-200"
    others = [verdict(ME, name, f"of {n}", exchanges=[f"x/user-{n}/plain"], case=str(n)) for n in (3, 1, 2)]
    seen = {each["exchanges"][0]: ME for each in others}
    (cause,) = grouping.causes(document(others), seen)

    assert cause["exchange"] == "x/user-1/plain"
    assert [each["got"] for each in cause["findings"]] == ["of 1"]
    assert cause["hint"].endswith("actual of 1.")


def test_hostile_text_costs_no_time() -> None:
    """Reasons made to make a pattern slow are grouped at once."""
    started = time.perf_counter()
    for text in ("a" * 100_000, "https://" + "('" * 50_000, "a@" * 50_000, "-" * 100_000, "(" * 100_000, '"' * 99_999):
        grouping.kind_of_text(text)
    assert time.perf_counter() - started < 0.5


def test_every_cause_says_what_to_do() -> None:
    """Where no rule knows more, the advice is made of the finding and of where the requirement holds."""
    here, there = ME, OTHERS[-1]
    wrong = verdict(here, "picture.answers-200", "404")
    right = verdict(there, "picture.answers-200", outcome="conforms", findings=[])
    same = {**right, **{name: wrong[name] for name in ("variant", "form", "addressing")}, "case": "me/user-2"}

    assert [grouped(wrong, *more)[0]["hint"] for more in ([], [right], [right, same])] == [
        "Fix `status`: expected 200, actual 404.",
        "Fix `status`: expected 200, actual 404 (correct at photo of user-folder (id)).",
        "Fix `status`: expected 200, actual 404 (correct for user-2 there: correct the server, or the target file).",
    ]
    typed = {**wrong, "findings": [{"at": "Content-Type", "wanted": "image/png", "got": "image/jpeg"}]}
    assert grouped(typed, right, same)[0]["hint"].endswith("actual image/jpeg (correct for user-2 there).")
    both = {**wrong, "findings": [*wrong["findings"], {"at": "ETag", "wanted": "one", "got": "none"}]}
    assert grouped(both)[0]["hint"] == "Fix `status`: expected 200, actual 404; `ETag`: expected one, actual none."
    for outcome, word in (("inconclusive", "run again"), ("broken", "a bug in the suite")):
        assert word in grouped({**wrong, "outcome": outcome, "findings": [], "reason": "x"})[0]["hint"]


def about(name: str, got: str, *where: Any) -> list[dict[str, Any]]:
    """Verdicts on a property of some responses."""
    kind = "metadata" if got != "1" else "placeholder"
    return [verdict(one, f"{kind}.{name}-is-int32", f'"{got}"', f"$['{name}']") for one in where]


def test_properties_that_are_wrong_alike_are_one_cause() -> None:
    """Strings for `width` and `height` are one thing, with a photo and without; other values and responses are not."""
    pairs = (("240", ME), ("1", OTHERS[0]))
    made = [each for got, where in pairs for name in ("width", "height") for each in about(name, got, where)]
    found = grouped(*made)
    assert [cause["title"] for cause in found] == ['`width`, `height`: expected 200, actual "240"']
    assert found[0]["hint"].startswith("Fix `$['width']`, `$['height']`: expected 200")
    assert len(grouped(*about("width", "240", ME), *about("height", "x", ME))) == 2
    assert len(grouped(*about("width", "240", ME), *about("height", "240", *OTHERS))) == 2


def test_each_property_is_named_with_what_is_expected_of_it() -> None:
    """Null for `id` and `width` is one thing, of which different values are expected."""
    identity, width = (about(name, "null", ME) for name in ("id", "width"))
    for one in identity:
        one["findings"][0]["wanted"] = "a string"
    [cause] = grouped(*identity, *width)
    assert cause["title"] == '`id`: expected a string, actual "null"; `width`: expected 200, actual "null"'


def test_a_value_of_which_two_requirements_expect_different_things_names_both() -> None:
    """An entity-tag without quotes, for every owner: a photo's has them, and a placeholder's is empty."""
    tag, none = (
        verdict(one, name, '"abc"', "$['@odata.mediaEtag']", case=f"x/user-{number}")
        for number, (one, name) in enumerate(((ME, "annotation.media-etag-is-an-entity-tag"), (ME, "placeholder.etag")))
    )
    none["findings"][0]["wanted"] = '""'
    [cause] = grouped(tag, none)
    assert "expected 200, actual" in cause["hint"]
    assert 'expected "", actual' in cause["hint"]


def test_a_likely_cause_is_shown_by_what_shows_it_best() -> None:
    """Where no credential is checked the finding and the example are a photo that was disclosed, not a missing 401."""
    elsewhere = [status(404)(refused_elsewhere(one)) for one in responses() if one.credential == "none"]
    found = causes(
        [*changed(let_in, lambda one: one.credential != "token"), *elsewhere],
        [verdict(one, "credentials.refused-with-401", "404") for one in elsewhere * 9],
    )[0]
    assert found["id"] == "likely.no-credential-checked"
    assert found["requirements"][0].endswith("-is-refused")
    assert found["findings"][0]["at"] == "response"
