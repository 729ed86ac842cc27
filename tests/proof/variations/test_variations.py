"""No allowed variation is named by any requirement, or by a likely cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from conformance.model import Answer, Finding, Outcome, Place, State, Verdict
from conformance.reference.default_tenant import default_tenant
from conformance.spec import EDITIONS
from tests.in_process import Fault, TargetData, conforming_run, conforming_run_with
from tests.proof.faults.matrix import Named, matrix_of
from tests.proof.likely import firing
from tests.proof.variations import CATALOGUE
from tests.proof.variations.addresses import ID
from tests.proof.variations.catalogue import Variation, allowed, find, names
from tests.proof.variations.editing import edited, shows_a_photos_metadata


def named_by(verdicts: list[Verdict]) -> list[tuple[str, str, Any]]:
    """What named it, where, and why: what a failing test shows."""
    bad = (Outcome.VIOLATES, Outcome.DEPARTS, Outcome.BROKEN)
    return [(v.requirement, v.case, v.findings or v.reason) for v in verdicts if v.outcome in bad]


def first_of(named: Named) -> dict[str, tuple[str, Finding]]:
    """By requirement the first place where it names the variation, and its finding: what a failing test shows."""
    return {requirement: (found[0][0].name, found[0][1]) for requirement, found in named.items()}


@pytest.mark.parametrize("variation", CATALOGUE.values(), ids=names())
def test_an_allowed_variation_is_not_named(variation: Variation) -> None:
    """An allowed variation changes responses, and no requirement and no rule of a likely cause names it."""
    edition = next((name for name in EDITIONS if name in variation.editions), EDITIONS[0])
    conforming = conforming_run(edition)
    faulted = conforming.faulted(variation.change).exchanges
    different = {key: exchange for key, exchange in faulted.items() if exchange is not conforming.good[key][2]}
    assert different
    assert first_of(matrix_of(conforming).evaluated(different)) == {}
    assert firing(((conforming.good[key][0], exchange) for key, exchange in faulted.items()), edition) == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("more-that-is-nested-400-deep", "not read: JSON that is nested more than 200 deep"),
        ("more-than-a-mebibyte", "bytes of JSON, more than 1048576"),
    ],
)
def test_json_past_the_limits_of_the_suite_is_inconclusive(name: str, why: str) -> None:
    """What cannot be read here is neither named nor taken for good: the verdict says what was not read."""
    verdicts = conforming_run(EDITIONS[0]).evaluated(find(name).change)
    states = (State.PRESENT, State.ABSENT)
    found = [v for v in verdicts if v.requirement == "metadata.is-one-object" and v.state in states]
    assert {verdict.outcome for verdict in found} == {Outcome.INCONCLUSIVE}
    assert all(why in str(verdict.reason) for verdict in found)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    "together",
    [
        ["json-charset-quoted", "json-keys-turned", "weak-tags", "error-details", "all-png", "eighty-more-headers"],
        ["json-pretty-printed", "context-relative", "no-tag-in-the-header", "photo-type-jpg", "animated-gif"],
        ["more-properties", "id-relative", "id-with-quotes-encoded", "context-encoded", "one-tag-for-all-photos"],
        [
            "numbers-with-a-fraction-of-zero",
            "photo-type-as-observed",
            "annotation-type-in-capitals",
            "header-names-in-upper-case",
        ],
    ],
)
def test_variations_are_allowed_together(edition: str, together: list[str]) -> None:
    """Several allowed variations at once are allowed in every edition."""

    def change(place: Place, answer: Answer) -> Answer:
        return reduce(lambda before, name: find(name).change(place, before), together, answer)

    conforming = conforming_run(edition)
    assert first_of(matrix_of(conforming).evaluated(dict(conforming.faulted(change).exchanges))) == {}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_reference_conforms_to_its_own_edition(edition: str) -> None:
    """The reference server's responses in an edition conform when evaluated by it, and no likely cause fires."""
    conforming = conforming_run_with(default_tenant(edition=edition), edition)
    verdicts = conforming.evaluated()
    assert named_by(verdicts) == []
    assert firing(((probe, exchange) for probe, _, exchange in conforming.good.values()), edition) == []
    assert {verdict.outcome for verdict in verdicts} <= {Outcome.CONFORMS, Outcome.NOT_EXERCISED}


