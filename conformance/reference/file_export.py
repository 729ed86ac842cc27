"""The reference directory as files, so that the author of a mock can fill it with the same owners."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from .. import spec
from ..model import Answer, Form, Operation
from .entities import MockTenant, User
from .responses_sent import ServiceRequest
from .service import Service
from .target_export import env_file, target_file_text

Owner = tuple[str, dict[str, str]]
"""An owner's name in the export, and the path's keys by what each names."""


def export(tenant: MockTenant, edition: str, base_url: str, out: Path) -> int:
    """Write the directory below `out`, and say how many paths answer 200.

    `target.toml`, `tokens.env`, `pictures/` and `metadata/` hold it; `index.json` names the file of each path below the
    base URL (encoded as one segment a key, both names of each user). Paths that are not named answer 404; `/me` is
    the default caller. Raises OSError where a file cannot be written.
    """
    service = Service(tenant, edition, base_url)
    index: dict[str, str] = {}
    for name in ("pictures", "metadata"):
        (out / name).mkdir(parents=True, exist_ok=True)
    for path, operation, key in _paths(tenant, edition):
        answer = _asked(service, tenant, base_url, path)
        if answer.status == 200:
            index[path] = _written(answer, operation, key, path, out)
    (out / "index.json").write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (out / "target.toml").write_text(target_file_text(tenant, base_url, edition), "utf-8")
    (out / "tokens.env").write_text(env_file(tenant), "utf-8")
    return len(index)


def _asked(service: Service, tenant: MockTenant, base_url: str, path: str) -> Answer:
    token = tenant.identities[0].token
    root = "/" + base_url.split("://", 1)[-1].partition("/")[2]
    return service.respond(ServiceRequest("GET", root + path, (("Authorization", f"Bearer {token}"),)))[1]


def _written(answer: Answer, operation: Operation, key: str, path: str, out: Path) -> str:
    """Write the answer's body under a name of its owner; `/me` differs from `/users` in its context."""
    if operation.form is Form.PHOTO:
        suffix = ".png" if answer.header("content-type") == "image/png" else ".jpg"
        name = f"pictures/{key}{suffix}"
    else:
        name = f"metadata/{'me.' if path.startswith('/me/photo') else ''}{key}.json"
    (out / name).write_bytes(answer.body)
    return name


def _paths(tenant: MockTenant, edition: str) -> Iterator[tuple[str, Operation, str]]:
    """Every path of every owner to the one photo, with its operation and the owner's key."""
    for operation in spec.load(edition).operations:
        if operation.leads_to == "photo":
            for key, named in _owners(tenant, operation):
                values = {parameter: named[word] for parameter, word in operation.keys}
                yield spec.expand(operation.template, values), operation, key


def _owners(tenant: MockTenant, operation: Operation) -> Iterator[Owner]:
    if operation.kind == "group":
        team = operation.owner == "team"
        for group in tenant.groups:
            if group.team or not team:
                yield f"{group.key}.team" if team else group.key, {"group": group.id}
        return
    for user in filter(None, [tenant.default()] if operation.signed_in else tenant.users):
        for name in (user.id,) if operation.signed_in else (user.id, user.upn):
            if operation.kind == "user":
                yield user.key, {"user": name}
            else:
                yield from ((key, {"user": name} | keys) for key, keys in _contacts(user, operation))


def _contacts(user: User, operation: Operation) -> Iterator[Owner]:
    """The contacts that are in a folder, or in none, or in a folder inside another, as the path asks for it."""
    for contact in user.contacts:
        folder = user.folder(contact.folder) if contact.folder else None
        parent = folder.parent if folder else None
        if bool(folder) == bool(operation.key_of("folder")) and (parent or not operation.key_of("parent")):
            yield contact.key, {"contact": contact.id, "folder": contact.folder or "", "parent": parent or ""}
