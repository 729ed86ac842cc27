"""What `@odata.context` and `@odata.id` say: which entity, and whose (S33, S34).

Read leniently, as the contract asks: absolute or relative, any root, percent-encoded or not, quotes doubled or not,
path words in any case, keys in parentheses or as segments, with a tenant's suffix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from ..model import Owner

_STEP = re.compile(
    r"(?:^|/)(?!(?:users|groups|teams)/photo(?:/\$entity)?$)"
    r"(?:(me)|(users|groups|teams|contacts|contactfolders|childfolders|directoryobjects)"
    r"(?:\('((?:[^']|'(?!\)(?:/|$))){0,1000}+)'\)|/([^/]+)))(?=/|$)",
    re.IGNORECASE,
)

MAX_LENGTH = 64 * 1024
"""Characters; eight times what RFC 9110 4.1 asks every recipient to take."""

_TENANT = re.compile(r"@[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an entity's address: `users('adele')` is the collection `users` and the key `adele`."""

    collection: str
    key: str | None


def is_url(value: str) -> bool:
    """Whether the text is an http(s) URL or a relative reference, without blanks and controls, not too long."""
    if not value or len(value) > MAX_LENGTH or re.search(r"[\x00-\x20\x7f<>\"]", value):
        return False
    parts = _split(value)
    return parts is not None and ((parts.scheme in ("http", "https") and bool(parts.netloc)) or not parts.scheme)


def context_fragment(value: str) -> str | None:
    """The fragment of a context URL, decoded; None where the text is no URL of `$metadata#…`."""
    parts = _split(value) if is_url(value) else None
    if parts is None or not parts.fragment or unquote(parts.path).rsplit("/", 1)[-1].lower() != "$metadata":
        return None
    return unquote(parts.fragment)


def photo_path(value: str, request_url: str) -> str | None:
    """The decoded path that the address leads to, resolved against the request; None where it is no photo's URL."""
    parts = _split(value, request_url) if is_url(value) else None
    path = unquote(parts.path) if parts else ""
    return path if re.search(r"/photo$", path, re.IGNORECASE) else None


def steps(path: str) -> tuple[Step, ...]:
    """The collections that a decoded path or fragment goes through, in order, in lower case."""
    found = []
    for match in _STEP.finditer(path):
        me, collection, quoted, segment = match.groups()
        key = quoted.replace("''", "'") if quoted is not None else segment
        found.append(Step((me or collection).lower(), key))
    return tuple(found)


def root(path: str) -> str:
    """The word, in lower case, that a decoded path or fragment begins with."""
    return re.split(r"[(/]", path.lstrip("/"), maxsplit=1)[0].lower()


def last_collection(path: str) -> str | None:
    """The collection, in lower case, that the last step of a decoded path or fragment is in."""
    taken = steps(path)
    return taken[-1].collection if taken else None


def names_another(path: str, owner: Owner) -> str | None:
    """The owner that the photo's path names, where that is certainly not the owner asked for; else None.

    Certain is another kind of owner, another contact or group, and another user where the owner's key of that kind
    (id or userPrincipalName) is known.
    """
    contact = (owner.contact_id or "").replace("/", "\0")  # one segment, also where it holds slashes
    taken = steps(path.replace(owner.contact_id, contact) if owner.contact_id else path)
    if not taken:
        return None
    last = taken[-1]
    if last.collection not in _COLLECTIONS[owner.kind]:
        return f"a photo of {last.collection}"
    if owner.kind == "contact" and last.key != contact:
        return f"the contact {last.key!r}"
    people = [step for step in taken if step.collection not in ("contacts", *_FOLDERS)]
    return _another_person(people[-1], owner) if people else None


_FOLDERS = ("contactfolders", "childfolders")
_COLLECTIONS = {
    "user": {"me", "users", "directoryobjects"},
    "group": {"groups", "teams", "directoryobjects"},
    "contact": {"contacts"},
}


def _another_person(step: Step, owner: Owner) -> str | None:
    if step.collection == "me":
        return None if owner.caller else "the caller (me)"
    if step.key is None:
        return None
    named = step.key.lower()
    keys = [key.lower() for key in (owner.group_id, owner.user_id, owner.user_upn) if key]
    if not keys or any(named == key or named.startswith(f"{key}@") for key in keys):
        return None
    is_upn = "@" in step.key and not _TENANT.search(step.key)
    unknown_kind = owner.kind != "group" and (owner.user_upn is None if is_upn else owner.user_id is None)
    return None if unknown_kind else f"{step.collection}({step.key!r})"


def _split(value: str, base: str = "") -> SplitResult | None:
    try:
        return urlsplit(urljoin(base, value))
    except ValueError:
        return None
