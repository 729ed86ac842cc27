"""Owners who are served each other's photos at some paths: reported there, and at no path that is right (R4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from conformance.evaluation.evaluator import Evaluator
from conformance.faults.making import edited, redrawn
from conformance.model import Form, Outcome, Probe, Recording, State
from conformance.model.probe import AGAIN, PLAIN
from conformance.reference.default_tenant import ADELE, default_tenant
from tests.in_process import InProcessRun, bad, conforming_run, conforming_run_with
from tests.proof.faults.matrix import matrix_of

pytestmark = pytest.mark.whole

Where = Callable[[Probe], bool]
TAGS = ("@odata.mediaEtag", "@odata.mediaContentType")


@cache
def several() -> InProcessRun:
    """All owners of the reference server: several have a photo."""
    return conforming_run_with(default_tenant())


@cache
def undigested() -> InProcessRun:
    """The same, of a target file without any SHA-256."""
    return conforming_run_with(default_tenant(), change_target=without_digests)


def swapped(
    pairs: dict[str, str], where: Where, conforming: InProcessRun | None = None, *, body_alone: bool = False
) -> set[tuple[str, str]]:
    """Requirement and probe key of all that is violated where owners, by label, are answered for each other."""
    conforming = conforming or several()
    good = {key: exchange for key, (_, _, exchange) in conforming.good.items()}
    taken = {}
    for key, (probe, _, exchange) in conforming.good.items():
        other = pairs.get(probe.owner.label)
        asked = probe.request_kind in (PLAIN.name, AGAIN.name) and probe.state is State.PRESENT
        if other and asked and where(probe):
            answer = good[key.replace(f"/{probe.owner.label}/", f"/{other}/")].answer
            if body_alone and answer and exchange.answer:
                answer = replace(exchange.answer, body=answer.body)
            taken[key] = replace(exchange, answer=answer)
    assert taken
    found = list(matrix_of(conforming).found(taken))
    assert all(result.outcome is not Outcome.BROKEN for _, result in found)
    return {(case.cell.requirement, case.name) for case, result in found if result.outcome is Outcome.VIOLATES}


def both(one: str, other: str) -> dict[str, str]:
    return {one: other, other: one}


def by(variant: str, *addressings: str) -> Where:
    return lambda probe: probe.shape.variant == variant and (not addressings or probe.shape.addressing in addressings)


@pytest.mark.parametrize(
    ("variant", "addressings", "one", "other"),
    [
        ("user", ("id", "upn"), "user-1", "user-3"),
        ("user", ("upn",), "user-1", "user-3"),
        ("user", ("id",), "user-3", "user-5"),
        ("user-contact", ("id", "upn"), "user-1.contact-1", "user-1.contact-2"),
        ("me-contact", (), "user-1.contact-1", "user-1.contact-2"),
        ("group", (), "group-1", "group-3"),
    ],
)
def test_swapped_owners_are_reported_where_they_are_swapped(
    variant: str, addressings: tuple[str, ...], one: str, other: str
) -> None:
    """Both owners are reported at the swapped paths, in both forms, and at no other."""
    shapes = [f".{addressing}" for addressing in addressings] or [""]
    wanted = {
        ("relation.not-another-owner", f"{variant}.{form}{end}.present/{label}")
        for form in Form for end in shapes for label in (one, other)
    }  # fmt: skip

    assert wanted == swapped(both(one, other), by(variant, *addressings))


def test_an_owner_whose_picture_is_anothers_at_every_path_keeps_their_metadata() -> None:
    """Metadata that is the owner's own is not reported for fitting another's picture, of the same size and type."""
    people = default_tenant()
    first, second, *more = ADELE.contacts
    assert first.photo
    alike = replace(second, photo=replace(first.photo, seed="another of that size"))
    users = (replace(ADELE, contacts=(first, alike, *more)), *people.users[1:])
    variants = ("me-contact", "user-contact")
    found = swapped(
        both("user-1.contact-1", "user-1.contact-2"),
        lambda probe: probe.shape.form is Form.PHOTO and probe.shape.variant in variants,
        conforming_run_with(replace(people, users=users)),
        body_alone=True,
    )

    result = {case.split(".")[1] for requirement, case in found if requirement == "relation.not-another-owner"}
    assert result == {"photo"}


def test_a_picture_alone_that_is_the_others_is_reported_alone() -> None:
    """The metadata beside a swapped picture is the owner's own."""
    where = by("user", "upn")

    assert swapped(both("user-1", "user-3"), lambda probe: where(probe) and probe.shape.form is Form.PHOTO) == {
        ("relation.not-another-owner", f"user.photo.upn.present/{label}") for label in ("user-1", "user-3")
    }


def test_only_the_second_answer_being_the_others_is_a_change() -> None:
    """Asked again, another's photo is a changed answer (H3)."""
    found = swapped(
        both("user-1", "user-3"), lambda probe: by("user", "id")(probe) and probe.request_kind == AGAIN.name
    )

    assert {requirement for requirement, _ in found} >= {"http.repeat-is-identical"}
    assert "relation.not-another-owner" not in {requirement for requirement, _ in found}


