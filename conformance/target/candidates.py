"""Candidates: the signed-in user, his contacts, groups and other users, as the target lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import quote

from ..model import Caller, Owner
from .listing import Listing, Lists, key

CANDIDATES = 6
"""Owners of each kind that are asked whether they have a photo."""
FOLDERS = 3
"""Folders that are looked into."""
OTHERS_CONTACTS = 2
"""Users whose contacts an application lists."""
_PAGE = 20


@dataclass
class Found:
    """What listing found: owners whose photo is still to be asked for, and a sentence on each thing tried."""

    owners: list[Owner] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Kinds whose lists were refused (403): this caller's token does not open them."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who the token's holder is, as far as it could be found out."""

    user_id: str | None = None
    user_upn: str | None = None
    is_application: bool = False
    """An application by itself: there is no /me."""
    note: str = ""


def signed_in(lists: Lists, caller: Caller) -> SignedIn:
    """Ask /me; where that says nothing, what the token claims."""
    if caller.app_only:
        return SignedIn(is_application=True, note="the token is an application's by itself: it has no /me")
    me = lists.entity("me", "/me?$select=id,userPrincipalName", "/me")
    user_id, user_upn = key(me.value, "id"), key(me.value, "userPrincipalName")
    if user_id or user_upn:
        return SignedIn(user_id, user_upn)
    if caller.user_id or caller.user_upn:
        note = (
            f"/me could not be read ({me.outcome or 'no id in it'}); who is signed in is taken from the token's claims"
        )
        return SignedIn(caller.user_id, caller.user_upn, note=note)
    refused = me.refused or me.status == 400  # what the service says of /me to an application
    if refused and lists.listing("me-contacts-any", "/me/contacts", "$top=1", 1).outcome:
        return SignedIn(
            is_application=True, note=f"/me was {me.outcome}: the token is taken for an application's by itself"
        )
    return SignedIn(note=f"who is signed in could not be found out: /me: {me.outcome or 'no id in it'}")


def all_candidates(lists: Lists, caller: str, me: SignedIn) -> Found:
    """Candidates of every kind, the signed-in user first. Labels: `user-1`, `user-1.contact-1` …, `group-1` …"""
    found = Found(notes=[me.note] if me.note else [])
    own = [] if me.is_application else [Owner("user-1", "user", me.user_id, me.user_upn, caller=caller)]
    others = _users(lists, found, me)
    users = own + [
        Owner(f"user-{number}", "user", key(item, "id"), key(item, "userPrincipalName"))
        for number, item in enumerate(others, len(own) + 1)
    ]
    found.owners += users
    found.owners += _groups(lists, found, signed_in=not me.is_application)
    for user in own or users[:OTHERS_CONTACTS]:
        root = "/me" if own else f"/users/{quote(user.user_id or '', safe='')}"
        found.owners += _contacts(lists, found, user, root)
    return found


def _users(lists: Lists, found: Found, me: SignedIn) -> list[Mapping[str, Any]]:
    query = f"$select=id,userPrincipalName&$top={_PAGE}"
    listing = lists.listing("users", "/users", query, CANDIDATES + 1)
    others = [item for item in listing.items if key(item, "id") != me.user_id][:CANDIDATES]
    if me.user_id is None and me.user_upn:
        others = [item for item in others if key(item, "userPrincipalName") != me.user_upn]
    _tell(found, "user", "/users", listing, len(others), "other users")
    return others


def _groups(lists: Lists, found: Found, *, signed_in: bool) -> Iterator[Owner]:
    """Groups; those of Microsoft 365 first, since others can have no photo."""
    listing = lists.listing("groups", "/groups", f"$select=id,groupTypes&$top={_PAGE}", _PAGE)
    _tell(found, "group", "/groups", listing, len(listing.items), "groups")
    items = list(listing.items)
    if not items and signed_in:
        mine = lists.listing("me-groups", "/me/memberOf", f"$top={_PAGE}", _PAGE)
        items = [
            item for item in mine.items if item.get("@odata.type", "#microsoft.graph.group") == "#microsoft.graph.group"
        ]
        _tell(found, "", "/me/memberOf", mine, len(items), "groups")
    items.sort(key=lambda item: "Unified" not in _texts(item.get("groupTypes")))
    for number, item in enumerate(items[:CANDIDATES], 1):
        yield Owner(f"group-{number}", "group", group_id=key(item, "id"))


def _contacts(lists: Lists, found: Found, user: Owner, root: str) -> Iterator[Owner]:
    """A user's contacts: those in his first few folders in turn, and those outside of all folders."""
    name = user.label
    listing = lists.listing(f"{name}-contacts", f"{root}/contacts", f"$select=id&$top={_PAGE}", 2 * CANDIDATES)
    folders = lists.listing(f"{name}-folders", f"{root}/contactFolders", f"$select=id&$top={_PAGE}", FOLDERS)
    filed: list[list[tuple[str, str]]] = []
    for number, item in enumerate(folders.items, 1):
        folder = key(item, "id") or ""
        path = f"{root}/contactFolders/{quote(folder, safe='')}/contacts"
        inside = lists.listing(f"{name}-folder-{number}", path, f"$select=id&$top={_PAGE}", CANDIDATES)
        filed.append([(str(key(contact, "id")), folder) for contact in inside.items])
    in_turn = [pair for pair in chain.from_iterable(zip_longest(*filed)) if pair is not None]
    taken = {contact for contact, _ in in_turn}
    outside = [str(key(item, "id")) for item in listing.items if key(item, "id") not in taken]
    whose = f"contacts of {name}"
    _tell(
        found,
        "contact",
        f"{root if user.caller else name}/contacts",
        listing,
        len(outside),
        f"{whose} outside of folders",
    )
    where = f"{root if user.caller else name}/contactFolders"
    _tell(found, "", where, folders, len(in_turn), f"{whose} in the first {FOLDERS} folders")
    pairs: list[tuple[str, str | None]] = [(contact, None) for contact in outside[:CANDIDATES]]
    pairs += in_turn[:CANDIDATES]
    for number, (contact, parent) in enumerate(pairs, 1):
        yield Owner(
            f"{name}.contact-{number}", "contact", user.user_id, user.user_upn,
            contact_id=contact, folder_id=parent, caller=user.caller,
        )  # fmt: skip


def _tell(found: Found, kind: str, path: str, listing: Listing, count: int, what: str) -> None:
    """Keep a sentence on what a list gave; a kind whose list was refused is closed to this caller."""
    if listing.outcome:
        found.notes.append(f"{path}: {listing.outcome}; no {what} found")
        if listing.refused and kind:
            found.refused.add(kind)
    else:
        found.notes.append(f"{path}: {count} {what} found")


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
