"""What was found at a target, written as a target file."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..model import Owner, State
from .tenant import Tenant


def target_text(tenant: Tenant, base_url: str, variable: str, notes: tuple[str, ...] = ()) -> str:
    """TOML of the owners, valid by the schema of target files, notes as comments. `variable` holds the token."""
    lines = [*(f"# {note}" for note in notes), f"base_url = {_text(base_url)}"]
    users = [owner for owner in tenant.owners if owner.kind == "user" and owner.size is None]
    for user in users:
        if user.user_id or user.user_upn:
            lines += ["", "[[user]]", *_user(user, variable), *_contacts(user, tenant)]
    for owner in tenant.owners:
        if owner.kind == "group" and owner.group_id and owner.size is None:
            lines += ["", "[[group]]", f"id = {_text(owner.group_id)}", *_photo(owner)]
    return "\n".join(lines) + "\n"


def _user(user: Owner, variable: str) -> Iterator[str]:
    if user.user_id:
        yield f"id = {_text(user.user_id)}"
    if user.user_upn:
        yield f"upn = {_text(user.user_upn)}"
    if user.caller:
        yield f"token = {{ env = {_text(variable)} }}"
    yield from _photo(user)


def _contacts(user: Owner, tenant: Tenant) -> Iterator[str]:
    own = [owner for owner in tenant.owners if owner.kind == "contact" and owner.label.startswith(f"{user.label}.")]
    if own:
        yield "contacts = ["
        yield from (f"  {{ {', '.join(_contact(owner))} }}," for owner in own)
        yield "]"


def _contact(contact: Owner) -> Iterator[str]:
    yield f"id = {_text(contact.contact_id or '')}"
    if contact.folder_id:
        yield f"folder = {_text(contact.folder_id)}"
    yield from _photo(contact)


def _photo(owner: Owner) -> Iterator[str]:
    """Nothing where it could not be found out."""
    if owner.state is not None:
        yield f"photo = {'true' if owner.state is State.PRESENT else 'false'}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON's escapes are TOML's for all printable text
