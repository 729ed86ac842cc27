"""Scopes: too few let in, listed ones not enough, refusals of another kind."""

from __future__ import annotations

from dataclasses import replace

from ..model import Answer, Form, Place
from .fault import fault, faults
from .making import SAMPLE, SIGN_IN, edited, refused, sent, shown, silhouette, typed
from .places import OPERATIONS, VARIANTS, due, lacking, narrowed, present, unpermitted

SCOPES = (
    "User.Read", "User.ReadWrite", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Group.Read.All",
    "Group.ReadWrite.All", "Contacts.Read", "Contacts.ReadWrite",
)  # fmt: skip
"""All that the page lists; each alone is enough for what it opens."""


@faults(
    "permission.ignored",
    {name: name for name in OPERATIONS},
    at=unpermitted,
    expected="permission.without-scope-discloses-nothing",
)
def ignored(place: Place, answer: Answer, operation: str) -> Answer:
    """Any good token opens one operation, whatever its scopes: {it}."""
    return shown(place, answer) if f"{place.shape.variant}.{place.shape.form}" == operation else answer


@faults("permission.ignored-for-placeholders", {name: name for name in VARIANTS}, at=unpermitted,
        expected="permission.without-scope-discloses-nothing")  # fmt: skip
def ignored_for_placeholders(place: Place, answer: Answer, variant: str) -> Answer:
    """Scopes are looked at only where there is a photo to guard, at one variant: {it}."""
    at_one = place.shape.variant == variant and place.shape.form is Form.METADATA
    return shown(place, answer) if at_one and lacking(place) else answer


@fault("permission.soft", at=unpermitted, expected="permission.without-scope-discloses-nothing")
def soft(place: Place, answer: Answer) -> Answer:
    """Too few scopes are body_values in the body, and the status is 200."""
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


@faults("permission.opened-by", {"mail": frozenset({"Mail.Read"}), "contacts": frozenset({"Contacts.Read"}),
                                 "groups": frozenset({"Group.Read.All"})},
        at=unpermitted, expected="permission.without-scope-discloses-nothing")  # fmt: skip
def opened_by_another(place: Place, answer: Answer, scopes: frozenset[str]) -> Answer:
    """A scope that is for something else opens every photo: {it}."""
    return shown(place, answer) if place.scopes == scopes else answer


@faults("permission.refused-with", {str(status): status for status in (302, 400, 401, 405, 410)}, at=unpermitted,
        expected="permission.without-scope-is-403")  # fmt: skip
def refused_otherwise(place: Place, answer: Answer, status: int) -> Answer:
    """Too few scopes are refused with {it} in place of 403."""
    return refused(answer, status)


@faults(
    "permission.unauthorized-at",
    {name: name for name in VARIANTS},
    at=unpermitted,
    expected="permission.without-scope-is-403",
)
def unauthorized_at(place: Place, answer: Answer, variant: str) -> Answer:
    """Too few scopes are refused with 401 at one variant: {it}."""
    return refused(answer, 401) if place.shape.variant == variant else answer


@faults(
    "permission.not-enough",
    {scope.lower(): scope for scope in SCOPES},
    at=due,
    expected="permission.one-scope-is-enough",
)
def not_enough(place: Place, answer: Answer, scope: str) -> Answer:
    """A listed scope alone is refused: {it}."""
    return refused(answer, 403) if place.scopes == {scope} else answer


@faults(
    "permission.not-enough-for",
    {form.value: form for form in Form},
    at=present,
    expected="permission.one-scope-is-enough",
)
def not_enough_for(place: Place, answer: Answer, form: Form) -> Answer:
    """One scope alone does not open one form: {it}."""
    return refused(answer, 403) if place.shape.form is form and len(place.scopes) == 1 else answer


@faults("permission.opens", {"an-error": b'{"error": {"code": "Denied", "message": "No."}}', "nothing": b"",
                             "a-page": SIGN_IN, "an-empty-object": b"{}"},
        at=present, expected="permission.one-scope-is-enough")  # fmt: skip
def opens_nothing(place: Place, answer: Answer, body: bytes) -> Answer:
    """One scope alone returns 200, and no photo: {it}."""
    return replace(answer, body=body) if len(place.scopes) == 1 and not place.query else answer


@faults("permission.opens-another-photo", {form.value: form for form in Form}, at=present,
        expected="permission.returns-same-photo")  # fmt: skip
def opens_another_photo(place: Place, answer: Answer, form: Form) -> Answer:
    """One scope alone opens another user's photo: {it}."""
    return shown(place, answer) if len(place.scopes) == 1 and place.shape.form is form else answer


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
