"""Who lives here: the signed-in user, lists of users, groups, folders and contacts, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from ..model import Answer
from .authority import DENIED
from .default_tenant import CONTACT_SCOPES, GROUP_SCOPES, OWN_SCOPES, USER_SCOPES
from .dialect import literal
from .entities import Contact, Folder, Group, Identity, MockTenant, User
from .responses_sent import Refusal, json_answer

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
    if not identity.scopes & (found.scopes | (frozenset(OWN_SCOPES) if own else frozenset())):
        return DENIED
    options = {name.lower(): value for name, value in parse_qsl(query)}
    select = {name.strip() for name in options.get("$select", "").split(",")} - {""}
    context = f"{base_url}/$metadata#{found.collection}"
    if found.single:
        return json_answer({"@odata.context": context + "/$entity"} | _properties(found.items[0], select))
    address = "/".join([base_url, *(quote(segment, safe="") for segment in segments)])
    return _page(found, options, select, context, address)


def _find(tenant: MockTenant, segments: list[str]) -> Found | Refusal | None:
    words = [segment.lower() for segment in segments]
    match words:
        case ["users"]:
            return Found(tenant.users, False, frozenset(USER_SCOPES), "users")
        case ["groups"]:
            return Found(tenant.groups, False, frozenset(GROUP_SCOPES), "groups")
        case ["groups", _]:
            group = tenant.group(segments[1])
            return Found([group], True, frozenset(GROUP_SCOPES), "groups") if group else _MISSING
        case ["users", _, *rest]:
            user = tenant.user(segments[1])
            return _below_user(user, rest, segments) if user else _MISSING
    return None


def _below_user(user: User, rest: list[str], segments: list[str]) -> Found | Refusal | None:
    root = f"users('{literal(user.id)}')"
    match rest:
        case []:
            return Found([user], True, frozenset(USER_SCOPES), "users")
        case ["contactfolders"]:
            return Found(user.folders, False, frozenset(CONTACT_SCOPES), f"{root}/contactFolders")
        case ["contacts"]:
            return _contacts(user, None, f"{root}/contacts")
        case ["contactfolders", *_]:
            return _below_folder(user, rest, segments[3:], root)
    return None


def _below_folder(user: User, rest: list[str], ids: list[str], root: str) -> Found | Refusal | None:
    folder = user.folder(ids[0])
    if folder is None:
        return _MISSING
    address = f"{root}/contactFolders('{literal(folder.id)}')"
    match rest[2:]:
        case ["contacts"]:
            return _contacts(user, folder.id, f"{address}/contacts")
        case ["childfolders"]:
            inner = [each for each in user.folders if each.parent == folder.id]
            return Found(inner, False, frozenset(CONTACT_SCOPES), f"{address}/childFolders")
        case ["childfolders", _, "contacts"]:
            child = user.folder(ids[2])
            if child is None or child.parent != folder.id:
                return _MISSING
            return _contacts(user, child.id, f"{address}/childFolders('{literal(child.id)}')/contacts")
    return None


def _contacts(user: User, folder_id: str | None, collection: str) -> Found:
    contacts = [contact for contact in user.contacts if contact.folder == folder_id]
    return Found(contacts, False, frozenset(CONTACT_SCOPES), collection)


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
