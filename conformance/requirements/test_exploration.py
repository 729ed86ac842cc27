"""Requests that nobody thought of, drawn at random with `--explore`: odd ids, and odd questions about known owners.

They are held to clauses that hold of every answer. Where a requirement on the planned requests is violated at the same
place, what is found here is its cause, and is blocked by it; so what is left has been found by nothing else.
"""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import EXPLORED_NO_5XX, EXPLORED_WHOLE, MUST, NO_5XX, SHOULD, WHOLE, Findings, requirement
from ..model import Finding, Form
from ..spec.editions import Edition
from ..spec.responses import documented
from . import test_errors, test_http
from .selections import ODD_IDS, ODD_QUESTIONS
from .status import status_in_words
from .test_unknown import refusal

NOTHING, STATUS, ENVELOPE = (
    "exploration.unknown-discloses-nothing",
    "exploration.status-is-documented",
    "exploration.error-has-envelope",
)
CALLED_FOR = (406, 414, 431)
"""What HTTP itself refuses a request by: its Accept, its length, its header fields (RFC 9110 15.5; RFC 6585 5)."""
RESPONSES = "https://spec.openapis.org/oas/v3.1.1.html#responses-object"
LONGEST = 200
"""Characters of a request that are told."""


def explored(findings: Findings, answer: DecodedResponse) -> Findings:
    """The same findings, each with the request that nothing else asks."""
    fields = [f"{name}: {value}" for name, value in answer.probe.headers]
    asked = " with ".join([answer.exchange.request.url, *fields])
    asked = asked if len(asked) <= LONGEST else asked[:LONGEST] + "…"
    for found in findings:
        if isinstance(found, Finding):
            yield Finding(f"{found.at} (no curated requirement asks this)", found.wanted, f"{found.got}, asked {asked}")


@requirement(EXPLORED_WHOLE, MUST, cites="H1", on=[ODD_IDS, ODD_QUESTIONS], failures=True, yields_to=[WHOLE],
             link="https://www.rfc-editor.org/rfc/rfc9112#section-8")  # fmt: skip
def test_an_odd_request_is_answered_whole(answer: DecodedResponse) -> Findings:
    """The answer to an odd request is whole, well-formed HTTP within the deadline."""
    yield from explored(test_http.test_each_answer_is_whole(answer), answer)


@requirement(EXPLORED_NO_5XX, MUST, cites="H2", on=[ODD_IDS, ODD_QUESTIONS], yields_to=[NO_5XX],
             link="https://www.rfc-editor.org/rfc/rfc9110#section-15.6")  # fmt: skip
def test_an_odd_request_is_no_breakdown(answer: DecodedResponse) -> Findings:
    """An odd request is never answered 5xx, but for a 503 with Retry-After, which is waited for."""
    yield from explored(test_http.test_never_5xx(answer), answer)


@requirement(NOTHING, MUST, cites="N1", on=[ODD_IDS], needs=[EXPLORED_NO_5XX], yields_to=["unknown.discloses-nothing"],
             link="https://datatracker.ietf.org/doc/html/rfc3986#section-2.1")  # fmt: skip
def test_an_odd_id_shows_nothing(answer: DecodedResponse) -> Findings:
    """An odd id, which exists nowhere, is not answered 2xx, and neither a picture nor metadata comes back."""
    yield from explored(refusal(answer), answer)


@requirement(STATUS, SHOULD, cites="X1", on=[ODD_IDS, ODD_QUESTIONS], needs=[EXPLORED_NO_5XX, NOTHING],
             yields_to=["picture.answers-200", "metadata.answers-200", "option.select-returns-properties",
                        "option.unknown-is-refused", "unknown.is-404"],
             link=RESPONSES)  # fmt: skip
def test_the_status_is_documented(answer: DecodedResponse, edition: Edition) -> Findings:
    """An odd request is answered by a status that the description has for the operation, or that HTTP calls for."""
    wanted = sorted(documented(edition.name, answer.probe.shape.operation))
    if answer.status not in (*wanted, *CALLED_FOR):
        told = Finding("status", f"one of {', '.join(map(str, wanted))}", status_in_words(answer))
        yield from explored(iter([told]), answer)


@requirement("exploration.media-type-is-documented", SHOULD, cites="X2", on=[ODD_QUESTIONS],
             needs=[EXPLORED_NO_5XX, STATUS],
             yields_to=["picture.is-a-picture", "picture.content-type-is-image", "metadata.is-application-json"],
             link=RESPONSES)  # fmt: skip
def test_the_media_type_is_documented(answer: DecodedResponse, edition: Edition) -> Findings:
    """An odd question that is answered 200 has a media type that the description documents; of bytes, any picture's."""
    wanted = documented(edition.name, answer.probe.shape.operation)[200]
    told = answer.media_type or "no such header"
    picture = answer.probe.shape.form is Form.PHOTO and told.startswith("image/")
    if answer.status == 200 and told not in wanted and not picture:
        yield from explored(iter([Finding("Content-Type", "one that the description has for it", told)]), answer)


@requirement(ENVELOPE, SHOULD, cites="E1", on=[ODD_IDS, ODD_QUESTIONS], needs=[EXPLORED_NO_5XX, NOTHING, STATUS],
             yields_to=["error.has-envelope"], link=test_errors.ERRORS)  # fmt: skip
def test_an_odd_request_is_refused_in_the_envelope(answer: DecodedResponse, edition: Edition) -> Findings:
    """A 4xx to an odd request is application/json: one object with one member, `error`, which is an object."""
    if answer.status >= 400:
        yield from explored(test_errors.test_an_error_is_one_object_with_one_error(answer, edition), answer)


@requirement("exploration.error-has-code-and-message", SHOULD, cites="E2", on=[ODD_IDS, ODD_QUESTIONS],
             needs=[EXPLORED_NO_5XX, NOTHING, STATUS, ENVELOPE], yields_to=["error.has-code-and-message"],
             link=test_errors.ERRORS)  # fmt: skip
def test_an_odd_request_is_refused_with_code_and_message(answer: DecodedResponse, edition: Edition) -> Findings:
    """In a 4xx to an odd request `error.code` and `error.message` are non-empty strings."""
    if answer.status >= 400:
        yield from explored(test_errors.test_an_error_says_its_code_and_message(answer, edition), answer)
