"""Who lives here: the signed-in user, lists of users, groups, folders and contacts, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from ..model import Answer
from .dialect import literal
from .entities import Contact, Folder, Group, Identity, MockTenant, User
from .request_reading import DENIED
from .responses_sent import Refusal, json_answer

OWN_SCOPES = frozenset({"User.Read", "User.ReadWrite"})
USER_SCOPES = frozenset({"User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All"})
GROUP_SCOPES = frozenset({"Group.Read.All", "Group.ReadWrite.All"})
CONTACT_SCOPES = frozenset({"Contacts.Read", "Contacts.ReadWrite"})
PAGE = 100
"""Items a page where no `$top` is given."""
LARGEST_PAGE = 999

Item = User | Group | Folder | Contact
_MISSING = Refusal(404, "Request_ResourceNotFound", "The resource asked for does not exist.")
_BAD_OPTION = Refusal(400, "BadRequest", "A query option has a value that cannot be used.")


@dataclass(frozen=True, slots=True)
class Found:
    """What a path of the directory means: one item, or a list of them, and the scopes that open it."""

    items: Sequence[Item]
    single: bool
    scopes: frozenset[str]
    collection: str
    """What the context URL names."""


def answer(tenant: MockTenant, base_url: str, raw_path: str, query: str, identity: Identity) -> Answer | Refusal | None:
    """The answer of a directory path below the base URL; None where it is not one.

    Known: `/me`, `/users[/{id or upn}]`, `/groups[/{id}]`, and below a user `contacts`, `contactFolders` and
    `contactFolders/{id}[/childFolders/{id}]/contacts`. Read: `$top`, `$skiptoken`, `$select`.
    """
    signed_in = tenant.user(identity.user) if identity.user else None
    segments = [unquote(part) for part in raw_path.strip("/").split("/")]
    if segments[0].lower() == "me":
        if signed_in is None:
            return DENIED
        segments[:1] = ["users", signed_in.id]
    found = _find(tenant, segments)
    if not isinstance(found, Found):
        return found
    own = found.single and found.items[0] is signed_in
    if not identity.scopes & (found.scopes | OWN_SCOPES if own else found.scopes):
        return DENIED
    options = {name.lower(): value for name, value in parse_qsl(query)}
    select = {name.strip() for name in options.get("$select", "").split(",")} - {""}
    context = f"{base_url}/$metadata#{found.collection}"
    if found.single:
        return json_answer({"@odata.context": context + "/$entity"} | _properties(found.items[0], select))
    address = "/".join([base_url, *(quote(segment, safe="") for segment in segments)])
    return _page(found, options, select, context, address)


def _find(tenant: MockTenant, segments: list[str]) -> Found | Refusal | None:
    match [segment.lower() for segment in segments]:
        case ["users"]:
            return Found(tenant.users, False, USER_SCOPES, "users")
        case ["groups"]:
            return Found(tenant.groups, False, GROUP_SCOPES, "groups")
        case ["groups", _]:
            group = tenant.group(segments[1])
            return Found([group], True, GROUP_SCOPES, "groups") if group else _MISSING
        case ["users", _, *rest]:
            user = tenant.user(segments[1])
            if user and not rest:
                return Found([user], True, USER_SCOPES, "users")
            return _in_mailbox(user, segments[2:]) if user else _MISSING
    return None


def _in_mailbox(user: User, segments: list[str]) -> Found | Refusal | None:
    """Contacts outside all folders or in one, or the folders."""
    folder: Folder | None = None
    address = f"users('{literal(user.id)}')"
    while True:
        word = "childFolders" if folder else "contactFolders"
        found: Sequence[Item]
        match [segment.lower() for segment in segments]:
            case ["contacts"]:
                found = [contact for contact in user.contacts if contact.folder == (folder.id if folder else None)]
                return Found(found, False, CONTACT_SCOPES, f"{address}/contacts")
            case [one] if one == word.lower():
                found = [inner for inner in user.folders if inner.parent == folder.id] if folder else user.folders
                return Found(found, False, CONTACT_SCOPES, f"{address}/{word}")
            case [one, _, *_] if one == word.lower():
                inside = user.folder(segments[1])
                if inside is None or (folder and inside.parent != folder.id):
                    return _MISSING
                folder, segments, address = inside, segments[2:], f"{address}/{word}('{literal(inside.id)}')"
            case _:
                return None


def _page(found: Found, options: Mapping[str, str], select: set[str], context: str, address: str) -> Answer | Refusal:
    top, start = options.get("$top", str(PAGE)), options.get("$skiptoken", "0")
    if not (_is_count(top) and _is_count(start)) or not 1 <= int(top) <= LARGEST_PAGE:
        return _BAD_OPTION
    end = int(start) + int(top)
    body: dict[str, object] = {"@odata.context": context}
    if end < len(found.items):
        kept = f"&$select={quote(options['$select'])}" if select else ""
        body["@odata.nextLink"] = f"{address}?$top={int(top)}&$skiptoken={end}{kept}"
    body["value"] = [_properties(item, select) for item in found.items[int(start) : end]]
    return json_answer(body)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _properties(item: Item, select: set[str]) -> dict[str, object]:
    values: dict[str, object] = {"id": item.id, "displayName": item.name}
    if isinstance(item, User):
        values["userPrincipalName"] = item.upn
    if isinstance(item, Group):
        values["resourceProvisioningOptions"] = ["Team"] if item.team else []
    if isinstance(item, Contact):
        values["parentFolderId"] = item.folder or "AAMkADreference-all_contacts="
    return {name: value for name, value in values.items() if not select or name in select}
