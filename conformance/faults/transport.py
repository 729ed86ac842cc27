"""Answers that do not come, or not whole; and throttling that does not say when. Only a recording can show them."""

from __future__ import annotations

from dataclasses import replace

from ..model import REDACTED, Answer, Failure, FailureKind
from .fault import Spoiled, breakdown
from .making import JSON, header
from .places import EACH_VARIANT, anywhere, metadata, picture, present, unpermitted

SLOW_DOWN = b'{"error": {"code": "TooManyRequests", "message": "Slow down."}}'
WHOLE, SAYS_WHEN = "http.response-is-complete", "http.throttling-has-retry-after"


def _failing(kind: FailureKind) -> Spoiled:
    failure = Failure(kind, f"as a fault would have it: {kind}")
    return lambda place, exchange: replace(exchange, answer=None, failure=failure)


def _throttled(retry_after: str | None, body: bytes = SLOW_DOWN, kind: str = JSON) -> Spoiled:
    """The exchange after a 429 with this body, its media type, and this Retry-After if any."""
    answer = header(Answer(429, (("Content-Type", kind),), body), "Retry-After", retry_after)
    return lambda place, exchange: replace(exchange, throttled=(answer,))


# fmt: off
for _kind in (FailureKind.DEADLINE, FailureKind.RESET, FailureKind.MALFORMED, FailureKind.CUT_SHORT,
              FailureKind.TOO_LARGE, FailureKind.BAD_ENCODING):
    breakdown(f"transport.{_kind}", "Pictures do not come whole.",
              _failing(_kind), at=picture, expected=WHOLE)
for _variant, _where in EACH_VARIANT.items():
    breakdown(f"transport.hangs.{_variant}", "One variant never answers.",
              _failing(FailureKind.DEADLINE), at=_where, expected=WHOLE)
breakdown("transport.metadata-reset", "The connection is closed where metadata is due.",
          _failing(FailureKind.RESET), at=metadata, expected=WHOLE)
breakdown("transport.throttled-untold", "Every first answer is a 429 that does not say when to come back.",
          _throttled(None), at=anywhere, expected=SAYS_WHEN)
breakdown("transport.throttled-senselessly",
          "Every first answer is a 429 whose Retry-After is neither seconds nor a date.",
          _throttled("soon"), at=anywhere, expected=SAYS_WHEN)
breakdown("transport.throttled-blankly", "Metadata is throttled by a 429 whose Retry-After is blank.",
          _throttled(""), at=metadata, expected=SAYS_WHEN)
breakdown("transport.429-echoes-token", "A 429 that is waited out repeats the token in its body.",
          _throttled("1", SLOW_DOWN.replace(b"Slow", REDACTED.encode())), at=present,
          expected="error.does-not-echo-token")
breakdown("transport.429-is-a-page", "A 429 that is waited out is an HTML page.",
          _throttled("1", b"<h1>Too many requests</h1>", "text/html"), at=picture,
          expected="error.throttling-has-envelope")
breakdown("transport.429-is-bare", "A 429 that is waited out is JSON as some gateways have it, without `error`.",
          _throttled("1", b'{"statusCode": 429, "message": "Rate limit is exceeded."}'), at=unpermitted,
          expected="error.throttling-has-envelope")
breakdown("transport.429-has-no-message", "A 429 that is waited out has an error without a message.",
          _throttled("1", b'{"error": {"code": "TooManyRequests"}}'), at=metadata,
          expected="error.throttling-has-code-and-message")
# fmt: on
