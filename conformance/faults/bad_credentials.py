"""Who may ask: each kind of bad credential let in, or refused in another way."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..model import Answer, CredentialKind, Place
from .fault import Where, at_each, one, series
from .making import (
    JSON,
    SAMPLE,
    answered,
    header,
    refused,
    refusing,
    shown,
    sign_in,
    silhouette,
    statuses,
    typed,
    with_metadata,
    with_picture,
)
from .places import EACH_FORM, EACH_OPERATION, EACH_VARIANT, lacking, narrowed, presenting, uncredited

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
OTHER_STATUSES = statuses(302, 303, 400, 403, 404, 405)


def _within(body: Body, **more: object) -> bytes:
    """The error with more members."""
    return json.dumps({"error": body["error"] | more}).encode()


def _encoded() -> str:
    return base64.b64encode(silhouette()).decode()


def _unchallenged(place: Place, answer: Answer) -> Answer:
    return header(answer, "WWW-Authenticate", None)


def _says_200(place: Place, answer: Answer) -> Answer:
    return replace(answer, status=200)


# fmt: off
def _let_in(name: str, at: Where) -> None:
    """All ways in which one kind of bad credential is let in, or the refusal discloses something all the same."""
    expected = f"credentials.{name}-is-refused"
    at_each(f"credential.{name}-let-in", "This credential opens every photo in one form: {it}.",
            EACH_FORM, shown, at=at, expected=expected)
    one(f"credential.{name}-let-in-to-placeholders",
        "This credential is looked at only where there is a photo to guard: the placeholder is served.",
        shown, at=lambda place: at(place) and lacking(place) and EACH_FORM["metadata"](place), expected=expected)
    one(f"credential.{name}-soft", "This credential is refused in the body, and the status is 200.",
        _says_200, at=at, expected=expected)
    one(f"credential.{name}-sign-in-page", "A request with this credential returns 200 and a sign-in page.",
        lambda place, answer: sign_in(place, _says_200(place, answer)), at=at, expected=expected)
    one(f"credential.{name}-no-content", "A request with this credential returns 204.",
        lambda _, answer: answered(answer, 204), at=at, expected=expected)
    one(f"credential.{name}-401-with-picture",
        "A request with this credential returns 401, and the picture comes all the same.",
        with_picture, at=at, expected=expected)
    series(f"credential.{name}-401-holds",
           "A request with this credential returns 401, and the photo comes inside of what says so: {it}.",
           HIDDEN, lambda answer, hidden: replace(answer, body=hidden(json.loads(answer.body))), at=at,
           expected=expected)
    one(f"credential.{name}-401-with-metadata",
        "A request with this credential returns 401, and the metadata comes all the same.",
        with_metadata, at=at, expected=expected)


def _refused_otherwise(name: str, at: Where) -> None:
    """All ways in which one kind of bad credential is refused otherwise."""
    series(f"credential.{name}-refused-with", "This credential is refused with {it} in place of 401.",
           OTHER_STATUSES, refused, at=at,
           expected="credentials.refused-with-401")
    one(f"credential.{name}-404-before-401",
        "That there is no picture is disclosed before this credential is checked: 404 in place of 401.",
        refusing(404), at=lambda place: at(place) and lacking(place) and EACH_FORM["photo"](place),
        expected="credentials.refused-with-401")
    one(f"credential.{name}-unchallenged", "This credential's 401 carries no WWW-Authenticate.",
        _unchallenged, at=at, expected="credentials.has-www-authenticate")
    one(f"credential.{name}-crashes", "This credential is a breakdown, 500.",
        refusing(500), at=at, expected="http.never-5xx")


for _name, _credential in NAMES.items():
    _let_in(_name, presenting(_credential))
    _refused_otherwise(_name, presenting(_credential))

at_each("credential.unchallenged-at", "The 401 of one operation carries no WWW-Authenticate: {it}.",
        EACH_OPERATION, _unchallenged, at=uncredited, expected="credentials.has-www-authenticate")
at_each("credential.forbidden-at", "Without a good token the answer of one variant is 403 in place of 401: {it}.",
        EACH_VARIANT, refusing(403), at=uncredited, expected="credentials.refused-with-401")
one("credential.blank-challenge", "WWW-Authenticate is there and says nothing.",
    lambda _, answer: header(answer, "WWW-Authenticate", " "), at=uncredited,
    expected="credentials.has-www-authenticate")
one("credential.any-token-opens-me", "An unknown token is accepted as that of a default user at `/me`.",
    shown, at=narrowed(presenting(CredentialKind.GARBAGE), variants=("me",)), expected="credentials.garbage-is-refused")
at_each("credential.lengthened-token-let-in",
        "A token is accepted whatever follows it, as where no signature is checked, in one form: {it}.",
        EACH_FORM, shown, at=lambda place: place.begins_well, expected="credentials.garbage-is-refused")
one("credential.leaks-in-error", "A 401 without a token holds the photo's properties beside the error.",
    lambda _, answer: typed(answer, json.dumps(json.loads(answer.body) | SAMPLE).encode(), JSON),
    at=presenting(CredentialKind.NONE), expected="credentials.none-is-refused")
# fmt: on
