"""Who may ask: each kind of bad credential let in, or refused in another way."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..model import Answer, CredentialKind, Form, Place
from .fault import Where, at_each, fault, faults, series
from .making import JSON, SAMPLE, answered, header, refused, refusing, sent, shown, silhouette, typed
from .places import EACH_OPERATION, EACH_VARIANT, anywhere, lacking, narrowed, uncredited

NAMES = {"none": CredentialKind.NONE, "empty": CredentialKind.EMPTY, "garbage": CredentialKind.GARBAGE,
         "other-scheme": CredentialKind.SCHEME}  # fmt: skip
Body = dict[str, Any]
HIDDEN: dict[str, Callable[[Body], bytes]] = {
    "metadata-in-the-error": lambda body: _within(body, photo=SAMPLE),
    "size-in-the-inner-error": lambda body: _within(body, innerError={"width": 48, "height": 48}),
    "id-and-width-in-the-error": lambda body: json.dumps({"error": body["error"], "id": "48X48", "width": 48}).encode(),
    "type-and-height-in-details": lambda body: _within(
        body, details=[{"@odata.mediaContentType": "image/png", "height": 48.0}]
    ),
    "base64-in-the-error": lambda body: _within(body, data=_encoded()),
    "data-url-in-the-error": lambda body: _within(body, data=f"data:image/png;base64,{_encoded()}"),
    "picture-behind-the-error": lambda body: json.dumps(body).encode() + silhouette(),
    "half-a-picture": lambda body: silhouette()[:60],
    "base64": lambda body: _encoded().encode(),
}
OTHER_STATUSES = (302, 303, 400, 403, 404, 405)


def _within(body: Body, **more: object) -> bytes:
    """The error with more members."""
    return json.dumps({"error": body["error"] | more}).encode()


def _encoded() -> str:
    return base64.b64encode(silhouette()).decode()


def _is(kind: CredentialKind) -> Where:
    return lambda place: place.credential is kind


def _answers(name: str, at: Where) -> None:
    """All ways in which one kind of bad credential is let in."""
    expected = f"credentials.{name}-is-refused"

    @faults(f"credential.{name}-let-in", {"photo": Form.PHOTO, "metadata": Form.METADATA}, at=at, expected=expected)
    def let_in(place: Place, answer: Answer, form: Form) -> Answer:
        """This credential opens every photo in one form: {it}."""
        return shown(place, answer) if place.shape.form is form else answer

    @fault(
        f"credential.{name}-let-in-to-placeholders", at=lambda place: at(place) and lacking(place), expected=expected
    )
    def let_in_to_placeholders(place: Place, answer: Answer) -> Answer:
        """This credential is looked at only where there is a photo to guard: the placeholder is served."""
        return shown(place, answer) if place.shape.form is Form.METADATA else answer

    @fault(f"credential.{name}-soft", at=at, expected=expected)
    def soft(place: Place, answer: Answer) -> Answer:
        """This credential is refused in the body, and the status is 200."""
        return replace(answer, status=200)

    @fault(f"credential.{name}-sign-in-page", at=at, expected=expected)
    def page(place: Place, answer: Answer) -> Answer:
        """A request with this credential returns 200 and a sign-in page."""
        return typed(replace(answer, status=200), b"<!DOCTYPE html><html>Sign in</html>", "text/html")

    @fault(f"credential.{name}-no-content", at=at, expected=expected)
    def no_content(place: Place, answer: Answer) -> Answer:
        """A request with this credential returns 204."""
        return answered(answer, 204)


def _discloses(name: str, at: Where) -> None:
    """All ways in which one kind of bad credential is refused, and the response discloses something all the same."""
    expected = f"credentials.{name}-is-refused"

    @fault(f"credential.{name}-401-with-picture", at=at, expected=expected)
    def leaks_picture(place: Place, answer: Answer) -> Answer:
        """A request with this credential returns 401, and the picture comes all the same."""
        return typed(answer, silhouette(), "image/png")

    series(f"credential.{name}-401-holds",
           "A request with this credential returns 401, and the photo comes inside of what says so: {it}.",
           HIDDEN, lambda answer, hidden: replace(answer, body=hidden(json.loads(answer.body))), at=at,
           expected=expected)  # fmt: skip

    @fault(f"credential.{name}-401-with-metadata", at=at, expected=expected)
    def leaks_metadata(place: Place, answer: Answer) -> Answer:
        """A request with this credential returns 401, and the metadata comes all the same."""
        return sent(answer, SAMPLE)


def _refuses(name: str, at: Where) -> None:
    """All ways in which one kind of bad credential is refused otherwise."""

    series(f"credential.{name}-refused-with", "This credential is refused with {it} in place of 401.",
           {str(status): status for status in OTHER_STATUSES}, refused, at=at,
           expected="credentials.refused-with-401")  # fmt: skip

    @fault(f"credential.{name}-404-before-401", at=lambda place: at(place) and lacking(place),
           expected="credentials.refused-with-401")  # fmt: skip
    def not_found_first(place: Place, answer: Answer) -> Answer:
        """That there is no picture is disclosed before this credential is checked: 404 in place of 401."""
        return refused(answer, 404) if place.shape.form is Form.PHOTO else answer

    @fault(f"credential.{name}-unchallenged", at=at, expected="credentials.has-www-authenticate")
    def unchallenged(place: Place, answer: Answer) -> Answer:
        """This credential's 401 carries no WWW-Authenticate."""
        return header(answer, "WWW-Authenticate", None)

    @fault(f"credential.{name}-crashes", at=at, expected="http.never-5xx")
    def crashes(place: Place, answer: Answer) -> Answer:
        """This credential is a breakdown, 500."""
        return refused(answer, 500)


for _name, _credential in NAMES.items():
    _answers(_name, _is(_credential))
    _discloses(_name, _is(_credential))
    _refuses(_name, _is(_credential))


# fmt: off
at_each("credential.unchallenged-at", "The 401 of one operation carries no WWW-Authenticate: {it}.",
        EACH_OPERATION, lambda _, answer: header(answer, "WWW-Authenticate", None), at=uncredited,
        expected="credentials.has-www-authenticate")
at_each("credential.forbidden-at", "Without a good token the answer of one variant is 403 in place of 401: {it}.",
        EACH_VARIANT, refusing(403), at=uncredited, expected="credentials.refused-with-401")
# fmt: on


@fault("credential.blank-challenge", at=uncredited, expected="credentials.has-www-authenticate")
def blank_challenge(place: Place, answer: Answer) -> Answer:
    """WWW-Authenticate is there and says nothing."""
    return header(answer, "WWW-Authenticate", " ")


@fault(
    "credential.any-token-opens-me", at=narrowed(anywhere, variants=("me",)), expected="credentials.garbage-is-refused"
)
def a_default_user(place: Place, answer: Answer) -> Answer:
    """An unknown token is accepted as that of a default user at `/me`."""
    return shown(place, answer) if place.credential is CredentialKind.GARBAGE else answer


@fault(
    "credential.leaks-in-error",
    at=lambda place: place.credential is CredentialKind.NONE,
    expected="credentials.none-is-refused",
)
def leaks_in_error(place: Place, answer: Answer) -> Answer:
    """A 401 without a token holds the photo's properties beside the error."""
    return typed(answer, json.dumps(json.loads(answer.body) | SAMPLE).encode(), JSON)
