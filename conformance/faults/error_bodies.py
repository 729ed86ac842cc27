"""The shape of refusals: not JSON, not the envelope, nothing said, or too much."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..model import REDACTED, Answer, Place
from .fault import fault, faults
from .making import JSON, SIGN_IN, header, typed
from .places import again, anywhere, metadata, no_picture, nonsense, uncredited, unexercised, unpermitted

Body = dict[str, Any]
NOT_TYPED = {
    "missing": None,
    "empty": "",
    "text": "text/plain",
    "html": "text/html",
    "problem": "application/problem+json",
    "xml": "application/xml",
    "picture": "image/jpeg",
    "text-json": "text/json",
}
NO_JSON: dict[str, bytes] = {
    "empty": b"",
    "words": b"Not Found",
    "page": SIGN_IN,
    "xml": b"<error><code>404</code></error>",
    "cut": b'{"error": {"co',
    "single-quotes": b"{'error': {'code': 'a', 'message': 'b'}}",
    "byte-order-mark": b'\xef\xbb\xbf{"error":{"code":"a","message":"b"}}',
}
NO_ENVELOPE: dict[str, Callable[[Body], object]] = {
    "array": lambda body: [body],
    "string": lambda body: "not found",
    "null": lambda body: None,
    "empty-object": lambda body: {},
    "bare": lambda body: body["error"],
    "error-is-text": lambda body: {"error": "not_found"},
    "error-is-null": lambda body: {"error": None},
    "error-is-array": lambda body: {"error": [body["error"]]},
    "errors": lambda body: {"errors": [body["error"]]},
    "two-members": lambda body: body | {"status": 404},
    "odata-error": lambda body: {"odata.error": body["error"]},
    "capital": lambda body: {"Error": body["error"]},
    "detail": lambda body: {"detail": "Not Found"},
    "oauth": lambda body: {"error": "invalid_token", "error_description": "expired"},
    "wrapped": lambda body: {"d": body},
}
SILENT: dict[str, Callable[[Body], object]] = {
    "no-code": lambda error: {"message": error["message"]},
    "no-message": lambda error: {"code": error["code"]},
    "nothing": lambda error: {},
    "code-null": lambda error: error | {"code": None},
    "code-empty": lambda error: error | {"code": ""},
    "code-number": lambda error: error | {"code": 404},
    "code-array": lambda error: error | {"code": [error["code"]]},
    "message-null": lambda error: error | {"message": None},
    "message-empty": lambda error: error | {"message": ""},
    "message-number": lambda error: error | {"message": 1},
    "message-with-language": lambda error: error | {"message": {"lang": "en-us", "value": error["message"]}},
    "capitals": lambda error: {"Code": error["code"], "Message": error["message"]},
}
WHERE = {
    "no-photo": no_picture,
    "unknown": unexercised,
    "credentials": uncredited,
    "scopes": unpermitted,
    "options": nonsense,
    "expand": lambda place: metadata(place) and place.query.startswith("$expand"),
    "filter": lambda place: metadata(place) and place.query.startswith("$filter"),
    "paging": lambda place: metadata(place) and place.query.startswith("$top"),
}


def _refusal(answer: Answer) -> bool:
    return 400 <= answer.status < 500


def _changed(answer: Answer, change: Callable[[Body], object]) -> Answer:
    return typed(answer, json.dumps(change(json.loads(answer.body))).encode(), JSON) if _refusal(answer) else answer


@faults("error.type", NOT_TYPED, at=anywhere, expected="error.has-envelope")
def not_typed(place: Place, answer: Answer, media_type: str | None) -> Answer:
    """Errors have a Content-Type other than application/json: {it}."""
    return header(answer, "Content-Type", media_type) if _refusal(answer) else answer


@faults("error.body", NO_JSON, at=anywhere, expected="error.has-envelope")
def no_json(place: Place, answer: Answer, body: bytes) -> Answer:
    """Errors are no JSON, whatever their type says: {it}."""
    return typed(answer, body, JSON) if _refusal(answer) else answer


@faults("error.body", NO_ENVELOPE, at=anywhere, expected="error.has-envelope")
def no_envelope(place: Place, answer: Answer, change: Callable[[Body], object]) -> Answer:
    """Errors are JSON, but not one object with one member `error`: {it}."""
    return _changed(answer, change)


@faults("error.says", SILENT, at=anywhere, expected="error.has-code-and-message")
def silent(place: Place, answer: Answer, change: Callable[[Body], object]) -> Answer:
    """Errors do not say code and message in strings: {it}."""
    return _changed(answer, lambda body: {"error": change(body["error"])})


@faults("error.page-for", WHERE, at=anywhere, expected="error.has-envelope")
def page_for(place: Place, answer: Answer, where: Callable[[Place], bool]) -> Answer:
    """One kind of refusal alone is an HTML page: {it}."""
    return typed(answer, SIGN_IN, "text/html") if where(place) and _refusal(answer) else answer


@faults("error.no-message-for", WHERE, at=anywhere, expected="error.has-code-and-message")
def no_message_for(place: Place, answer: Answer, where: Callable[[Place], bool]) -> Answer:
    """One kind of refusal alone has no message: {it}."""
    return _changed(answer, lambda body: {"error": SILENT["no-message"](body["error"])}) if where(place) else answer


@fault("error.page-when-asked-again", at=again(no_picture), expected="error.has-envelope")
def page_when_asked_again(place: Place, answer: Answer) -> Answer:
    """The 404 for a missing picture is an HTML page when it is requested again."""
    return typed(answer, SIGN_IN, "text/html")


@fault("error.echoes-token-when-asked-again", at=again(no_picture), expected="error.does-not-echo-token")
def echoes_when_asked_again(place: Place, answer: Answer) -> Answer:
    """The token is repeated in an error when the same is asked for again."""
    return header(answer, "x-debug-token", REDACTED)


@fault("error.echoes-token-as-header-name", at=uncredited, expected="error.does-not-echo-token")
def echoes_as_header_name(place: Place, answer: Answer) -> Answer:
    """A header of the 401 is called what the token says."""
    return replace(answer, headers=(*answer.headers, (REDACTED, "1")))


@fault("error.echoes-token-in-message", at=anywhere, expected="error.does-not-echo-token")
def echoes_in_message(place: Place, answer: Answer) -> Answer:
    """The message of an error repeats the token: here what stands for one in a recording."""
    return _changed(answer, lambda body: {"error": body["error"] | {"message": f"refused: Bearer {REDACTED}"}})


@fault("error.echoes-token-in-header", at=uncredited, expected="error.does-not-echo-token")
def echoes_in_header(place: Place, answer: Answer) -> Answer:
    """A header of the 401 repeats the token."""
    return header(answer, "x-debug-token", REDACTED)


@fault("error.echoes-token-in-challenge", at=uncredited, expected="error.does-not-echo-token")
def echoes_in_challenge(place: Place, answer: Answer) -> Answer:
    """The challenge repeats the token."""
    return header(answer, "WWW-Authenticate", f'Bearer error="invalid_token", token="{REDACTED}"')
