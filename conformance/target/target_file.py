"""The target file: the test users and groups, who asks, and where the tokens are found. Never a token itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ..auth.authorization import FORGED, GRAPH_TOKEN, TokenSource
from ..auth.secret_table import RUN
from ..model import Caller, Owner, State, UsageProblem
from ..spec import EDITIONS
from . import toml_file
from .tenant import Tenant, id_of

DEFAULT_CALLER = "caller"


@dataclass(frozen=True)
class Target:
    """A target file, read: address and edition, test users and groups, and the callers' token sources."""

    base_url: str | None = None
    edition: str | None = None
    tenant: Tenant = field(default_factory=Tenant)
    sources: Mapping[str, TokenSource] = field(default_factory=dict)


def read(path: Path) -> Target:
    """Read a target file.

    Raises:
        UsageProblem: it is not there, is no TOML, or says something that the schema of target files does not know.
    """
    exists = os.path.exists(path)  # noqa: PTH110 - Path.exists raises where a name is too long
    shown = path if path.suffix == ".toml" or len(str(path)) < RUN or exists else "(its name may be a secret)"
    name = f"target file {shown}"
    return parse(toml_file.read(path, name), name)


def parse(data: Mapping[str, Any], name: str = "target file") -> Target:
    """A target from parsed TOML.

    Raises:
        UsageProblem: see `read`.
    """
    if not data:
        return _target(data)  # as without a file, which is no reason to load a validator
    toml_file.check(data, "target", name)
    if data.get("edition", "auto") not in (*EDITIONS, "auto"):
        raise UsageProblem(f"{name}: $['edition']: expected one of {', '.join(EDITIONS)}, auto")
    _check_twice(data, name)
    target = _target(data)
    for (word, value), owner in product(target.tenant.unknown.items(), target.tenant.owners):
        if value.casefold() == (id_of(owner, word) or "").casefold():
            raise UsageProblem(
                f"{name}: `{word}` of [unknown] is that of {owner.label}; expected one that exists nowhere"
            )
    return target


def harmless(target: Target, base_url: str) -> Iterator[str]:
    """What is no part of a secret: addresses, ids, userPrincipalNames and scopes, and the tokens that we make up."""
    tenant = target.tenant
    yield from (base_url, *FORGED, *tenant.unknown.values())
    for owner in tenant.owners:
        ids = (owner.user_id, owner.user_upn, owner.group_id, owner.contact_id, owner.folder_id, owner.parent_id)
        yield from (one for one in ids if one)
    for caller in tenant.callers:
        yield from (one for one in (caller.user_id, caller.user_upn, *(caller.scopes or ())) if one)


def checked_base_url(url: str) -> str:
    """The target's address, version segment included, without a slash at its end.

    Raises:
        UsageProblem: it is no http(s) URL, or it holds a user, parameters, a query or a fragment.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise UsageProblem(
            "--base-url: expected http://… or https://… with a host, and a port from 0 to 65535 if any"
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageProblem("--base-url: expected http://… or https://… with a host and the version segment")
    if "@" in parts.netloc:
        raise UsageProblem("--base-url: expected no user and password in the URL; give a token in the environment")
    if not parts.netloc.isascii():
        raise UsageProblem("--base-url: expected the host as it is sent, in ASCII (xn--…)")
    if set("?#") & set(url) or any(character.isspace() or not character.isprintable() for character in url):
        raise UsageProblem("--base-url: expected no query, fragment, blank or control character in the URL")
    path = unquote(parts.path)
    if set(path) & set(";=&") or "eyJ" in path:  # reports show the URL, and `;jsessionid=…` is a credential
        raise UsageProblem("--base-url: expected no parameters (`;`, `=`, `&`) and no token in the URL's path")
    return url.rstrip("/")


def _check_twice(data: Mapping[str, Any], name: str) -> None:
    for kind, key in (("user", "id"), ("user", "upn"), ("group", "id")):
        if twice := _twice(str(entry[key]).casefold() if key in entry else None for entry in data.get(kind, [])):
            raise UsageProblem(
                f"{name}: [[{kind}]] entries {twice[0]} and {twice[1]} have the same {key}; expected one"
            )
    for number, user in enumerate(data.get("user", []), 1):
        if twice := _twice(contact["id"] for contact in user.get("contacts", [])):
            raise UsageProblem(
                f"{name}: contacts {twice[0]} and {twice[1]} of [[user]] {number} have the same id; "
                "expected one, in its folder or in none"
            )


def _twice(values: Iterable[str | None]) -> tuple[int, int] | None:
    """The numbers of two entries with one value; the value itself may be a secret that was put in the wrong place."""
    first: dict[str, int] = {}
    for number, value in enumerate(values, 1):
        if value is not None and first.setdefault(value, number) != number:
            return first[value], number
    return None


def _target(data: Mapping[str, Any]) -> Target:
    users = [(f"user-{number}", user) for number, user in enumerate(data.get("user", []), 1)]
    groups = [
        Owner(f"group-{number}", "group", group_id=group["id"], team=group.get("team", False), **_photo(group))
        for number, group in enumerate(data.get("group", []), 1)
    ]
    entries = [(f"identity-{number}", entry) for number, entry in enumerate(data.get("identity", []), 1)]
    callers = [Caller(label, None, user.get("id"), user.get("upn")) for label, user in users if "token" in user]
    tokens = {label: entry["token"] for label, entry in [*users, *entries] if "token" in entry}
    sources = {label: TokenSource(*next(iter(token.items()))) for label, token in tokens.items()}
    if not callers:
        callers = [Caller(DEFAULT_CALLER)]
        sources = {DEFAULT_CALLER: TokenSource("env", GRAPH_TOKEN), **sources}
    identities = [_identity(label, entry, data) for label, entry in entries]
    owners = (*chain.from_iterable(_user(label, user) for label, user in users), *groups)
    labels = tuple(label for label, _ in entries)
    tenant = Tenant(owners, (*callers, *identities), callers[0].label, labels, data.get("unknown", {}))
    return Target(data.get("base_url"), data.get("edition"), tenant, sources)


def _photo(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the owner of this entry has a photo, and which."""
    photo = entry.get("photo")
    if isinstance(photo, dict):
        return {"state": State.PRESENT, "sha256": photo["sha256"]}
    return {"state": {True: State.PRESENT, False: State.ABSENT, None: None}[photo]}


def _user(label: str, user: Mapping[str, Any]) -> Iterator[Owner]:
    caller = label if "token" in user else None
    keys: dict[str, Any] = {"user_id": user.get("id"), "user_upn": user.get("upn"), "caller": caller}
    yield Owner(label, "user", **keys, **_photo(user))
    for number, contact in enumerate(user.get("contacts", []), 1):
        yield Owner(
            f"{label}.contact-{number}", "contact", contact_id=contact["id"], folder_id=contact.get("folder"),
            parent_id=contact.get("parent"), **keys, **_photo(contact),
        )  # fmt: skip


def _identity(label: str, entry: Mapping[str, Any], data: Mapping[str, Any]) -> Caller:
    """The caller of an `[[identity]]`; its user is named by id or userPrincipalName and need not be listed."""
    scopes = frozenset(entry["scopes"]) if "scopes" in entry else None
    key = entry.get("user")
    if key is None:
        return Caller(label, scopes, app_only=True)
    for user in data.get("user", []):
        if key.casefold() in (str(user.get(name)).casefold() for name in ("id", "upn")):
            return Caller(label, scopes, user.get("id"), user.get("upn"))
    return Caller(label, scopes, None if "@" in key else key, key if "@" in key else None)
