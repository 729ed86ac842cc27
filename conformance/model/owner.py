"""Whose photo it is, and who asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from .contract import State


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
