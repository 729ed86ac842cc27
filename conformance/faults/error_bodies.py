"""The shape of refusals: not JSON, not the envelope, nothing said, or too much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..model import REDACTED, Answer
from .content_types import NO_JSON as NO_JSON_TYPES
from .fault import Apply, Where, at_each, one, series
from .making import JSON, SIGN_IN, Change, header, retyped, sign_in, typed
from .places import again, anywhere, metadata, no_picture, nonsense, placeholder, uncredited, unexercised, unpermitted

Body = dict[str, Any]
NOT_TYPED = {
    name: NO_JSON_TYPES[name] for name in ("missing", "empty", "text", "html", "problem", "xml", "picture", "text-json")
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
WHERE: dict[str, Where] = {
    "no-photo": no_picture,
    "unknown": unexercised,
    "credentials": uncredited,
    "scopes": unpermitted,
    "options": nonsense,
    "options-on-placeholders": lambda place: placeholder(place) and "nosuch" in place.query.lower(),
    "expand": lambda place: metadata(place) and place.query.startswith("$expand"),
    "filter": lambda place: metadata(place) and place.query.startswith("$filter"),
    "paging": lambda place: metadata(place) and place.query.startswith("$top"),
}


def _refusal(answer: Answer) -> bool:
    return 400 <= answer.status < 500


def _changed(answer: Answer, change: Callable[[Body], object]) -> Answer:
    return typed(answer, json.dumps(change(json.loads(answer.body))).encode(), JSON) if _refusal(answer) else answer


def _saying(answer: Answer, change: Callable[[Body], object]) -> Answer:
    """A refusal with another error in its envelope."""
    return _changed(answer, lambda body: {"error": change(body["error"])})


def _of_refusal(change: Change) -> Change:
    return lambda answer, value: change(answer, value) if _refusal(answer) else answer


def _echoing(name: str, value: str = REDACTED) -> Apply:
    return lambda place, answer: header(answer, name, value)


# fmt: off
series("error.type", "Errors have a Content-Type other than application/json: {it}.",
       NOT_TYPED, _of_refusal(retyped), at=anywhere, expected="error.has-envelope")
series("error.body", "Errors are no JSON, whatever their type says: {it}.",
       NO_JSON, _of_refusal(lambda answer, body: typed(answer, body, JSON)), at=anywhere, expected="error.has-envelope")
series("error.body", "Errors are JSON, but not one object with one member `error`: {it}.",
       NO_ENVELOPE, _changed, at=anywhere, expected="error.has-envelope")
series("error.says", "Errors do not say code and message in strings: {it}.",
       SILENT, _saying, at=anywhere, expected="error.has-code-and-message")
at_each("error.page-for", "One kind of refusal alone is an HTML page: {it}.",
        WHERE, lambda place, answer: sign_in(place, answer) if _refusal(answer) else answer, at=anywhere,
        expected="error.has-envelope")
at_each("error.no-message-for", "One kind of refusal alone has no message: {it}.",
        WHERE, lambda _, answer: _saying(answer, SILENT["no-message"]), at=anywhere,
        expected="error.has-code-and-message")
one("error.page-when-asked-again", "The 404 for a missing picture is an HTML page when it is requested again.",
    sign_in, at=again(no_picture), expected="error.has-envelope")
one("error.page-for-unknown-again", "The 404 for an unknown id is an HTML page when it is requested again.",
    sign_in, at=again(unexercised), expected="error.has-envelope")
one("error.echoes-token-when-asked-again", "The token is repeated in an error when the same is asked for again.",
    _echoing("x-debug-token"), at=again(no_picture), expected="error.does-not-echo-token")
one("error.echoes-token-as-header-name", "A header of the 401 is called what the token says.",
    lambda _, answer: header(answer, REDACTED, "1"), at=uncredited, expected="error.does-not-echo-token")
one("error.echoes-token-in-message",
    "The message of an error repeats the token: here what stands for one in a recording.",
    lambda _, answer: _saying(answer, lambda error: error | {"message": f"refused: Bearer {REDACTED}"}), at=anywhere,
    expected="error.does-not-echo-token")
one("error.echoes-token-in-header", "A header of the 401 repeats the token.",
    _echoing("x-debug-token"), at=uncredited, expected="error.does-not-echo-token")
one("error.echoes-token-in-challenge", "The challenge repeats the token.",
    _echoing("WWW-Authenticate", f'Bearer error="invalid_token", token="{REDACTED}"'), at=uncredited,
    expected="error.does-not-echo-token")
# fmt: on
