"""Candidates: the signed-in user, their contacts, groups and other users, as the target lists them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, zip_longest
from urllib.parse import quote

from ..auth.claims import same_user
from ..model import Caller, Owner
from ..spec import Edition
from .listing import Lists, Reply, key

CANDIDATES = 6
"""Owners of each kind that are asked whether they have a photo."""
FOLDERS = 3
"""Folders that are looked into."""
OTHERS_CONTACTS = 2
"""Users whose contacts an application lists."""
_PAGE = 20
_GROUP = "#microsoft.graph.group"


def signed_in(lists: Lists, caller: Caller) -> tuple[Caller, str]:
    """The caller with what /me says of the token's holder, and a note where that is not all.

    Where /me says nothing it is what the token claims; else an application by itself, if /me/photo is refused as well.
    """
    if caller.app_only:
        return replace(caller, user_id=None, user_upn=None), "the token is an application's by itself: it has no /me"
    me = lists.entity("me", "/me?$select=id,userPrincipalName", "/me")
    user_id, user_upn = key(me.value, "id"), key(me.value, "userPrincipalName")
    if user_id or user_upn:
        return replace(caller, user_id=user_id, user_upn=user_upn), ""
    why = me.outcome or "no id in it"
    if caller.user_id or caller.user_upn:
        return caller, f"/me could not be read ({why}); who is signed in is taken from the token's claims"
    refused = me.refused or me.status == 400  # what the service says of /me to an application
    refused = refused and bool(lists.listing("me-contacts-any", "/me/contacts", "$top=1", 1).outcome)
    if refused and lists.status("me-photo", "/me/photo", "/me/photo/$value") <= {400, 403}:
        note = f"/me {me.outcome}, like /me/photo: the token is taken for an application's by itself"
        return replace(caller, app_only=True), note
    return caller, f"who is signed in could not be found out: /me: {why}"


def all_candidates(lists: Lists, me: Caller, edition: Edition) -> list[Owner]:
    """Candidates of every kind, the signed-in user first. Labels: `user-1`, `user-1.contact-1` …, `group-1` …

    Teams, and contacts two folders deep, are looked for where the edition has paths to them.
    """
    before = len(lists.notes)
    own = [] if me.app_only else [Owner("user-1", "user", me.user_id, me.user_upn, caller=me.label)]
    users = own + _users(lists, me, len(own) + 1)
    teams = any(operation.owner == "team" for operation in edition.operations)
    nested = any("parent" in operation.keys.values() for operation in edition.operations)
    owners = [*users, *_groups(lists, signed_in=not me.app_only, teams=teams)]
    for user in own or users[:OTHERS_CONTACTS]:
        root = "/me" if own else f"/users/{quote(user.user_id or '', safe='')}"
        owners += _contacts(lists, user, root, nested=nested)
    if all("responded 404" in note for note in lists.notes[before:]):
        lists.notes[before:] = ["the target lists no users, groups or contacts; a target file names them"]
    return owners


def _users(lists: Lists, me: Caller, first: int) -> list[Owner]:
    query = f"$select=id,userPrincipalName&$top={_PAGE}"
    listing = lists.listing("users", "/users", query, CANDIDATES + 1)
    every = [Owner("", "user", own, key(item, "userPrincipalName")) for own, item in listing.by_id.items()]
    others = [owner for owner in every if not same_user(owner, me)][:CANDIDATES]
    _note(lists, "user", "/users", listing, len(others), "other users")
    return [replace(owner, label=f"user-{number}") for number, owner in enumerate(others, first)]


def _groups(lists: Lists, *, signed_in: bool, teams: bool) -> Iterator[Owner]:
    """Groups; those of Microsoft 365 first, since others can have no photo."""
    more = ",resourceProvisioningOptions" if teams else ""
    listing = lists.listing("groups", "/groups", f"$select=id,groupTypes{more}&$top={_PAGE}", _PAGE)
    found = list(listing.by_id.items())
    _note(lists, "group", "/groups", listing, len(found), "groups", CANDIDATES)
    if not found and signed_in:
        mine = lists.listing("me-groups", "/me/memberOf", f"$top={_PAGE}", _PAGE)
        found = [each for each in mine.by_id.items() if each[1].get("@odata.type", _GROUP) == _GROUP]
        _note(lists, "", "/me/memberOf", mine, len(found), "groups", CANDIDATES)
    found.sort(key=lambda each: "Unified" not in _texts(each[1].get("groupTypes")))
    owners = []
    for number, (own, item) in enumerate(found[:CANDIDATES], 1):
        team = teams and "Team" in _texts(item.get("resourceProvisioningOptions"))
        owners.append(Owner(f"group-{number}", "group", group_id=own, team=team))
    if teams and signed_in and not any(owner.team for owner in owners):
        joined = lists.listing("me-teams", "/me/joinedTeams", "$select=id", CANDIDATES)
        _note(lists, "", "/me/joinedTeams", joined, len(joined.by_id), "teams")
        owners = [replace(owner, team=owner.group_id in joined.by_id) for owner in owners]
        others = [own for own in joined.by_id if own not in {owner.group_id for owner in owners}]
        start = len(owners) + 1
        owners += [Owner(f"group-{n}", "group", group_id=own, team=True) for n, own in enumerate(others, start)]
    yield from owners


def _contacts(lists: Lists, user: Owner, root: str, *, nested: bool) -> Iterator[Owner]:
    """A user's contacts: those in their first few folders in turn, and those outside of all folders."""
    name, query = user.label, f"$select=id&$top={_PAGE}"
    shown = root if user.caller else name
    listing = lists.listing(f"{name}-contacts", f"{root}/contacts", query, 2 * CANDIDATES)
    folders = lists.listing(f"{name}-folders", f"{root}/contactFolders", query, FOLDERS)
    filed: list[list[tuple[str, str | None, str | None]]] = []
    for number, folder in enumerate(folders.by_id, 1):
        path = f"{root}/contactFolders/{quote(folder, safe='')}"
        inside = lists.listing(f"{name}-folder-{number}", f"{path}/contacts", query, CANDIDATES)
        filed.append([(contact, folder, None) for contact in inside.by_id])
        children = f"{path}/childFolders"
        for inner in lists.listing(f"{name}-children-{number}", children, query, 1).by_id if nested else ():
            below = f"{children}/{quote(inner, safe='')}/contacts"
            deep = lists.listing(f"{name}-child-{number}", below, query, CANDIDATES)
            filed.insert(0, [(contact, inner, folder) for contact in deep.by_id])
    in_turn = [found for found in chain.from_iterable(zip_longest(*filed)) if found is not None]
    places: dict[str, tuple[str, str | None, str | None]] = {}
    for found in sorted(in_turn, key=lambda found: found[2] is None):
        places.setdefault(found[0], found)  # one that is known two folders deep is asked for there
    in_turn = [found for found in in_turn if places[found[0]] == found]
    outside = [contact for contact in listing.by_id if contact not in places]
    whose = f"contacts of {name}"
    _note(lists, "contact", f"{shown}/contacts", listing, len(outside), f"{whose} outside of folders", CANDIDATES)
    words = f"{whose} in the first {FOLDERS} folders" + (" and their first folder" if nested else "")
    _note(lists, "", f"{shown}/contactFolders", folders, len(in_turn), words, CANDIDATES)
    contacts = [(contact, None, None) for contact in outside[:CANDIDATES]] + in_turn[:CANDIDATES]
    for number, (contact, folder_id, parent) in enumerate(contacts, 1):
        yield Owner(
            f"{name}.contact-{number}", "contact", user.user_id, user.user_upn,
            contact_id=contact, folder_id=folder_id, parent_id=parent, caller=user.caller,
        )  # fmt: skip


def _note(lists: Lists, kind: str, path: str, listing: Reply, count: int, what: str, most: int | None = None) -> None:
    """Keep a sentence on what a list gave; a kind whose list was refused is closed to this caller."""
    if listing.outcome:
        lists.notes.append(f"{path}: {listing.outcome}; no {what} found")
        if listing.refused and kind:
            lists.refused.add(kind)
        return
    longer = ", the first of a longer list" if listing.more else ""
    chosen = f"; {most} of them asked for" if most is not None and count > most else ""
    lists.notes.append(f"{path}: {count} {what} found{longer}{chosen}")


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
