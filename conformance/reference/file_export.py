"""The reference directory as files, so that the author of a mock can fill it with the same owners."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from .. import spec
from ..model import Answer, Form, Operation
from .entities import Contact, Group, MockTenant, User
from .responses_sent import ServiceRequest
from .service import Service
from .target_export import env_file, target_file_text

Owner = tuple[str, str, dict[str, str]]
"""An owner's key in the directory, the variant of the path, and the path's keys by the words before them."""


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
    """Every path of every owner, with its operation and the owner's key."""
    by_variant: dict[str, list[Operation]] = {}
    for operation in spec.load(edition).operations:
        by_variant.setdefault(operation.variant, []).append(operation)
    for key, variant, words in _owners(tenant):
        for operation in by_variant.get(variant, ()):
            values = dict(zip(operation.parameters, words.values(), strict=True))
            yield spec.expand(operation.template, values), operation, key


def _owners(tenant: MockTenant) -> Iterator[Owner]:
    for user in tenant.users:
        if user is tenant.default():
            yield user.key, "me", {}
        for name in (user.id, user.upn):
            yield user.key, "user", {"user": name}
        for contact in user.contacts:
            yield from _contact(tenant, user, contact)
    for group in tenant.groups:
        yield from _group(group)


def _contact(tenant: MockTenant, user: User, contact: Contact) -> Iterator[Owner]:
    kind = "folder" if contact.folder else "contact"
    words = {"folder": contact.folder} if contact.folder else {}
    words |= {"contact": contact.id}
    if user is tenant.default():
        yield contact.key, f"me-{kind}", words
    for name in (user.id, user.upn):
        yield contact.key, f"user-{kind}", {"user": name} | words


def _group(group: Group) -> Iterator[Owner]:
    yield group.key, "group", {"group": group.id}
    if group.team:
        yield f"{group.key}.team", "team", {"team": group.id}