def test_a_picture_that_no_owner_has_is_noted() -> None:
    """Encoded again at every path it breaks no clause; that it is not the target file's is said once."""
    conforming = conforming_run()
    taken = {
        key: replace(exchange, answer=replace(exchange.answer, body=redrawn(exchange.answer.body)))
        for key, (probe, _, exchange) in conforming.good.items()
        if (probe.owner.label, probe.shape.form) == ("group-1", Form.PHOTO)
        if exchange.answer and exchange.answer.status == 200
    }
    plan = conforming.plan
    evaluator = Evaluator(plan, Recording({**conforming.faulted().exchanges, **taken}))

    assert not bad(evaluator.verdict(case) for cases in plan.cases.values() for case in cases)
    assert evaluator.notes == ("no path returned the picture whose SHA-256 the target file gives: group-1",)


def without_digests(file: dict[str, Any]) -> dict[str, Any]:
    """The target file, saying of each photo only whether there is one."""
    for owner in [*file["user"], *file["group"], *(c for user in file["user"] for c in user.get("contacts", []))]:
        owner["photo"] = bool(owner["photo"])
    return file


def test_a_picture_with_anothers_bytes_and_tag_is_anothers() -> None:
    """Without any SHA-256, bytes and ETag of another group, beside metadata that names another tag, are R4 alone."""
    assert swapped({"group-3": "group-1"}, lambda probe: probe.shape.form is Form.PHOTO, undigested()) == {
        ("relation.not-another-owner", "group.photo.present/group-3")
    }


@pytest.mark.parametrize(
    ("variant", "addressings", "one", "other"),
    [
        ("user-contact", ("upn",), "user-1.contact-1", "user-1.contact-2"),
        ("user-contact", ("id",), "user-1.contact-1", "user-1.contact-2"),
        ("me-contact", (), "user-1.contact-1", "user-1.contact-2"),
    ],
)
def test_owners_exchanged_by_one_path_are_found_by_the_others(
    variant: str, addressings: tuple[str, ...], one: str, other: str
) -> None:
    """Without any SHA-256 the path by which an owner's photo is another one than by most is R4, and nothing else."""
    assert swapped(both(one, other), by(variant, *addressings), undigested()) == {
        ("relation.not-another-owner", f"{variant}.{form}{end}.present/{label}")
        for form in Form for end in [f".{each}" for each in addressings] or [""] for label in (one, other)
    }  # fmt: skip


@pytest.mark.parametrize("addressing", ["id", "upn"])
def test_owners_exchanged_by_one_of_two_paths_are_found_by_either(addressing: str) -> None:
    """Where an owner has two paths and no SHA-256, it cannot be known which is right: R4 at both, and nothing else."""
    found = swapped(both("user-3", "user-5"), by("user", addressing), undigested())

    assert found >= {("relation.not-another-owner", f"user.photo.{addressing}.present/user-3")}
    assert {requirement for requirement, _ in found} == {"relation.not-another-owner"}


def of_the_first_contact_alone(file: dict[str, Any]) -> dict[str, Any]:
    """The target file with the SHA-256 of the first contact's picture, and of no other."""
    known = file["user"][0]["contacts"][0]["photo"]
    without_digests(file)["user"][0]["contacts"][0]["photo"] = known
    return file


def test_owners_whose_sha_256_is_not_given_are_found_by_the_other_path() -> None:
    """Where only the owner's own SHA-256 is given, another's metadata at one path is R4 as well, and nothing else."""
    conforming = conforming_run_with(default_tenant(), change_target=of_the_first_contact_alone)

    assert swapped({"user-1.contact-1": "user-1.contact-2"}, by("me-contact"), conforming) == {
        ("relation.not-another-owner", f"me-contact.{form}.present/user-1.contact-1") for form in Form
    }


def test_equal_metadata_beside_the_own_picture_is_no_evidence() -> None:
    """Without any SHA-256, another's size and tag at one path, beside the own picture, are not R4."""
    conforming = undigested()
    good = {key: exchange for key, (_, _, exchange) in conforming.good.items()}
    theirs = good["user.metadata.id/user-3/plain"].answer
    assert theirs
    other = json.loads(theirs.body)
    changed = {}
    for key in ("user.metadata.upn/user-1/plain", "user.metadata.upn/user-1/again"):
        answer = good[key].answer
        assert answer
        body = json.loads(answer.body) | {name: other[name] for name in ("id", "width", "height", *TAGS)}
        changed[key] = replace(good[key], answer=replace(answer, body=json.dumps(body).encode()))
    named = matrix_of(conforming).evaluated(changed)

    assert named
    assert "relation.not-another-owner" not in named


def test_owners_with_one_picture_may_have_the_same_metadata() -> None:
    """Without any SHA-256, two users with one picture by every path, one of them with another width at `/me`: S31."""
    conforming = undigested()
    good = {key: exchange for key, (_, _, exchange) in conforming.good.items()}
    changed = {}
    for key, (probe, _, exchange) in conforming.good.items():
        if (probe.owner.label, probe.state) == ("user-3", State.PRESENT):
            theirs = good.get(key.replace("/user-3/", "/user-1/"))
            if theirs and theirs.answer:
                answer = theirs.answer
                if probe.shape.form is Form.METADATA:
                    answer = edited(answer, lambda body: body.pop("@odata.id", None))
                changed[key] = replace(exchange, answer=answer)
    for key in ("me.metadata/user-1/plain", "me.metadata/user-1/again"):
        mine = good[key].answer
        assert mine
        changed[key] = replace(good[key], answer=edited(mine, lambda body: body.update(id="200X240", width=200)))
    named = matrix_of(conforming).evaluated(changed)

    assert "picture.dimensions-match-metadata" in named
    assert "relation.not-another-owner" not in named
