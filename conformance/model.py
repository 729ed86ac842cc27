"""The nouns of the suite: frozen values that every other room passes around.

Nothing here reads a file, a socket or a clock, and nothing here imports anything of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Headers = tuple[tuple[str, str], ...]
"""Header fields as they came: order, case and repetition kept; latin-1 text."""


class Form(StrEnum):
    """The two forms of a photo: its properties (`…/photo`) or its bytes (`…/photo/$value`)."""

    METADATA = "metadata"
    PHOTO = "photo"


class Addressing(StrEnum):
    """How a user is named in a path; paths that name no user have none."""

    ID = "id"
    UPN = "upn"


class State(StrEnum):
    """What is true of the owner, or of the caller, that a cell is about."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    UNDECLARED = "undeclared"
    NO_CREDENTIALS = "no-credentials"
    SCOPED = "scoped"


class Level(StrEnum):
    """The keyword of RFC 2119 that a clause speaks with."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class Outcome(StrEnum):
    """How a verdict ends; the words of every report."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    DEPARTS = "departs"
    BLOCKED = "blocked"
    NOT_EXERCISED = "not-exercised"
    INCONCLUSIVE = "inconclusive"
    KNOWN = "known"
    BROKEN = "broken"


class FailureKind(StrEnum):
    """Why a request got no whole answer.

    The first four say nothing against the target's contract (verdict: inconclusive); the rest do (clause H1),
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


class CredentialKind(StrEnum):
    """What is in the Authorization header of a request."""

    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    NONE = "none"
    EMPTY = "empty"
    GARBAGE = "garbage"
    SCHEME = "scheme"  # a scheme that is not Bearer


@dataclass(frozen=True, slots=True)
class Operation:
    """One GET of the contract, as the OpenAPI description has it."""

    id: str
    variant: str
    form: Form
    template: str
    """Path below the base URL, e.g. `/users/{user-id}/photo/$value`."""
    statement: str
    """The statement that the path exists, e.g. `S9`."""
    permission_statement: str
    """The statement that names the scopes, e.g. `S4`."""
    scopes: frozenset[str]
    """Any one of these opens the operation for every owner."""
    own_scopes: frozenset[str]
    """Any one of these opens it for the caller's own photo as well."""
    owner: str = "user"
    """Whose photo: a `user`, `group`, `team` or `contact`."""
    leads_to: str = "photo"
    """What is at the path: the `photo`, the photo in one `size`, or the list of its `sizes`."""
    keys: tuple[tuple[str, str], ...] = ()
    """Path parameters, and what each names: `user`, `group`, `contact`, `folder`, `parent` (of the folder), `size`."""

    @property
    def kind(self) -> str:
        """The kind of owner: `user`, `group` (a team is one) or `contact`."""
        return "group" if self.owner == "team" else self.owner

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path parameters, in order of the path."""
        return tuple(part[1:-1] for part in self.template.split("/") if part.startswith("{"))

    @property
    def ids(self) -> tuple[str, ...]:
        """The path parameters that name whose photo it is: all but the size."""
        return tuple(name for name in self.parameters if name != self.key_of("size"))

    def key_of(self, word: str) -> str | None:
        """The parameter that names this (`user`, `folder` …); None where the path has none."""
        return next((parameter for parameter, named in self.keys if named == word), None)

    @property
    def signed_in(self) -> bool:
        """Whether the path begins at the caller (`/me`)."""
        return self.template.startswith("/me/")


@dataclass(frozen=True, slots=True)
class Shape:
    """One concrete path shape: an operation, and how its user is named. The 2016 page has 20."""

    operation: Operation
    addressing: Addressing | None

    @property
    def variant(self) -> str:
        return self.operation.variant

    @property
    def form(self) -> Form:
        return self.operation.form

    @property
    def key(self) -> str:
        """E.g. `user-contact.photo.upn`, `group.metadata`."""
        return ".".join(part for part in (self.variant, self.form, self.addressing) if part)


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement on one path shape in one state: one pytest item, whatever owners the target has."""

    requirement: str
    variant: str
    form: Form | None
    """None: a relation of both forms."""
    addressing: Addressing | None
    """None: a path without a user, or a relation of both addressings."""
    state: State
    statement: str = ""
    """The statement that this path exists."""
    permission_statement: str = ""

    @property
    def place(self) -> str:
        """E.g. `user-contact.photo.upn.present`."""
        return ".".join(part for part in (self.variant, self.form, self.addressing, self.state) if part)

    @property
    def name(self) -> str:
        """E.g. `picture.is-a-picture[user-contact.photo.upn.present]`."""
        return f"{self.requirement}[{self.place}]"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has, or has not, a photo: a user, a group, or a contact of a user. Also ids that exist nowhere.

    `label` is ours (`user-1`, `user-1.contact-2`, `group-1`, `unknown.user`): reports and cases use it, never a
    target's text. For a contact, `user_id`, `user_upn` and `signed_in` are those of the user whose contact it is.
    """

    label: str
    kind: str
    """`user`, `group` or `contact`."""
    user_id: str | None = None
    user_upn: str | None = None
    group_id: str | None = None
    contact_id: str | None = None
    folder_id: str | None = None
    parent_id: str | None = None
    """Of the folder that the contact's folder is inside of, where that is known."""
    team: bool = False
    """Whether the group is a team as well."""
    size: str | None = None
    """Of one size of a photo: the size, as the path names it."""
    caller: str | None = None
    """Label of the caller whose own (`/me`) this is; None where the user has no token."""
    state: State | None = None
    """PRESENT, ABSENT, UNKNOWN; None: to be found out by asking."""
    sha256: str | None = None
    """Of the picture, if the target file gives it."""
    made_up: bool = False
    """An unknown id that the suite invented, and that a target may call malformed."""

    @property
    def family(self) -> str:
        """The label of the user whose contact it is, else its own: `user-1` for `user-1.contact-2`."""
        return self.label.partition(".")[0]

    @property
    def person(self) -> str:
        """The label of the photo's owner, without the size: `user-1` for `user-1.size-48x48`."""
        return self.label.partition(".size-")[0]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a name for a token, and what is known of it. The token itself is never here."""

    label: str
    scopes: frozenset[str] | None = None
    """None: not known (opaque token, none given)."""
    user_id: str | None = None
    user_upn: str | None = None
    app_only: bool = False


@dataclass(frozen=True, slots=True)
class Credential:
    """What to put in Authorization: a kind, and for TOKEN and SCHEME whose token."""

    kind: CredentialKind = CredentialKind.TOKEN
    caller: str | None = None
    variety: int = 0
    """Which of several of one kind (opaque or JWT-like garbage, Basic or Token)."""
    app_only: bool = False
    """Whether the caller is an application by itself."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One request to be sent, once: where, as which caller, and why."""

    key: str
    """Identity within a run, e.g. `user-contact.photo.upn/present/user-1.contact-2/plain`."""
    shape: Shape
    state: State
    owner: Owner
    request_kind: str
    """What is asked: `plain`, `again`, `select-id`, `no-token` …"""
    target: str
    """Path and query below the base URL, percent-encoded, as sent."""
    credential: Credential
    headers: Headers = ()


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
    token_sent: bool = False
    """Whether a secret went out with it."""
    echoed: tuple[str, ...] = ()
    """Where the token that was sent came back, as `auth.redaction.echoes` names places; found while it was known."""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All that came, those that were waited out first."""
        return (*self.throttled, *([self.answer] if self.answer else []))


PART = "[redacted-part:"


def mark(name: str, *, part: bool = False) -> str:
    """What stands where a secret stood, in every header, body, URL and text; `name` says where the secret is from."""
    plain = re.sub(r"[^\w.@-]", "_", name, flags=re.ASCII)[:80]
    return f"{PART if part else '[redacted:'}{plain}]"


MARK = re.compile(r"\[redacted:([\w.@-]{1,80})\]", re.ASCII)
"""The mark of a whole secret."""
REDACTED = mark("token")
"""The mark of a secret whose source has no name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the contract a request lands: what a fault knows of the response that it may change."""

    shape: Shape
    state: State
    """PRESENT, ABSENT or UNKNOWN: of the owner."""
    owner: str
    """The owner's key in the directory."""
    credential: CredentialKind = CredentialKind.TOKEN
    permitted: bool = True
    """False: the token is good and holds none of the scopes that open this owner's photo."""
    query: str = ""
    ask: int = 1
    """1 for the first time this very request is asked, 2 for the second …"""
    scopes: frozenset[str] = frozenset()
    """What the token holds; empty without a good one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: where, what was due, what was there. Plain text, from the wire too."""

    at: str
    wanted: str
    got: str

    def __post_init__(self) -> None:
        """What came from the wire may be long; thousands of verdicts repeat it."""
        for name in ("at", "wanted", "got"):
            if len(text := getattr(self, name)) > _FINDING:
                object.__setattr__(self, name, f"{text[: _FINDING - 1]}…")


_FINDING = 500
"""Characters of one part of a finding."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of one owner in one cell, by one requirement."""

    requirement: str
    level: Level
    cites: str
    variant: str
    form: Form | None
    addressing: Addressing | None
    state: State
    case: str
    """`{variant}.{form}.{addressing}.{state}/{owner}`: what known deviations match by glob."""
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    exchanges: tuple[str, ...] = ()
    blocked_by: str | None = None
    reason: str | None = None
    """Why it was not exercised, is inconclusive, known or broken; one sentence."""
    more: int = 0
    """How many more owners of its cell ended just so, and are only counted (past 500 owners)."""


@dataclass(frozen=True, slots=True)
class Recording:
    """All exchanges of a run by probe key, and what was learnt of the owners on the way."""

    exchanges: Mapping[str, Exchange]
    owners: tuple[Owner, ...]
    callers: tuple[Caller, ...]
    notes: tuple[str, ...] = ()
    """What a reader should know: what discovery found, what was given up, what did not match."""


class UsageProblem(ValueError):
    """An option or file that cannot be used; the message is one line that says what was expected."""
