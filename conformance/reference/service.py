"""The reference service itself: a request in, an answer out; no socket, no clock, no chance of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from .. import spec
from ..model import Addressing, Answer, Form, Operation, Place, Shape, State
from . import lists
from .dialect import Address, KeyPath, dialect_of, metadata, of_size, size_list
from .entities import MockTenant, User
from .generated_pictures import Photo
from .request_reading import DENIED, NOT_ACCEPTABLE, Presented, acceptable, opens, presented, selected, unauthorized
from .responses_sent import (
    Refusal,
    ServiceRequest,
    Stamp,
    client_request_id,
    error_answer,
    json_answer,
    stamp_now,
    with_service_headers,
)

_READ = ("GET", "HEAD")
_NOT_ALLOWED = Refusal(405, "Request_BadRequest", "The method is not allowed here.", (("Allow", ", ".join(_READ)),))
_NO_PATH = Refusal(404, "ResourceNotFound", "No resource was found for a segment of the path.")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that landed on an operation of the contract."""

    place: Place
    named: Mapping[str, str]
    """The keys of the path, by what each names."""
    owner: Holder | Missing


class Service:
    """A service that obeys the contract in one edition, for one tenant.

    `base_url` holds the version segment and is what answers name; requests are looked for below its path.
    Raises what `spec.load` raises where there is no such edition.
    """

    def __init__(
        self,
        tenant: MockTenant,
        edition: str = spec.EDITIONS[0],
        base_url: str = "http://127.0.0.1:8080/v1.0",
        stamp: Callable[[], Stamp] = stamp_now,
    ) -> None:
        self._tenant = tenant
        self._contract = spec.load(edition)
        self._dialect = dialect_of(edition)
        self._base_url = base_url
        self._root = urlsplit(base_url).path.lower()
        self._stamp = stamp
        self._default = tenant.default()

    def respond(self, request: ServiceRequest) -> tuple[Place | None, Answer]:
        """The answer, and where in the contract the request landed (None: on none of its operations).

        HEAD gets the response of GET with its body, which the transport leaves out (RFC 9110 9.3.2). With no user
        signed in, the place of a `/me` path is the default caller's, so that a fault knows an owner.
        """
        stamp = self._stamp()
        raw_path, _, query = request.target.partition("?")
        who = presented(request, self._tenant)
        visit = self._visit(raw_path, query, who)
        outcome = self._answer(request, raw_path, query, who, visit)
        client_id = client_request_id(request, stamp)
        answer = error_answer(outcome, stamp, client_id) if isinstance(outcome, Refusal) else outcome
        place = visit.place if visit and request.method in _READ else None
        return place, with_service_headers(answer, stamp, client_id)

    def _visit(self, raw_path: str, query: str, who: Presented) -> Visit | None:
        match = self._contract.match(self._below(raw_path))
        if match is None:
            return None
        operation = match.operation
        named = {word: match.params[parameter] for parameter, word in operation.keys.items()}
        identity = who.identity
        signed_in = self._tenant.user(identity.user) if identity and identity.user else None
        owner = find(self._tenant, operation, named, signed_in if identity else self._default)
        own = isinstance(owner, Holder) and owner.user is not None and owner.user is signed_in
        permitted = identity is None or (
            opens(operation, identity.scopes, own=own) and not (operation.signed_in and signed_in is None)
        )
        kept = owner if isinstance(owner, Missing) else of_size(owner.photo, named.get("size"))
        state = State.PRESENT if isinstance(kept, Photo) else State.ABSENT if kept is None else State.UNKNOWN
        addressing = Addressing.UPN if "@" in named.get("user", "") else Addressing.ID
        place = Place(
            shape=Shape(operation, addressing if "user" in named else None),
            state=state,
            owner=owner.key,
            credential=who.kind,
            permitted=permitted,
            query=query,
            scopes=identity.scopes if identity else frozenset(),
            begins_well=who.begins_well,
        )
        return Visit(place, named, owner)

    def _answer(
        self, request: ServiceRequest, raw_path: str, query: str, who: Presented, visit: Visit | None
    ) -> Answer | Refusal:
        if who.identity is None:
            return unauthorized(who.kind)
        if visit is None:
            listing = lists.answer(self._tenant, self._base_url, self._below(raw_path), query, who.identity)
            if listing is None:
                return _NO_PATH
            return listing if request.method in _READ else _NOT_ALLOWED
        if request.method not in _READ:
            return _NOT_ALLOWED
        if not visit.place.permitted:
            return DENIED
        if isinstance(visit.owner, Missing):
            return Refusal(404, visit.owner.code, "The resource asked for does not exist.")
        if not acceptable(request):
            return NOT_ACCEPTABLE
        if visit.place.shape.form is Form.PHOTO:
            return self._picture(request, visit, visit.owner)
        return self._metadata(visit, visit.owner)

    def _picture(self, request: ServiceRequest, visit: Visit, owner: Holder) -> Answer | Refusal:
        photo = of_size(owner.photo, visit.named.get("size"))
        if photo is None:
            return Refusal(404, owner.absence, "The photo wasn't found.")
        if isinstance(photo, Refusal):
            return photo
        etag = self._dialect.tag(photo)
        known = [tag.strip().removeprefix("W/") for tag in (request.header("if-none-match") or "").split(",")]
        if "*" in known or etag.removeprefix("W/") in known:
            return Answer(304, (("ETag", etag),))  # RFC 9110 15.4.5
        return Answer(200, (("Content-Type", photo.media_type), ("ETag", etag)), photo.data)

    def _metadata(self, visit: Visit, owner: Holder) -> Answer | Refusal:
        select = selected(visit.place.query)
        if isinstance(select, Refusal):
            return select
        size = visit.named.get("size")
        operation = visit.place.shape.operation
        address = Address(self._base_url, owner.key_path, mine=operation.signed_in and len(owner.key_path) == 1)
        if operation.leads_to == "sizes":
            return json_answer(size_list(owner.photo, address, self._dialect, select))
        photo = of_size(owner.photo, size)
        if isinstance(photo, Refusal):
            return photo
        if photo is None and not self._dialect.placeholder:
            return Refusal(404, owner.absence, "The photo wasn't found.")
        return json_answer(metadata(photo, address, self._dialect, select, sized=size is not None))

    def _below(self, raw_path: str) -> str:
        """The raw path below the base URL; empty where it is not below it."""
        return raw_path[len(self._root) :] if raw_path.lower().startswith(self._root + "/") else ""


