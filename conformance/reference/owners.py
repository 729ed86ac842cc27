"""From the keys in a path to whoever holds the photo, or to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..model import Operation, State
from .dialect import KeyPath
from .entities import MockTenant, User
from .generated_pictures import Photo

Step = tuple[str, str | None]
"""A word of a path in lower case, and the key after it, if there is one."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An owner that exists, with its photo or without."""

    key: str
    photo: Photo | None
    key_path: KeyPath
    user: User | None = None
    """The user that the holder is; None for groups and contacts."""

    @property
    def state(self) -> State:
        return State.PRESENT if self.photo else State.ABSENT

    @property
    def absence(self) -> str:
        """The error code for a photo that is not there."""
        return "ErrorItemNotFound" if self.key_path[-1][0] == "contacts" else "ImageNotFound"


@dataclass(frozen=True, slots=True)
class Missing:
    """An owner that does not exist, and the error code that says so."""

    code: str


def steps(operation: Operation, params: Mapping[str, str]) -> Iterator[Step]:
    """The operation's path in words and keys, e.g. `("users", "adele@…"), ("photo", None)`."""
    parts = operation.template.strip("/").split("/")
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if not part.startswith("{"):
            yield part.lower(), params[following[1:-1]] if following.startswith("{") else None


def find(tenant: MockTenant, path: Mapping[str, str | None], caller: User | None) -> Holder | Missing:
    """Who holds the photo that the path asks for; `caller` is who `/me` means.

    A contact inside a folder is found by that folder alone, and one outside by none.
    """
    group_id = path.get("groups") or path.get("teams")
    if group_id is not None:
        return _group(tenant, group_id, team="teams" in path)
    user = caller if "me" in path else tenant.user(path.get("users") or "")
    if user is None:
        return Missing("Request_ResourceNotFound")
    if "contacts" not in path:
        return Holder(user.key, user.photo, (("users", user.id),), user)
    outer_id, inner_id = path.get("contactfolders"), path.get("childfolders")
    if inner_id is not None and not any((inner_id, outer_id) == (folder.id, folder.parent) for folder in user.folders):
        return Missing("ErrorItemNotFound")
    folder_id = inner_id if inner_id is not None else outer_id
    contact = user.contact(path["contacts"] or "", folder_id)
    if contact is None:
        return Missing("ErrorItemNotFound")
    folders: KeyPath = (("contactFolders", folder_id),) if folder_id is not None else ()
    return Holder(contact.key, contact.photo, (("users", user.id), *folders, ("contacts", contact.id)))


def _group(tenant: MockTenant, group_id: str, *, team: bool) -> Holder | Missing:
    group = tenant.group(group_id)
    if group is None or (team and not group.team):
        return Missing("Request_ResourceNotFound")
    return Holder(group.key, group.photo, (("teams" if team else "groups", group.id),))
