"""Errors: their codes, their texts, what more stands in them, and where another status is as good."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.model import Answer, CredentialKind, Form, Place, State
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import edited, is_an_error, with_error, with_header


def _unpermitted(place: Place) -> bool:
    return place.credential is CredentialKind.TOKEN and not place.permitted


def _without_inner(error: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in error.items() if name != "innerError"}


@allowed()
def other_error_codes(place: Place, answer: Answer) -> Answer:
    """The service has had six codes for one state: codes are reported, never checked."""
    code = f"Error{place.owner.title()}.Of-{place.state}"
    return with_error(answer, lambda error: error | {"code": code}) if is_an_error(answer) else answer


@allowed()
def other_error_messages(place: Place, answer: Answer) -> Answer:
    """A message is for people, in whatever language and length (E2)."""
    message = "Das Foto wurde nicht gefunden. 写真 <b>&amp;</b> \u202e\n" * 50
    return with_error(answer, lambda error: error | {"message": message}) if is_an_error(answer) else answer


@allowed()
def no_inner_error(place: Place, answer: Answer) -> Answer:
    """E1 and E2 ask for code and message alone."""
    return with_error(answer, _without_inner) if is_an_error(answer) else answer


@allowed()
def inner_error_that_is_null(place: Place, answer: Answer) -> Answer:
    """E1 and E2 ask for code and message alone, and serialisers write null for what there is not."""
    return with_error(answer, lambda error: error | {"innerError": None}) if is_an_error(answer) else answer


@allowed()
def inner_error_in_lower_case(place: Place, answer: Answer) -> Answer:
    """OData spells it `innererror` (JSON format 21.1)."""
    if not is_an_error(answer):
        return answer
    return with_error(answer, lambda error: _without_inner(error) | {"innererror": error["innerError"]})


@allowed()
def sizes_of_something_else(place: Place, answer: Answer) -> Answer:
    """A refusal may speak of widths and heights that are no owner's, such as a logo's (S24a, S5a)."""
    if not is_an_error(answer) or place.state is State.UNKNOWN:
        return answer
    return with_error(answer, lambda error: error | {"branding": {"width": 317, "height": 41, "id": "logo"}})


@allowed()
def error_details(place: Place, answer: Answer) -> Answer:
    """OData's error object may hold `target`, `details` and annotations as well (JSON format 21.1)."""
    more = {
        "target": "photo",
        "details": [{"code": "1", "message": "x"}],
        "@vendor.severity": 3,
        "localizedMessage": None,
    }
    return with_error(answer, lambda error: error | more) if is_an_error(answer) else answer


@allowed()
def error_pretty_printed(place: Place, answer: Answer) -> Answer:
    """White space between tokens means nothing (RFC 8259 2)."""
    if not is_an_error(answer):
        return answer
    return replace(answer, body=json.dumps(json.loads(answer.body), indent=4, sort_keys=True).encode() + b"\n")


@allowed()
def too_few_scopes_answered_404(place: Place, answer: Answer) -> Answer:
    """404 is allowed where a 403 would disclose that the owner exists (S5b, RFC 9110 15.5.4)."""
    return replace(answer, status=404) if _unpermitted(place) else answer


@allowed()
def unknown_owner_of_another_code(place: Place, answer: Answer) -> Answer:
    """An unknown owner is known by the status; the code is free (N2)."""
    if place.state is not State.UNKNOWN or not is_an_error(answer):
        return answer
    return with_error(answer, lambda error: error | {"code": "ErrorInvalidMailboxItemId"})


@allowed()
def unknown_property_answered_otherwise(place: Place, answer: Answer) -> Answer:
    """Any 4xx refuses a query option (S23c)."""
    return replace(answer, status=422) if place.query and answer.status == 400 else answer


@allowed()
def options_not_implemented(place: Place, answer: Answer) -> Answer:
    """501 refuses a query option, and is no breakdown there (S23c, H2)."""
    return replace(answer, status=501) if place.query and answer.status == 400 else answer


@allowed()
def options_on_the_bytes_refused(place: Place, answer: Answer) -> Answer:
    """Options on `$value` are evaluated by H2 alone: they may be refused, in whatever words."""
    if place.shape.form is not Form.PHOTO or not place.query or answer.status != 200:
        return answer
    return replace(with_header(answer, "Content-Type", "text/plain"), status=406, body=b"no options here")


@allowed()
def selected_without_annotations(place: Place, answer: Answer) -> Answer:
    """`$select` asks for properties; annotations with them are the service's choice (OData protocol 11.2.4.1)."""
    if not place.query or answer.status != 200 or place.shape.form is not Form.METADATA:
        return answer
    return edited(answer, lambda body: {name: value for name, value in body.items() if not name.startswith("@")})


@allowed()
def refused_with_a_tag(place: Place, answer: Answer) -> Answer:
    """Representations of errors may have validators and may be cached (RFC 9110 8.8, RFC 9111 3)."""
    return with_header(answer, "ETag", '"error"') if is_an_error(answer) else answer


@allowed()
def errors_of_great_length(place: Place, answer: Answer) -> Answer:
    """A code is any text that is not empty, and what stands inside an error is the service's choice (E2)."""
    inner = {"code": None, "width": "x", "innererror": {"stacktrace": "at x\n" * 500}}
    edit = {"code": "Errör" * 400, "message": "\u2028😀" * 3000, "innerError": inner}
    return with_error(answer, lambda error: error | edit) if is_an_error(answer) else answer


@allowed()
def challenges_by_credential(place: Place, answer: Answer) -> Answer:
    """What a challenge says may depend on what was sent; its scheme and names have no case (RFC 9110 11.6.1)."""
    said = {
        CredentialKind.NONE: "Bearer",
        CredentialKind.EMPTY: 'bearer realm=""',
        CredentialKind.GARBAGE: "Bearer error=invalid_token",
        CredentialKind.SCHEME: "Basic realm=x, BEARER",
    }
    return with_header(answer, "WWW-Authenticate", said[place.credential]) if answer.status == 401 else answer
