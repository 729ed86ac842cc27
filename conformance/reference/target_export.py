"""The reference tenant as a target file (TOML), and the tokens that it names as an environment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from .entities import Contact, Identity, MockTenant, User
from .generated_pictures import Photo


def target_file_text(tenant: MockTenant, base_url: str, edition: str) -> str:
    """TOML of all users, groups and contacts, with the SHA-256 of each picture; tokens by their variables' names."""
    tokens = {identity.user: identity.env for identity in tenant.identities if identity.main and identity.user}
    lines = [f"base_url = {_text(base_url)}", f"edition = {_text(edition)}"]
    for user in tenant.users:
        lines += ["", "[[user]]", *_user(user, tokens.get(user.id))]
    for group in tenant.groups:
        lines += ["", "[[group]]", f"id = {_text(group.id)}", f"photo = {_photo(group.photo)}"]
        lines += ["team = true"] if group.team else []
    for identity in tenant.identities:
        if not identity.main or identity.user is None:
            lines += ["", "[[identity]]", *_identity(identity)]
    unknown = tenant.unknown
    lines += ["", "[unknown]"]
    lines += [f"{name} = {_text(getattr(unknown, name))}" for name in ("user", "upn", "group", "contact", "folder")]
    return "\n".join(lines) + "\n"


def tokens(tenant: MockTenant) -> Mapping[str, str]:
    """The tokens by the name of the variable that hands each over."""
    return {identity.env: identity.token for identity in tenant.identities}


def env_file(tenant: MockTenant) -> str:
    """The tokens as lines `NAME=value`."""
    return "".join(f"{name}={token}\n" for name, token in tokens(tenant).items())


def _user(user: User, env: str | None) -> Iterator[str]:
    yield f"id = {_text(user.id)}"
    yield f"upn = {_text(user.upn)}"
    if env:
        yield f"token = {{ env = {_text(env)} }}"
    yield f"photo = {_photo(user.photo)}"
    if user.contacts:
        yield "contacts = ["
        yield from (f"  {_contact(contact, user)}," for contact in user.contacts)
        yield "]"


def _contact(contact: Contact, user: User) -> str:
    entry = f"id = {_text(contact.id)}, photo = {_photo(contact.photo)}"
    folder = user.folder(contact.folder) if contact.folder else None
    if folder is not None:
        entry += f", folder = {_text(folder.id)}"
        entry += f", parent = {_text(folder.parent)}" if folder.parent else ""
    return f"{{ {entry} }}"


def _identity(identity: Identity) -> Iterator[str]:
    if identity.user:
        yield f"user = {_text(identity.user)}"
    yield f"token = {{ env = {_text(identity.env)} }}"
    yield f"scopes = [{', '.join(_text(scope) for scope in sorted(identity.scopes))}]"


def _photo(photo: Photo | None) -> str:
    return f"{{ sha256 = {_text(photo.sha256)} }}" if photo else "false"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON's escapes are TOML's for all that the tenant holds
