"""Header field values: media types (RFC 9110 8.3.1), entity-tags (8.8.3) and Retry-After (10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..model import Answer

UNSPECIFIED_WAIT = 1.0
"""Seconds to wait after a 429 that does not say how long."""
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110 5.6.2's name for it
_MEDIA_TYPE = re.compile(rf"\s*({_TOKEN}/{_TOKEN})\s*(;.*)?", re.DOTALL)
_ENTITY_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]+"')


def media_type(value: str | None) -> str | None:
    """`type/subtype` in lower case, without parameters; None where the value is absent or has no such form."""
    found = _MEDIA_TYPE.fullmatch(value or "")
    return found[1].lower() if found else None


def weakly_equal(one: str, other: str) -> bool:
    """Weak comparison of two entity-tags (RFC 9110 8.8.3.2)."""
    return one.strip().removeprefix("W/") == other.strip().removeprefix("W/")


def is_entity_tag(value: str) -> bool:
    """Whether the text is a quoted entity-tag, weak or strong, with something between its quotes."""
    return _ENTITY_TAG.fullmatch(value) is not None


def retry_after(value: str) -> float | datetime | None:
    """Seconds (fractions are accepted, the service sends them) or a moment; None where the value is neither."""
    if re.fullmatch(r"[0-9]{1,300}(\.[0-9]{0,300})?", value.strip()):
        return float(value)
    return http_date(value)


def http_date(value: str) -> datetime | None:
    """The moment that an HTTP-date (RFC 9110 5.6.7) gives; None for any other text."""
    if len(value) > 100:
        return None
    try:
        date = parsedate_to_datetime(value)
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def wait_asked_for(answer: Answer) -> float | None:
    """Seconds that a 429, or a 503 with Retry-After, asks to wait (RFC 9110 10.2.3; fractions are accepted).

    None for every other answer: that is one to be evaluated.
    """
    if answer.status not in (429, 503):
        return None
    asked = retry_after(answer.header("Retry-After") or "")
    if asked is None:
        return UNSPECIFIED_WAIT if answer.status == 429 else None
    if isinstance(asked, float):
        return asked
    now = http_date(answer.header("Date") or "") or datetime.now(UTC)
    return max(0.0, (asked - now).total_seconds())


def has_expired(answer: Answer) -> bool:
    """Whether a 401 says that the token expired."""
    return answer.status == 401 and any(words in _reasons(answer) for words in ("expired", "lifetime validation"))


def asks_for_claims(answer: Answer) -> bool:
    """Whether a 401 is a claims challenge: the token is good, and this resource wants another one."""
    words = ("claims=", "insufficient_claims", "claims challenge")
    return answer.status == 401 and any(each in _reasons(answer) for each in words)


def _reasons(answer: Answer) -> str:
    return (answer.header("WWW-Authenticate") or "").lower() + answer.body[:10_000].decode("latin-1").lower()