def test_an_id_by_the_user_principal_name_is_allowed() -> None:
    """`@odata.id` may name the user by userPrincipalName, its quotes doubled, encoded or bare, in any case (S34b)."""
    keys = {user.id: user.upn for user in default_tenant().users}

    def by_name(spelled: str) -> Fault:
        def change(place: Place, answer: Answer) -> Answer:
            return edited(answer, swap) if shows_a_photos_metadata(place, answer) else answer

        def swap(body: dict[str, Any]) -> dict[str, Any]:
            url = body[ID]
            for key, upn in keys.items():
                url = url.replace(f"{key}@1717622f-1d94-c0d4-9d74-f907ad6677b4", _spelled(upn, spelled))
            return body | {ID: url}

        return change

    for spelled in ("doubled", "encoded", "capitals"):
        assert named_by(conforming_run(EDITIONS[0]).evaluated(by_name(spelled))) == []


def _spelled(upn: str, how: str) -> str:
    plain = upn.replace("%", "%25").replace("#", "%23").replace("'", "''")
    return {"doubled": plain, "encoded": plain.replace("'", "%27").replace("@", "%40"), "capitals": plain.upper()}[how]


def _without_digests(file: TargetData) -> TargetData:
    for owner in [*file["user"], *file["group"], *(c for user in file["user"] for c in user.get("contacts", []))]:
        owner["photo"] = bool(owner["photo"])
    return file


@pytest.mark.parametrize("digests", [True, False], ids=["with digests", "without digests"])
def test_two_owners_may_have_the_very_same_picture(digests: bool) -> None:
    """Owners with one and the same picture are not taken for each other, whether the target file gives its SHA-256."""
    people = default_tenant()
    adele, *others = people.users
    assert adele.photo is not None
    twins = tuple(replace(user, photo=adele.photo) if user.photo else user for user in others)
    groups = tuple(replace(group, photo=adele.photo) if group.photo else group for group in people.groups)
    changed = replace(people, users=(adele, *twins), groups=groups)
    conforming = conforming_run_with(changed, change_target=(lambda file: file) if digests else _without_digests)
    assert named_by(conforming.evaluated()) == []


def test_ids_that_the_suite_made_up_may_be_malformed() -> None:
    """An id that the suite invented may be answered 400; what the target file gives as unknown may not (N2)."""

    def malformed(place: Place, answer: Answer) -> Answer:
        unknown = place.state is State.UNKNOWN and answer.status == 404
        return replace(answer, status=400) if unknown else answer

    without = conforming_run_with(
        default_tenant(), change_target=lambda file: {k: v for k, v in file.items() if k != "unknown"}
    )
    assert named_by(without.evaluated()) == []
    assert named_by(without.evaluated(malformed)) == []
    assert conforming_run().named(malformed) == {"unknown.is-404"}


def test_users_without_an_id_or_a_name_are_allowed() -> None:
    """A target file that gives one key of a user alone makes no false alarm of `@odata.id` naming the other one."""

    def one_key(key: str) -> Callable[[TargetData], TargetData]:
        def change(file: TargetData) -> TargetData:
            file["user"] = [{name: value for name, value in user.items() if name != key} for user in file["user"]]
            return file

        return change

    for key in ("id", "upn"):
        verdicts = conforming_run_with(default_tenant(), change_target=one_key(key)).evaluated()
        assert named_by(verdicts) == []


def test_a_difference_needs_a_name_of_its_own() -> None:
    """A second difference of one name, or one that gives no reason, is refused."""

    def all_png(place: Place, answer: Answer) -> Answer:
        """Allowed, but it exists already."""
        return answer

    def unheard_of(place: Place, answer: Answer) -> Answer:
        return answer

    for change in (all_png, unheard_of):
        with pytest.raises(ValueError, match="a name of its own and a reason"):
            allowed()(change)


def test_there_are_many() -> None:
    """More than forty differences are known, each with a sentence that says why it is allowed."""
    assert len(CATALOGUE) > 100
    assert all(variation.why.endswith(".") for variation in CATALOGUE.values())
