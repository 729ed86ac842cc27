"""Requests as they were sent, and what came of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PART = "[redacted-part:"


def mark(name: str, *, part: bool = False) -> str:
    """What stands where a secret stood, in every header, body, URL and text; `name` says where the secret is from."""
    plain = re.sub(r"[^\w.@-]", "_", name, flags=re.ASCII)[:80]
    return f"{PART if part else '[redacted:'}{plain}]"


MARK = re.compile(r"\[redacted:([\w.@-]{1,80})\]", re.ASCII)
"""The mark of a whole secret."""

REDACTED = mark("token")
"""The mark of a secret whose source has no name."""


Headers = tuple[tuple[str, str], ...]
"""Header fields as they came: order, case and repetition kept; latin-1 text."""


class FailureKind(StrEnum):
    """Why a request got no whole answer.

    INCONCLUSIVE_FAILURES say nothing against the target's contract (verdict: inconclusive); the rest do (clause H1),
    but for NOT_ASKED, which is reported as blocked by H1.
    """

    UNREACHABLE = "unreachable"  # refused, no route, name not found
    TLS = "tls"
    THROTTLED = "throttled"  # 429/503 with Retry-After past the patience
    CREDENTIAL = "credential"  # the caller's token could not be had, or has expired
    DEADLINE = "deadline"
    RESET = "reset"  # closed or reset before a status line was whole
    MALFORMED = "malformed"  # no HTTP, bad chunk, bad header
    CUT_SHORT = "cut-short"  # fewer bytes than announced
    TOO_LARGE = "too-large"  # header, body or decompressed body past the cap
    BAD_ENCODING = "bad-encoding"  # the bytes are not in the Content-Encoding
    FLAKY = "flaky"  # reset, and complete when it was asked for again
    OUT_OF_TIME = "out-of-time"  # the run's time was over
    NOT_KEPT = "not-kept"  # more was received than is kept
    NOT_ASKED = "not-asked"  # given up on this operation after failures running


INCONCLUSIVE_FAILURES = frozenset(
    {
        FailureKind.UNREACHABLE,
        FailureKind.TLS,
        FailureKind.THROTTLED,
        FailureKind.CREDENTIAL,
        FailureKind.FLAKY,
        FailureKind.OUT_OF_TIME,
        FailureKind.NOT_KEPT,
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent; its credentials already replaced by marks."""

    method: str
    url: str
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer. `body` is after transfer- and content-decoding; as it came, secrets included."""

    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    reason: str = ""
    version: str = "HTTP/1.1"
    unread: str | None = None
    """Why the body is not here (not kept, in a coding that cannot be decoded …): what needs it is inconclusive."""

    @property
    def head(self) -> bytes:
        """The reason phrase, names and values of the header fields, a line each: what secrets are looked for in."""
        parts = [self.reason, *(part for field in self.headers for part in field)]
        return "\n".join(parts).encode("utf-8", "surrogatepass")

    def header(self, name: str) -> str | None:
        """The field's value; repeated fields joined by a comma (RFC 9110 5.3); None where it is absent."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Failure:
    """How an answer failed to come."""

    kind: FailureKind
    detail: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as sent and its result: exactly one of `answer` and `failure` is set."""

    id: str
    request: Request
    answer: Answer | None = None
    failure: Failure | None = None
    throttled: tuple[Answer, ...] = ()
    """Answers 429 or 503 that were waited out before this one."""
    started: str = ""
    """RFC 3339, UTC."""
    seconds: float = 0.0
    echoed: tuple[str, ...] = ()
    """Where the token that was sent came back, as `auth.authorization.echoes` has it; found while it was known."""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All that came, those that were waited out first."""
        return (*self.throttled, *([self.answer] if self.answer else []))


@dataclass(frozen=True, slots=True)
class Recording:
    """All exchanges of a run by probe key."""

    exchanges: Mapping[str, Exchange]
    notes: tuple[str, ...] = ()
    """What a reader should know: what discovery found, what was given up, what did not match."""
