"""The users, groups and contacts of the reference server, as frozen values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from .generated_pictures import Photo

TENANT = "1717622f-1d94-c0d4-9d74-f907ad6677b4"
"""The tenant's id: a suffix of the keys in `@odata.id`, as the page's samples have it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of a user; `folder` is None for one that stands outside all folders."""

    key: str
    id: str
    name: str
    photo: Photo | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of contacts; `parent` is the id of the folder that it is inside of, if any."""

    id: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A user with a mailbox. `key` is the tenant's own short name, never seen on the wire."""

    key: str
    id: str
    upn: str
    name: str
    photo: Photo | None = None
    contacts: tuple[Contact, ...] = ()
    folders: tuple[Folder, ...] = ()

    def folder(self, folder_id: str) -> Folder | None:
        """The folder of that very id, or None."""
        return next((folder for folder in self.folders if folder.id == folder_id), None)

    def contact(self, contact_id: str, folder_id: str | None) -> Contact | None:
        """The contact of that very id in that very folder (None: outside all folders), or None."""
        found = (contact for contact in self.contacts if (contact.id, contact.folder) == (contact_id, folder_id))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Group:
    """A group; a team as well where `team` is set."""

    key: str
    id: str
    name: str
    photo: Photo | None = None
    team: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller: a token's holder. `env` is the variable that hands the token to a client."""

    env: str
    scopes: frozenset[str]
    user: str | None = None
    """The id of the user who is signed in; None: an application by itself."""
    main: bool = True
    """Whether this is its user's token, and not one more caller of the permission chapter."""

    @property
    def token(self) -> str:
        """Opaque, the same in every run, worthless anywhere else."""
        return "reference-" + hashlib.sha256(self.env.encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Ids that exist nowhere."""

    user: str = "00000000-dead-4bad-8bad-000000000001"
    upn: str = "unknown@contoso.example"
    group: str = "00000000-dead-4bad-8bad-000000000002"
    contact: str = "AAMkADnowhere-contact_0001="
    folder: str = "AAMkADnowhere-folder_0001="


@dataclass(frozen=True)
class MockTenant:
    """All owners, and the callers. The first user with a token is the default caller."""

    users: tuple[User, ...]
    groups: tuple[Group, ...]
    identities: tuple[Identity, ...]
    unknown: Unknown = Unknown()

    @cached_property
    def _users(self) -> dict[str, User]:
        return {user.upn.casefold(): user for user in self.users} | {user.id: user for user in self.users}

    @cached_property
    def _tokens(self) -> dict[str, Identity]:
        return {identity.token: identity for identity in self.identities}

    def user(self, name: str) -> User | None:
        """The user of that id (as it stands) or userPrincipalName (in any case), or None."""
        return self._users.get(name) or (self._users.get(name.casefold()) if "@" in name else None)

    def group(self, group_id: str) -> Group | None:
        """The group of that id, or None."""
        return next((group for group in self.groups if group.id == group_id), None)

    def identity(self, token: str) -> Identity | None:
        """Whose token it is, or None."""
        return self._tokens.get(token)

    def default(self) -> User:
        """The user of the default caller."""
        first = next(identity.user for identity in self.identities if identity.main and identity.user)
        return self._users[first]
