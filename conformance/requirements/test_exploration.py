"""Random requests, drawn with `--explore` from the description: ids that exist nowhere, and options of known owners.

They are checked by clauses that hold of every response, with the checks of schemathesis where it has one. Where a
requirement on the planned requests is violated at the same place, what is found here is blocked by it.
"""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import EXPLORED_NO_5XX, EXPLORED_WHOLE, MUST, NO_5XX, SHOULD, WHOLE, Findings, requirement
from ..media.json_text import NotJson
from ..model import Finding, Form
from ..spec import Edition
from ..spec.described import failures
from . import test_errors, test_http
from .selections import ODD_IDS, ODD_QUESTIONS
from .test_unknown import refusal

OBJECT = "metadata.is-one-object"
PROPERTIES = (
    "metadata.id-is-a-string", "metadata.width-is-int32", "metadata.height-is-int32",
    "metadata.dimensions-are-positive", "metadata.id-matches-dimensions", "annotation.context-is-photo-entity",
    "annotation.id-is-photo-url", "annotation.media-content-type-is-image", "annotation.media-etag-is-an-entity-tag",
    "metadata.is-not-the-placeholder", "sizes.are-a-list", "sizes.entries-are-metadata",
    "option.select-returns-properties", "option.select-keeps-values",
)  # fmt: skip
NOTHING, STATUS, TYPE, ENVELOPE = (
    "exploration.unknown-discloses-nothing",
    "exploration.status-is-documented",
    "exploration.media-type-is-documented",
    "exploration.error-has-envelope",
)
LONGEST = 200
"""Characters of a request that a finding quotes."""


def explored(findings: Findings, answer: DecodedResponse) -> Findings:
    """The same findings, each with the random request that led to it."""
    fields = [f"{name}: {value}" for name, value in answer.probe.headers]
    asked = " with ".join([answer.exchange.request.url, *fields])
    asked = asked if len(asked) <= LONGEST else asked[:LONGEST] + "…"
    for found in findings:
        if isinstance(found, Finding):
            yield Finding(f"{found.at} (no curated requirement asks this)", found.wanted, f"{found.got}, asked {asked}")


def broken(check: str, answer: DecodedResponse, edition: Edition) -> str:
    """What a check of schemathesis says is wrong, in its first line; empty where nothing is."""
    operation = answer.probe.shape.operation
    found = failures(edition.name, operation, answer.exchange.request.url, answer.answer, check)
    return found[0].message.partition("\n")[0] or found[0].title if found else ""


@requirement(EXPLORED_WHOLE, MUST, cites="H1", on=[ODD_IDS, ODD_QUESTIONS], failures=True, yields_to=[WHOLE])
def test_the_response_to_a_random_request_is_complete(answer: DecodedResponse) -> Findings:
    """The response to a random request is complete, well-formed HTTP within the deadline."""
    yield from explored(test_http.test_each_answer_is_whole(answer), answer)


@requirement(EXPLORED_NO_5XX, MUST, cites="H2", on=[ODD_IDS, ODD_QUESTIONS], yields_to=[NO_5XX])
def test_a_random_request_gets_no_5xx(answer: DecodedResponse, edition: Edition) -> Findings:
    """A random request never gets a 5xx, except 503 with Retry-After, which is waited for, and 501 to an option."""
    if broken("not_a_server_error", answer, edition):
        yield from explored(test_http.test_never_5xx(answer), answer)


@requirement(NOTHING, MUST, cites="N1", on=[ODD_IDS], needs=[EXPLORED_NO_5XX], yields_to=["unknown.discloses-nothing"])
def test_a_random_id_shows_nothing(answer: DecodedResponse) -> Findings:
    """A random id, which exists nowhere, gets no 2xx, no picture and no metadata."""
    yield from explored(refusal(answer), answer)


@requirement(STATUS, SHOULD, cites="X1", on=[ODD_IDS, ODD_QUESTIONS], needs=[EXPLORED_NO_5XX, NOTHING],
             yields_to=["picture.answers-200", "metadata.answers-200", "option.select-returns-properties",
                        "option.unknown-is-refused", "unknown.is-404"])  # fmt: skip
def test_the_status_is_documented(answer: DecodedResponse, edition: Edition) -> Findings:
    """The response to a random request has a status that the description documents for the operation."""
    if wrong := broken("status_code_conformance", answer, edition):
        yield from explored(iter([Finding("status", "one that the description has", wrong)]), answer)


@requirement(TYPE, SHOULD, cites="X2", on=[ODD_QUESTIONS],
             needs=[EXPLORED_NO_5XX, STATUS],
             yields_to=["picture.is-a-picture", "picture.content-type-is-image",
                        "metadata.is-application-json"])  # fmt: skip
def test_the_media_type_is_documented(answer: DecodedResponse, edition: Edition) -> Findings:
    """A 200 response to a random request has a media type that the description documents; for bytes, any picture."""
    if answer.status == 200 and (wrong := broken("content_type_conformance", answer, edition)):
        yield from explored(iter([Finding("Content-Type", "one that the description has", wrong)]), answer)


@requirement("exploration.body-is-as-described", SHOULD, cites="X3", on=[ODD_QUESTIONS],
             needs=[EXPLORED_NO_5XX, STATUS, TYPE],
             yields_to=["metadata.is-json", OBJECT, *PROPERTIES])  # fmt: skip
def test_the_body_is_as_described(answer: DecodedResponse, edition: Edition) -> Findings:
    """Metadata in a 200 response to a random request conforms to the description's schema, also with `$select`."""
    if answer.status == 200 and answer.probe.shape.form is Form.METADATA:
        body = answer.json  # what our own reader rejects, such as a million brackets, is not passed to others
        wrong = body.why if isinstance(body, NotJson) else broken("response_schema_conformance", answer, edition)
        if wrong:
            yield from explored(iter([Finding("$", "JSON as the description's schema has it", wrong)]), answer)


@requirement(ENVELOPE, SHOULD, cites="E1", on=[ODD_IDS, ODD_QUESTIONS], needs=[EXPLORED_NO_5XX, NOTHING, STATUS],
             yields_to=["error.has-envelope"])  # fmt: skip
def test_a_random_request_is_refused_in_the_envelope(answer: DecodedResponse, edition: Edition) -> Findings:
    """A 4xx to a random request is application/json: one object with one member, `error`, which is an object."""
    yield from explored(test_errors.test_an_error_is_one_object_with_one_error(answer, edition), answer)


@requirement("exploration.error-has-code-and-message", SHOULD, cites="E2", on=[ODD_IDS, ODD_QUESTIONS],
             needs=[EXPLORED_NO_5XX, NOTHING, STATUS, ENVELOPE], yields_to=["error.has-code-and-message"])  # fmt: skip
def test_a_random_request_is_refused_with_code_and_message(answer: DecodedResponse, edition: Edition) -> Findings:
    """In a 4xx to a random request `error.code` and `error.message` are non-empty strings."""
    yield from explored(test_errors.test_an_error_says_its_code_and_message(answer, edition), answer)
