"""Answers that do not come, or not whole; and throttling that does not say when. Only a recording can show them."""

from __future__ import annotations

from dataclasses import replace

from ..model import REDACTED, Answer, Exchange, Failure, FailureKind, Place
from .fault import breakdown
from .making import JSON, header
from .places import VARIANTS, anywhere, metadata, narrowed, picture, present, unpermitted

SLOW_DOWN = b'{"error": {"code": "TooManyRequests", "message": "Slow down."}}'
WHOLE, SAYS_WHEN = "http.response-is-complete", "http.throttling-has-retry-after"


def _failed(exchange: Exchange, kind: FailureKind) -> Exchange:
    return replace(exchange, answer=None, failure=Failure(kind, f"as a fault would have it: {kind}"))


def _kind(kind: FailureKind) -> None:
    @breakdown(f"transport.{kind}", at=picture, expected=WHOLE)
    def fails(place: Place, exchange: Exchange) -> Exchange:
        """Pictures do not come whole."""
        return _failed(exchange, kind)


for _failure in (FailureKind.DEADLINE, FailureKind.RESET, FailureKind.MALFORMED, FailureKind.CUT_SHORT,
                 FailureKind.TOO_LARGE, FailureKind.BAD_ENCODING):  # fmt: skip
    _kind(_failure)


def _variant(variant: str) -> None:
    @breakdown(f"transport.hangs.{variant}", at=narrowed(anywhere, variants=(variant,)), expected=WHOLE)
    def hangs(place: Place, exchange: Exchange) -> Exchange:
        """One variant never answers."""
        return _failed(exchange, FailureKind.DEADLINE)


for _name in VARIANTS:
    _variant(_name)


@breakdown("transport.metadata-reset", at=metadata, expected=WHOLE)
def metadata_reset(place: Place, exchange: Exchange) -> Exchange:
    """The connection is closed where metadata is due."""
    return _failed(exchange, FailureKind.RESET)


def _throttled(exchange: Exchange, retry_after: str | None, body: bytes = SLOW_DOWN, kind: str = JSON) -> Exchange:
    """The exchange after a 429 with this body, its media type, and this Retry-After if any."""
    answer = header(Answer(429, (("Content-Type", kind),), body), "Retry-After", retry_after)
    return replace(exchange, throttled=(answer,))


@breakdown("transport.throttled-untold", at=anywhere, expected=SAYS_WHEN)
def throttled_untold(place: Place, exchange: Exchange) -> Exchange:
    """Every first answer is a 429 that does not say when to come back."""
    return _throttled(exchange, None)


@breakdown("transport.throttled-untold-pictures", at=picture, expected=SAYS_WHEN)
def pictures_throttled_untold(place: Place, exchange: Exchange) -> Exchange:
    """Pictures are throttled by a 429 that does not say when to come back."""
    return _throttled(exchange, None)


@breakdown("transport.throttled-senselessly", at=anywhere, expected=SAYS_WHEN)
def throttled_senselessly(place: Place, exchange: Exchange) -> Exchange:
    """Every first answer is a 429 whose Retry-After is neither seconds nor a date."""
    return _throttled(exchange, "soon")


@breakdown("transport.throttled-blankly", at=metadata, expected=SAYS_WHEN)
def metadata_throttled_blankly(place: Place, exchange: Exchange) -> Exchange:
    """Metadata is throttled by a 429 whose Retry-After is blank."""
    return _throttled(exchange, "")


@breakdown("transport.429-echoes-token", at=present, expected="error.does-not-echo-token")
def echoes_in_429(place: Place, exchange: Exchange) -> Exchange:
    """A 429 that is waited out repeats the token in its body."""
    return _throttled(exchange, "1", SLOW_DOWN.replace(b"Slow", REDACTED.encode()))


@breakdown("transport.429-is-a-page", at=picture, expected="error.throttling-has-envelope")
def page_in_429(place: Place, exchange: Exchange) -> Exchange:
    """A 429 that is waited out is an HTML page."""
    return _throttled(exchange, "1", b"<h1>Too many requests</h1>", "text/html")


@breakdown("transport.429-is-bare", at=unpermitted, expected="error.throttling-has-envelope")
def bare_429(place: Place, exchange: Exchange) -> Exchange:
    """A 429 that is waited out is JSON as some gateways have it, without `error`."""
    return _throttled(exchange, "1", b'{"statusCode": 429, "message": "Rate limit is exceeded."}')


@breakdown("transport.429-has-no-message", at=metadata, expected="error.throttling-has-code-and-message")
def no_message_in_429(place: Place, exchange: Exchange) -> Exchange:
    """A 429 that is waited out has an error without a message."""
    return _throttled(exchange, "1", b'{"error": {"code": "TooManyRequests"}}')
