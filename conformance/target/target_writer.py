"""What was found at a target, written as a target file."""

from __future__ import annotations

from typing import Any

import tomli_w

from ..model import Owner, State
from .tenant import Tenant

_TO_FILL_IN = """
# Users and groups that the target does not list can be named here:
# [[user]]
# id = ""
# upn = ""
# photo = true
#
# [[group]]
# id = ""
# photo = false
"""


def target_text(tenant: Tenant, base_url: str, variable: str, notes: tuple[str, ...] = ()) -> str:
    """TOML of the owners, valid by the schema of target files, notes as comments. `variable` holds the token.

    Where nobody but the signed-in user is known, tables to fill in follow as comments.
    """
    owners = [owner for owner in tenant.owners if owner.size is None]
    users = [_user(owner, variable, owners) for owner in owners if owner.kind == "user"]
    groups = [
        _named({"id": owner.group_id, "team": owner.team or None}, owner) for owner in owners if owner.kind == "group"
    ]
    data = {
        "base_url": base_url,
        "user": [user for user in users if user.keys() & {"id", "upn", "token"}],
        "group": groups,
    }
    comments = "".join(f"# {' '.join(note.split())}\n" for note in notes)
    text = comments + tomli_w.dumps({name: value for name, value in data.items() if value})
    return text if groups or len(users) > 1 else text + _TO_FILL_IN


def _user(user: Owner, variable: str, owners: list[Owner]) -> dict[str, Any]:
    token = {"env": variable} if user.caller else None
    found = _named({"id": user.user_id, "upn": user.user_upn, "token": token}, user)
    contacts = [
        _named({"id": owner.contact_id, "folder": owner.folder_id, "parent": owner.parent_id}, owner)
        for owner in owners
        if owner.kind == "contact" and owner.label.startswith(f"{user.label}.")
    ]
    return {**found, "contacts": contacts} if contacts else found


def _named(keys: dict[str, Any], owner: Owner) -> dict[str, Any]:
    """What is known of an owner; nothing of a photo where it could not be found out."""
    photo = None if owner.state is None else owner.state is State.PRESENT
    return {name: value for name, value in {**keys, "photo": photo}.items() if value is not None}
