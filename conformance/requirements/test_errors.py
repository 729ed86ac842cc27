"""Errors: the structure of every 4xx response. Error codes are reported but not checked: the service changes them."""

from __future__ import annotations

from ..auth.authorization import echoes
from ..catalogue.decoded_response import CannotEvaluate, DecodedResponse
from ..catalogue.requirement import SHOULD, Findings, Selector, requirement, schema_errors
from ..media.json_text import NotJson
from ..model import Finding
from ..spec import Edition
from .prerequisites import DUE, ENOUGH, NO_SCOPE_403, UNKNOWN_404
from .selections import (
    ABSENT_METADATA_REFUSED_TWICE,
    ABSENT_PHOTO_TWICE,
    BADLY_CREDENTIALED,
    EVERY_ANSWER,
    LISTS_REFUSED,
    ODD_SELECTED_PLACEHOLDER,
    OPTIONS_REFUSED,
    SCOPED_IN_REFUSED,
    SCOPED_OUT,
    SIZES_BYTES_REFUSED,
    SIZES_REFUSED,
    UNDECLARED_TWICE,
    UNKNOWN_LISTS,
    UNKNOWN_TWICE,
)
from .test_credentials import KINDS

REFUSALS: tuple[Selector, ...] = (
    ABSENT_PHOTO_TWICE, ABSENT_METADATA_REFUSED_TWICE, UNDECLARED_TWICE, UNKNOWN_TWICE, UNKNOWN_LISTS,
    BADLY_CREDENTIALED, *SCOPED_IN_REFUSED, SCOPED_OUT, OPTIONS_REFUSED, ODD_SELECTED_PLACEHOLDER, SIZES_REFUSED,
    SIZES_BYTES_REFUSED, LISTS_REFUSED,
)  # fmt: skip
REFUSED = (*DUE, "unknown.discloses-nothing", UNKNOWN_404, *KINDS, "credentials.refused-with-401",
           "permission.without-scope-discloses-nothing", NO_SCOPE_403, ENOUGH, "option.unknown-is-refused",
           "sizes.unknown-size-is-refused")  # fmt: skip


@requirement("error.has-envelope", SHOULD, cites="E1", on=REFUSALS, needs=REFUSED)
def test_an_error_is_one_object_with_one_error(answer: DecodedResponse, edition: Edition) -> Findings:
    """The body of a 4xx is application/json: one object with one member, `error`, which is an object."""
    if not 400 <= answer.status < 500:
        return  # no refusal: the edition allows that, or another requirement reports it (H3)
    if answer.media_type != "application/json":
        yield Finding("Content-Type of an error", "application/json", answer.header("Content-Type") or "no such header")
    elif isinstance(answer.json, NotJson):
        yield Finding("body of an error", "JSON", answer.json.why)
    else:
        yield from schema_errors(answer, "error#/$defs/envelope", edition)


@requirement("error.has-code-and-message", SHOULD, cites="E2", on=REFUSALS, needs=[*REFUSED, "error.has-envelope"])
def test_an_error_says_its_code_and_message(answer: DecodedResponse, edition: Edition) -> Findings:
    """`error.code` and `error.message` are non-empty strings; in the edition `observed` the message may be empty."""
    if 400 <= answer.status < 500:
        yield from schema_errors(answer, "error", edition)


@requirement("error.throttling-has-envelope", SHOULD, cites="E1", on=[EVERY_ANSWER], failures=True)
def test_throttling_is_one_object_with_one_error(answer: DecodedResponse, edition: Edition) -> Findings:
    """The body of any 429, if one came, is application/json too: one object with one member, `error`."""
    for each in answer.waited_out:
        yield from test_an_error_is_one_object_with_one_error(each, edition)


@requirement("error.throttling-has-code-and-message", SHOULD, cites="E2", on=[EVERY_ANSWER], failures=True,
             needs=["error.throttling-has-envelope"])  # fmt: skip
def test_throttling_says_its_code_and_message(answer: DecodedResponse, edition: Edition) -> Findings:
    """`error.code` and `error.message` of any 429, if one came, are non-empty strings."""
    for each in answer.waited_out:
        yield from test_an_error_says_its_code_and_message(each, edition)


@requirement("error.does-not-echo-token", SHOULD, cites="E3", on=[EVERY_ANSWER], failures=True)
def test_an_error_does_not_echo_the_token(answer: DecodedResponse) -> Findings:
    """No response contains the token that was sent, in its body or in a header."""
    last = answer.exchange.answer
    if places := echoes(answer.exchange):
        yield Finding("a token", "nowhere in the response", f"in {', '.join(places)}")
    elif last is not None and last.unread is not None:
        raise CannotEvaluate(last.unread)
