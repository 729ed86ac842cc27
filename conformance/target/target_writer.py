"""What was found at a target, written as a target file."""

from __future__ import annotations

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

    Where only the signed-in user is known, tables to fill in follow as comments.
    """
    owners = [owner for owner in tenant.owners if owner.size is None]
    tables = []
    for user in owners:
        if user.kind == "user" and (user.user_id or user.user_upn or user.caller):
            tables.append(_table("[[user]]", user, id=user.user_id, upn=user.user_upn))
            tables += [f"[user.token]\n{tomli_w.dumps({'env': variable})}"] if user.caller else []
            tables += [
                _table("[[user.contacts]]", one, id=one.contact_id, folder=one.folder_id, parent=one.parent_id)
                for one in owners
                if one.kind == "contact" and one.label.startswith(f"{user.label}.")
            ]
    for owner in owners:
        if owner.kind == "group":
            tables.append(_table("[[group]]", owner, id=owner.group_id, team=owner.team or None))
    alone = sum(table.startswith(("[[user]]", "[[group]]")) for table in tables) <= 1
    head = "".join(f"# {' '.join(note.split())}\n" for note in notes) + tomli_w.dumps({"base_url": base_url})
    return "\n".join([head, *tables]) + (_TO_FILL_IN if alone else "")


def _table(header: str, owner: Owner, **keys: str | bool | None) -> str:
    """What is known of an owner; nothing of a photo where it could not be found out."""
    photo = None if owner.state is None else owner.state is State.PRESENT
    values = {name: value for name, value in {**keys, "photo": photo}.items() if value is not None}
    return f"{header}\n{tomli_w.dumps(values)}"
