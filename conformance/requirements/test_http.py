"""HTTP: each response is complete, in time, no server error, and the same when requested again."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, NO_5XX, SHOULD, WHOLE, Findings, requirement
from ..media.header_fields import retry_after
from ..model import INCONCLUSIVE_FAILURES, Finding
from ..spec import Edition
from .comparing import differences
from .prerequisites import REPEATABLE
from .selections import EACH_AGAIN, EVERY_ANSWER
from .status import is_wrong, status_in_words


@requirement(WHOLE, MUST, cites="H1", on=[EVERY_ANSWER], failures=True)
def test_each_answer_is_whole(answer: DecodedResponse) -> Findings:
    """Each response is complete, well-formed HTTP within the deadline."""
    failure = answer.exchange.failure
    if failure is not None and failure.kind not in INCONCLUSIVE_FAILURES:
        yield Finding("the response", "whole, well-formed HTTP in time", f"{failure.kind}: {failure.detail}")


@requirement(NO_5XX, MUST, cites="H2", on=[EVERY_ANSWER])
def test_never_5xx(answer: DecodedResponse) -> Findings:
    """No response is 5xx, except 503 with Retry-After, after which the suite waits, and 501 to a `$` option."""
    option = "$" in unquote(urlsplit(answer.probe.target).query)
    if answer.status >= 500 and not (option and answer.status == 501):
        got = status_in_words(answer)
        passing = ": the service uses this code for passing trouble" if "(UnknownError)" in got else ""
        yield Finding("status", "below 500", got + passing)


@requirement(REPEATABLE, MUST, cites="H3", on=EACH_AGAIN)
def test_a_repeated_request_gets_the_same_response(
    first: DecodedResponse, again: DecodedResponse, edition: Edition
) -> Findings:
    """A repeated request gets the same response: status, bytes, id, width, height, mediaContentType, mediaEtag.

    What came with the same wrong status both times is reported by that.
    """
    if is_wrong(first, edition) and first.status != again.status:
        yield from differences(again, first, "asked for the first time")
    elif not is_wrong(first, edition):
        yield from differences(first, again, "asked again")


@requirement("http.throttling-has-retry-after", SHOULD, cites="H4", on=[EVERY_ANSWER], failures=True)
def test_throttling_says_when_to_come_back(answer: DecodedResponse) -> Findings:
    """Any 429, if one came, has Retry-After: seconds, which may be fractional, or a date."""
    found = [one.header("Retry-After") for one in answer.exchange.answers if one.status == 429]
    for value in found:
        if retry_after(value or "") is None:
            got = "no such header" if value is None else repr(value[:100])
            yield Finding("Retry-After of a 429", "seconds or a date", got)
