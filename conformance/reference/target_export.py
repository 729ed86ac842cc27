"""The reference tenant as a target file (TOML) with its tokens as an environment, and as files for a mock's author."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from .. import spec
from ..model import Form, Operation
from .entities import Contact, Identity, MockTenant, User
from .generated_pictures import SQUARES, Photo
from .responses_sent import ServiceRequest
from .service import Service


def target_file_text(tenant: MockTenant, base_url: str, edition: str) -> str:
    """TOML of all users, groups and contacts, with the SHA-256 of each picture; tokens by their variables' names."""
    own = {identity.user: _token(identity) for identity in tenant.identities if identity.main and identity.user}
    lines = _lines({"base_url": base_url, "edition": edition})
    for user in tenant.users:
        contacts = [_contact(contact, user) for contact in user.contacts]
        data = {"id": user.id, "upn": user.upn, "token": own.get(user.id), "photo": _photo(user.photo)}
        lines += ["", "[[user]]", *_lines(data | {"contacts": contacts or None})]
    for group in tenant.groups:
        lines += ["", "[[group]]"]
        lines += _lines({"id": group.id, "photo": _photo(group.photo), "team": group.team or None})
    for identity in tenant.identities:
        if not identity.main or identity.user is None:
            data = {"user": identity.user, "token": _token(identity), "scopes": sorted(identity.scopes)}
            lines += ["", "[[identity]]", *_lines(data)]
    lines += ["", "[unknown]", *_lines(asdict(tenant.unknown))]
    return "\n".join(lines) + "\n"


def tokens(tenant: MockTenant) -> Mapping[str, str]:
    """The tokens by the name of the variable that hands each over."""
    return {identity.env: identity.token for identity in tenant.identities}


def env_file(tenant: MockTenant) -> str:
    """The tokens as lines `NAME=value`."""
    return "".join(f"{name}={token}\n" for name, token in tokens(tenant).items())


def _contact(contact: Contact, user: User) -> dict[str, object]:
    folder = user.folder(contact.folder) if contact.folder else None
    folders = {"folder": folder and folder.id, "parent": folder and folder.parent}
    return {"id": contact.id, "photo": _photo(contact.photo), **folders}


def _token(identity: Identity) -> dict[str, str]:
    return {"env": identity.env}


def _photo(photo: Photo | None) -> object:
    return {"sha256": photo.sha256} if photo else False


def _lines(data: Mapping[str, object]) -> list[str]:
    """TOML's `name = value`, a line for each value that is not None."""
    return [f"{name} = {_value(value)}" for name, value in data.items() if value is not None]


def _value(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(_lines(value))} }}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)  # JSON's texts and booleans are TOML's for all that the tenant holds


def export(tenant: MockTenant, edition: str, base_url: str, out: Path) -> int:
    """Write the tenant below `out`, and say how many paths respond 200.

    `target.toml`, `tokens.env`, `pictures/` and `metadata/` hold it; `index.json` names the file of each path below the
    base URL (encoded as one segment a key, both names of each user). Paths that are not named respond 404; `/me` is
    the default caller. Raises OSError where a file cannot be written.
    """
    service = Service(tenant, edition, base_url)
    root = "/" + base_url.split("://", 1)[-1].partition("/")[2]
    headers = (("Authorization", f"Bearer {tenant.identities[0].token}"),)
    index: dict[str, str] = {}
    for name in ("pictures", "metadata"):
        (out / name).mkdir(parents=True, exist_ok=True)
    for path, operation, part in _paths(tenant, edition):
        place, answer = service.respond(ServiceRequest("GET", root + path, headers))
        if place and answer.status == 200:
            key = ".".join(filter(None, (place.owner, "team" if operation.owner == "team" else "", part)))
            mine = "me." if path.startswith("/me/photo") else ""  # its context differs from that of /users
            suffix = ".png" if answer.header("content-type") == "image/png" else ".jpg"
            index[path] = f"pictures/{key}{suffix}" if operation.form is Form.PHOTO else f"metadata/{mine}{key}.json"
            (out / index[path]).write_bytes(answer.body)
    (out / "index.json").write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (out / "target.toml").write_text(target_file_text(tenant, base_url, edition), "utf-8")
    (out / "tokens.env").write_text(env_file(tenant), "utf-8")
    return len(index)


def _paths(tenant: MockTenant, edition: str) -> Iterator[tuple[str, Operation, str]]:
    """Each path to the photo of each owner, its sizes, or one of them, with its operation; some lead to no owner."""
    edges = [f"{edge}x{edge}" for edge in SQUARES]
    for operation in spec.load(edition).operations:
        for part in {"size": edges, "sizes": ["sizes"]}.get(operation.leads_to, [""]):
            for named in _keys(tenant, operation):
                keys = {name: {**named, "size": part}[word] for name, word in operation.keys.items()}
                yield spec.expand(operation.template, keys), operation, part


def _keys(tenant: MockTenant, operation: Operation) -> Iterator[dict[str, str]]:
    """The keys of each owner that the operation may name, by what each names; `-` where it has none."""
    if operation.kind == "group":
        yield from ({"group": group.id} for group in tenant.groups)
        return
    for user in [tenant.default()] if operation.signed_in else tenant.users:
        for name in (user.id,) if operation.signed_in else (user.id, user.upn):
            if operation.kind == "user":
                yield {"user": name}
            for contact in user.contacts if operation.kind == "contact" else ():
                folder = user.folder(contact.folder or "")
                parent = folder.parent if folder else None
                yield {"user": name, "contact": contact.id, "folder": contact.folder or "-", "parent": parent or "-"}
