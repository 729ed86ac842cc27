"""Scopes: any one of those listed is enough, and without one of them no photo is returned (S3-S7).

Checked for the callers that the target file lists as identities; their scopes come from the file or from the token.
"""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, PERMISSION, SHOULD, Findings, requirement
from ..media.json_text import NotJson
from ..media.pictures import Picture
from ..model import Finding, Form
from ..spec import Edition
from .comparing import differences, in_words
from .photo_index import PhotoIndex
from .prerequisites import DUE, ENOUGH, NO_SCOPE_403, READABLE, STEADY
from .selections import SCOPED_IN, SCOPED_IN_BESIDE, SCOPED_OUT
from .status import as_for_owner, status_in_words
from .test_unknown import refusal

PATHS_AGREE = ("relation.id-and-upn-agree", "relation.me-matches-user", "relation.my-contacts-match-users")
"""Otherwise it is not known which photo the usual caller receives."""


@requirement(ENOUGH, MUST, cites=PERMISSION, on=[SCOPED_IN], needs=[*DUE, *READABLE])
def test_any_one_listed_scope_is_enough(answer: DecodedResponse, edition: Edition) -> Findings:
    """A caller with any one of the listed scopes gets the photo, or what the edition requires where there is none.

    In the edition `observed` an application without a user may get 403 for a group's photo, as was observed.
    """
    app = answer.probe.credential.app_only and answer.probe.owner.kind == "group"
    if app and answer.status == 403 and not edition.apps_see_groups:
        return
    photo = answer.probe.shape.form is Form.PHOTO
    yield from as_for_owner(answer, edition)
    if photo and answer.status == 200 and not isinstance(answer.picture, Picture):
        yield Finding("body", "the picture", answer.picture)
    elif not photo and answer.status == 200 and not _has_metadata(answer):
        yield Finding("body", "the photo's metadata", in_words(answer.metadata or answer.body[:80]))


def _has_metadata(answer: DecodedResponse) -> bool:
    """Or a list of sizes, which may be empty."""
    is_list = answer.probe.shape.operation.leads_to == "sizes"
    return not isinstance(answer.json, NotJson) and (is_list or answer.shows_a_photo() is not None)


@requirement("permission.returns-same-photo", MUST, cites=PERMISSION, on=[SCOPED_IN_BESIDE],
             needs=[*DUE, *READABLE, ENOUGH, *PATHS_AGREE], yields_to=STEADY)  # fmt: skip
def test_each_caller_gets_the_same_photo(answer: DecodedResponse, plain: DecodedResponse) -> Findings:
    """A caller with any one of the listed scopes gets the same photo as the owner's usual caller."""
    if answer.status == plain.status:  # otherwise that requirement reports it, or the edition allows it
        yield from differences(plain, answer, f"as {answer.probe.credential.caller}")


@requirement("permission.without-scope-discloses-nothing", MUST, cites="S5a", on=[SCOPED_OUT])
def test_without_a_listed_scope_nothing_is_shown(answer: DecodedResponse, photo_index: PhotoIndex) -> Findings:
    """A caller without a listed scope gets no 2xx, no picture and no metadata."""
    yield from refusal(answer, photo_index)


@requirement(NO_SCOPE_403, SHOULD, cites="S5b", on=[SCOPED_OUT],
             needs=["permission.without-scope-discloses-nothing"])  # fmt: skip
def test_without_a_listed_scope_the_answer_is_403(answer: DecodedResponse) -> Findings:
    """A caller without a listed scope gets 403, or 404 where a 403 would disclose that the owner exists."""
    if answer.status not in (403, 404):
        yield Finding("status", "403 or 404", status_in_words(answer))
