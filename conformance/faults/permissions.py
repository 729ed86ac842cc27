"""Scopes: too few let in, listed ones not enough, refusals of another kind."""

from __future__ import annotations

from dataclasses import replace

from ..model import Answer, Form, Place
from .fault import Where, at_each, fault, faults, series
from .making import SAMPLE, SIGN_IN, edited, refused, refusing, sent, shown, silhouette, typed
from .places import EACH_OPERATION, EACH_VARIANT, due, lacking, narrowed, present, unpermitted

SCOPES = (
    "User.Read", "User.ReadWrite", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Group.Read.All",
    "Group.ReadWrite.All", "Contacts.Read", "Contacts.ReadWrite",
)  # fmt: skip
"""All that the page lists; each alone is enough for what it opens."""


def _alone(scope: str) -> Where:
    return lambda place: place.scopes == {scope}


def _of_form(form: Form) -> Where:
    return lambda place: place.shape.form is form


def _with_one_scope(place: Place) -> bool:
    return present(place) and len(place.scopes) == 1


FORMS = {form.value: _of_form(form) for form in Form}
# fmt: off
at_each("permission.ignored", "Any good token opens one operation, whatever its scopes: {it}.",
        EACH_OPERATION, shown, at=unpermitted, expected="permission.without-scope-discloses-nothing")
series("permission.refused-with", "Too few scopes are refused with {it} in place of 403.",
       {str(status): status for status in (302, 400, 401, 405, 410)}, refused, at=unpermitted,
       expected="permission.without-scope-is-403")
at_each("permission.unauthorized-at", "Too few scopes are refused with 401 at one variant: {it}.",
        EACH_VARIANT, refusing(401), at=unpermitted, expected="permission.without-scope-is-403")
at_each("permission.ignored-for-placeholders",
        "Scopes are looked at only where there is a photo to guard, at one variant: {it}.",
        EACH_VARIANT, shown, at=lambda place: unpermitted(place) and lacking(place) and FORMS["metadata"](place),
        expected="permission.without-scope-discloses-nothing")
at_each("permission.opened-by", "A scope that is for something else opens every photo: {it}.",
        {"mail": _alone("Mail.Read"), "contacts": _alone("Contacts.Read"), "groups": _alone("Group.Read.All")},
        shown, at=unpermitted, expected="permission.without-scope-discloses-nothing")
at_each("permission.not-enough", "A listed scope alone is refused: {it}.",
        {scope.lower(): _alone(scope) for scope in SCOPES}, refusing(403), at=due,
        expected="permission.one-scope-is-enough")
at_each("permission.not-enough-for", "One scope alone does not open one form: {it}.",
        FORMS, refusing(403), at=_with_one_scope, expected="permission.one-scope-is-enough")
at_each("permission.opens-another-photo", "One scope alone opens another user's photo: {it}.",
        FORMS, shown, at=_with_one_scope, expected="permission.returns-same-photo")
# fmt: on


@fault("permission.soft", at=unpermitted, expected="permission.without-scope-discloses-nothing")
def soft(place: Place, answer: Answer) -> Answer:
    """Too few scopes are reported in the body, and the status is 200."""
    return replace(answer, status=200)


@fault("permission.403-with-picture", at=unpermitted, expected="permission.without-scope-discloses-nothing")
def leaks_picture(place: Place, answer: Answer) -> Answer:
    """Too few scopes return 403, and the picture comes all the same."""
    return typed(answer, silhouette(), "image/png")


@fault("permission.403-with-metadata", at=unpermitted, expected="permission.without-scope-discloses-nothing")
def leaks_metadata(place: Place, answer: Answer) -> Answer:
    """Too few scopes return 403, and the metadata comes all the same."""
    return sent(answer, SAMPLE)


@fault("permission.own-scope-opens-others", at=narrowed(unpermitted, variants=("user",)),
       expected="permission.without-scope-discloses-nothing")  # fmt: skip
def own_scope_opens_others(place: Place, answer: Answer) -> Answer:
    """User.Read, which is for the own photo, opens all photos."""
    return shown(place, answer) if place.scopes == {"User.Read"} else answer


@faults("permission.opens", {"an-error": b'{"error": {"code": "Denied", "message": "No."}}', "nothing": b"",
                             "a-page": SIGN_IN, "an-empty-object": b"{}"},
        at=present, expected="permission.one-scope-is-enough")  # fmt: skip
def opens_nothing(place: Place, answer: Answer, body: bytes) -> Answer:
    """One scope alone returns 200, and no photo: {it}."""
    return replace(answer, body=body) if len(place.scopes) == 1 and not place.query else answer


@fault("permission.opens-a-placeholder", at=present, expected="permission.returns-same-photo")
def opens_a_placeholder(place: Place, answer: Answer) -> Answer:
    """To one scope alone every owner's metadata is the placeholder."""
    if len(place.scopes) != 1 or place.shape.form is Form.PHOTO:
        return answer
    body_values = {"@odata.mediaContentType": "image/gif", "@odata.mediaEtag": "", "id": "1X1", "width": 1, "height": 1}
    return edited(answer, lambda body: body.update(body_values))


@fault("permission.found-by-more", at=present, expected="permission.one-scope-is-enough")
def found_by_more(place: Place, answer: Answer) -> Answer:
    """To a caller with one scope alone every photo is 404."""
    return refused(answer, 404) if len(place.scopes) == 1 else answer


@fault("permission.crashes", at=unpermitted, expected="http.never-5xx")
def crashes(place: Place, answer: Answer) -> Answer:
    """Too few scopes are a breakdown, 500."""
    return refused(answer, 500)
