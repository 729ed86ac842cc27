"""What the contract speaks of: forms, states, operations, path shapes; whose photo it is, and who asks; cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


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


OWNED = (State.PRESENT, State.ABSENT, State.UNDECLARED)
"""States of an owner that exists."""


class Level(StrEnum):
    """The keyword of RFC 2119 that a clause speaks with."""

    MUST = "MUST"
    SHOULD = "SHOULD"


@dataclass(frozen=True)
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
    keys: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Path parameters, in order of the path, and what each names: `user`, `group`, `contact`, `folder`, `parent` (of
    the folder), `size`."""

    @cached_property
    def kind(self) -> str:
        """The kind of owner: `user`, `group` (a team is one) or `contact`."""
        return "group" if self.owner == "team" else self.owner

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The path parameters that name whose photo it is: all but the size."""
        return tuple(name for name, word in self.keys.items() if word != "size")

    @cached_property
    def signed_in(self) -> bool:
        """Whether the path begins at the caller (`/me`)."""
        return self.template.startswith("/me/")


@dataclass(frozen=True)
class Shape:
    """One concrete path shape: an operation, and how its user is named. The 2016 page has 20."""

    operation: Operation
    addressing: Addressing | None

    @cached_property
    def variant(self) -> str:
        return self.operation.variant

    @cached_property
    def form(self) -> Form:
        return self.operation.form

    @cached_property
    def words(self) -> dict[str, str]:
        """What each path parameter names; `upn` for a user by userPrincipalName."""
        by_upn = self.addressing is Addressing.UPN
        return {name: "upn" if by_upn and word == "user" else word for name, word in self.operation.keys.items()}

    @cached_property
    def key(self) -> str:
        """E.g. `user-contact.photo.upn`, `group.metadata`."""
        return ".".join(part for part in (self.variant, self.form, self.addressing) if part)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has, or has not, a photo: a user, a group, or a contact of a user. Also ids that exist nowhere.

    `label` is ours (`user-1`, `user-1.contact-2`, `group-1`, `unknown.user`): reports and cases use it, never a
    target's text. For a contact, `user_id`, `user_upn` and `caller` are those of the user whose contact it is.
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
    """Empty where nothing but the token says who it is."""
    scopes: frozenset[str] | None = None
    """None: not known (opaque token, none given)."""
    user_id: str | None = None
    user_upn: str | None = None
    app_only: bool = False

    def holds_one_of(self, scopes: Iterable[str]) -> bool:
        """Whether a known scope is one of these: without regard to case, and to a resource's URL before it."""
        held = {scope.rpartition("/")[2].casefold() for scope in self.scopes or ()}
        return not held.isdisjoint(scope.casefold() for scope in scopes)


@dataclass(frozen=True)
class Cell:
    """One requirement on one path shape in one state: one pytest item, whatever owners the target has."""

    requirement: str
    shape: Shape
    state: State
    spans: tuple[str, ...] = ()
    """`form` or `addressing`: a relation of both."""

    @property
    def variant(self) -> str:
        return self.shape.variant

    @property
    def form(self) -> Form | None:
        return None if "form" in self.spans else self.shape.form

    @property
    def addressing(self) -> Addressing | None:
        return None if "addressing" in self.spans else self.shape.addressing

    @cached_property
    def place(self) -> str:
        """E.g. `user-contact.photo.upn.present`."""
        return ".".join(part for part in (self.variant, self.form, self.addressing, self.state) if part)

    @cached_property
    def name(self) -> str:
        """E.g. `picture.is-a-picture[user-contact.photo.upn.present]`."""
        return f"{self.requirement}[{self.place}]"