@dataclass(frozen=True, slots=True)
class Holder:
    """An owner that exists, with its photo or without."""

    key: str
    photo: Photo | None
    key_path: KeyPath
    user: User | None = None
    """The user that the holder is; None for groups and contacts."""

    @property
    def absence(self) -> str:
        """The error code for a photo that is not there."""
        return "ErrorItemNotFound" if self.key_path[-1][0] == "contacts" else "ImageNotFound"


@dataclass(frozen=True, slots=True)
class Missing:
    """An owner that does not exist, and the error code that says so."""

    code: str
    key: str = "unknown"
    """E.g. `adele.unknown` where the mailbox exists."""


def find(tenant: MockTenant, operation: Operation, named: Mapping[str, str], caller: User | None) -> Holder | Missing:
    """Who holds the photo that the path asks for: `named` has its keys by what each names; `caller`: who `/me` means.

    A contact inside a folder is found by that folder alone, and one outside by none.
    """
    if operation.kind == "group":
        return _group(tenant, named["group"], team=operation.owner == "team")
    user = caller if operation.signed_in else tenant.user(named["user"])
    if user is None:
        return Missing("Request_ResourceNotFound")
    if operation.kind == "user":
        return Holder(user.key, user.photo, (("users", user.id),), user)
    folder_id, parent_id = named.get("folder"), named.get("parent")
    missing = Missing("ErrorItemNotFound", f"{user.key}.unknown")
    if parent_id and not any((folder_id, parent_id) == (folder.id, folder.parent) for folder in user.folders):
        return missing
    contact = user.contact(named["contact"], folder_id)
    if contact is None:
        return missing
    folders: KeyPath = (("contactFolders", folder_id),) if folder_id is not None else ()
    return Holder(contact.key, contact.photo, (("users", user.id), *folders, ("contacts", contact.id)))


def _group(tenant: MockTenant, group_id: str, *, team: bool) -> Holder | Missing:
    group = tenant.group(group_id)
    if group is None or (team and not group.team):
        return Missing("Request_ResourceNotFound")
    return Holder(group.key, group.photo, (("teams" if team else "groups", group.id),))
