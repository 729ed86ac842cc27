"""The reference service itself: a request in, an answer out; no socket, no clock, no chance of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from .. import spec
from ..model import Addressing, Answer, Form, Operation, Place, Shape, State
from . import lists
from .dialect import Address, dialect_of, metadata, of_size, size_list
from .entities import MockTenant
from .owners import Holder, Missing, find
from .request_reading import (
    DENIED,
    NOT_ACCEPTABLE,
    Presented,
    acceptable,
    permitted,
    presented,
    selected,
    unauthorized,
)
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

    operation: Operation
    named: Mapping[str, str]
    """The keys of the path, by what each names."""
    owner: Holder | Missing
    allowed: bool
    """Whether the caller's scopes open the owner's photo; True where the token is not good anyway."""
    query: str


class Service:
    """A service that obeys the contract in one edition, for one tenant.

    `base_url` holds the version segment and is what answers name; requests are looked for below its path.
    Raises what `contract.load` raises where there is no such edition.
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
        place = self._place(visit, who) if visit and request.method in _READ else None
        return place, with_service_headers(answer, stamp, client_id)

    def _visit(self, raw_path: str, query: str, who: Presented) -> Visit | None:
        match = self._contract.match(self._below(raw_path))
        if match is None:
            return None
        operation = match.operation
        named = {word: match.params[parameter] for parameter, word in operation.keys}
        identity = who.identity
        if identity is None:
            return Visit(operation, named, find(self._tenant, operation, named, self._default), True, query)
        signed_in = self._tenant.user(identity.user) if identity.user else None
        owner = find(self._tenant, operation, named, signed_in)
        own = isinstance(owner, Holder) and owner.user is not None and owner.user is signed_in
        allowed = permitted(operation, identity.scopes, own=own) and not (operation.signed_in and signed_in is None)
        return Visit(operation, named, owner, allowed, query)

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
        if not visit.allowed:
            return DENIED
        if isinstance(visit.owner, Missing):
            return Refusal(404, visit.owner.code, "The resource asked for does not exist.")
        if not acceptable(request):
            return NOT_ACCEPTABLE
        if visit.operation.form is Form.PHOTO:
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
        select = selected(visit.query)
        if isinstance(select, Refusal):
            return select
        size = visit.named.get("size")
        address = Address(self._base_url, owner.key_path, mine=visit.operation.signed_in and len(owner.key_path) == 1)
        if visit.operation.leads_to == "sizes":
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

    def _place(self, visit: Visit, who: Presented) -> Place:
        named = visit.named.get("user")
        addressing = None if named is None else Addressing.UPN if "@" in named else Addressing.ID
        owner = visit.owner
        return Place(
            shape=Shape(visit.operation, addressing),
            state=owner.state if isinstance(owner, Holder) else State.UNKNOWN,
            owner=owner.key,
            credential=who.kind,
            permitted=visit.allowed,
            query=visit.query,
            scopes=who.identity.scopes if who.identity else frozenset(),
        )
