"""Answers that do not come, or not whole; and throttling that does not say when. Only a recording can show them."""

from __future__ import annotations

from dataclasses import replace

from ..model import REDACTED, Answer, Exchange, Failure, FailureKind, Place
from .fault import breakdown
from .places import VARIANTS, anywhere, metadata, narrowed, picture, present

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


@breakdown("transport.throttled-untold", at=anywhere, expected=SAYS_WHEN)
def throttled_untold(place: Place, exchange: Exchange) -> Exchange:
    """Every first answer is a 429 that does not say when to come back."""
    return replace(exchange, throttled=(Answer(429, (("Content-Type", "application/json"),), b"{}"),))


@breakdown("transport.throttled-untold-pictures", at=picture, expected=SAYS_WHEN)
def pictures_throttled_untold(place: Place, exchange: Exchange) -> Exchange:
    """Pictures are throttled by a 429 that does not say when to come back."""
    return replace(exchange, throttled=(Answer(429),))


@breakdown("transport.throttled-senselessly", at=anywhere, expected=SAYS_WHEN)
def throttled_senselessly(place: Place, exchange: Exchange) -> Exchange:
    """Every first answer is a 429 whose Retry-After is neither seconds nor a date."""
    return replace(exchange, throttled=(Answer(429, (("Retry-After", "soon"),)),))


@breakdown("transport.throttled-blankly", at=metadata, expected=SAYS_WHEN)
def metadata_throttled_blankly(place: Place, exchange: Exchange) -> Exchange:
    """Metadata is throttled by a 429 whose Retry-After is blank."""
    return replace(exchange, throttled=(Answer(429, (("Retry-After", ""),)),))


@breakdown("transport.429-echoes-token", at=present, expected="error.does-not-echo-token")
def echoes_in_429(place: Place, exchange: Exchange) -> Exchange:
    """A 429 that is waited out repeats the token in its body."""
    throttled = Answer(429, (("Retry-After", "1"),), f"slow down, {REDACTED}".encode())
    return replace(exchange, throttled=(throttled,))
