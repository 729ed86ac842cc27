"""From the keys in a path to the owner of the photo, if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Operation
from .dialect import KeyPath
from .entities import MockTenant, User
from .generated_pictures import Photo


@dataclass(frozen=True, slots=True)
class Holder:
    """An owner that exists, with its photo or without."""

    key: str
    photo: Photo | None
    key_path: KeyPath
    user: User | None = None
    """The user that the holder is; None for groups and contacts."""

    @property
    def absence(self) -> str:
        """The error code for a photo that is not there."""
        return "ErrorItemNotFound" if self.key_path[-1][0] == "contacts" else "ImageNotFound"


@dataclass(frozen=True, slots=True)
class Missing:
    """An owner that does not exist, and the error code that says so."""

    code: str
    key: str = "unknown"
    """E.g. `adele.unknown` where the mailbox exists."""


def find(tenant: MockTenant, operation: Operation, named: Mapping[str, str], caller: User | None) -> Holder | Missing:
    """Who holds the photo that the path asks for: `named` has its keys by what each names; `caller`: who `/me` means.

    A contact inside a folder is found by that folder alone, and one outside by none.
    """
    if operation.kind == "group":
        return _group(tenant, named["group"], team=operation.owner == "team")
    user = caller if operation.signed_in else tenant.user(named["user"])
    if user is None:
        return Missing("Request_ResourceNotFound")
    if operation.kind == "user":
        return Holder(user.key, user.photo, (("users", user.id),), user)
    folder_id, parent_id = named.get("folder"), named.get("parent")
    missing = Missing("ErrorItemNotFound", f"{user.key}.unknown")
    if parent_id and not any((folder_id, parent_id) == (folder.id, folder.parent) for folder in user.folders):
        return missing
    contact = user.contact(named["contact"], folder_id)
    if contact is None:
        return missing
    folders: KeyPath = (("contactFolders", folder_id),) if folder_id is not None else ()
    return Holder(contact.key, contact.photo, (("users", user.id), *folders, ("contacts", contact.id)))


def _group(tenant: MockTenant, group_id: str, *, team: bool) -> Holder | Missing:
    group = tenant.group(group_id)
    if group is None or (team and not group.team):
        return Missing("Request_ResourceNotFound")
    return Holder(group.key, group.photo, (("teams" if team else "groups", group.id),))
