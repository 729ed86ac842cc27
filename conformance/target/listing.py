"""Asking a target for lists and entities: a bounded number of GETs, whose answers are data or a reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from ..auth.claims import text
from ..media import json_text
from ..model import Credential, Exchange, Form, Operation, Owner, Probe, Shape, State

Ask = Callable[[Sequence[Probe]], Mapping[str, Exchange]]
"""Sends probes and gives their exchanges by key, as the recorder does; or looks them up in a recording."""

MOST = 40
"""Requests for lists of owners, of whose photos each is asked for then."""
PAGES = 3
"""Pages of one list."""
NO_ANSWER = 0
"""Stands for the status of a request that failed."""
_ITEMS = 500
"""Items of a page that are looked at."""

SHAPE = Shape(Operation("discovery", "discovery", Form.METADATA, "/", "", "", frozenset(), frozenset()), None)
"""What the probes of discovery are about: no operation of the contract."""
_ANY = Owner("discovery", "user")


@dataclass(frozen=True, slots=True)
class Reply:
    """One response: a JSON object, and of a list what was wanted, by id; or in `outcome` why there is none."""

    status: int | None
    value: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    by_id: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    more: bool = False
    """Whether the list is longer."""

    @property
    def refused(self) -> bool:
        """Whether the caller may not ask this. A 401 says something of the token, not of what it opens."""
        return self.status == 403


@dataclass(frozen=True)
class Lists:
    """Asks as one caller, and keeps what that shows. Any answer will do: what is not as expected is passed over."""

    ask: Ask
    base_url: str
    caller: str
    notes: list[str] = field(default_factory=list)
    """A sentence on each thing that was tried."""
    refused: set[str] = field(default_factory=set)
    """Kinds of owners that were refused (403): this caller's token does not open them."""
    statuses: set[int | None] = field(default_factory=set)
    """Of all responses; NO_ANSWER of a request that failed, None of one that a recording does not hold."""
    _numbers: Iterator[int] = field(default_factory=count)

    def send(self, probes: Sequence[Probe]) -> Mapping[str, Exchange]:
        """What comes back, by the keys of the probes."""
        exchanges = self.ask(probes) if probes else {}
        found = (exchanges.get(probe.key) for probe in probes)
        self.statuses.update(None if one is None else one.answer.status if one.answer else NO_ANSWER for one in found)
        return exchanges

    def entity(self, name: str, *targets: str) -> Reply:
        """The response of the first of these paths that returns an object with an id; else the last response."""
        reply = Reply(None, outcome="not asked")
        for number, target in enumerate(targets):
            reply = self._get(f"{name}{'-plain' * bool(number)}", target)
            if key(reply.value, "id") or reply.status in (401, 403):
                break
        return reply

    def listing(self, name: str, path: str, query: str, wanted: int) -> Reply:
        """Items with an id of a list, each id once, until that many are found; without options if they are refused."""
        reply = self._get(name, f"{path}?{query}")
        if reply.status not in (200, 401, 403, None):
            reply = self._get(f"{name}-plain", path)
        first = reply
        found: dict[str, Mapping[str, Any]] = {}
        for page in range(2, PAGES + 2):
            items = reply.value.get("value")
            for item in items[:_ITEMS] if isinstance(items, list) else ():
                if isinstance(item, dict) and (own := key(item, "id")):
                    found.setdefault(own, item)
            following = self._below(reply.value.get("@odata.nextLink"), path)
            if len(found) >= wanted or following is None or page > PAGES:
                break
            reply = self._get(f"{name}-{page}", following)
        outcome = first.outcome
        if not outcome and not isinstance(first.value.get("value"), list):
            outcome = "the response holds no list"
        longer = len(found) > wanted or following is not None
        return replace(first, outcome=outcome, by_id=dict(islice(found.items(), wanted)), more=longer)

    def status(self, name: str, *targets: str) -> set[int | None]:
        """The statuses of these paths."""
        return {self._get(f"{name}-{number}", target).status for number, target in enumerate(targets, 1)}

    def _get(self, name: str, target: str) -> Reply:
        if next(self._numbers) >= MOST:
            return Reply(None, {}, f"not asked: {MOST} requests are enough")
        credential = Credential(caller=self.caller)
        probe = Probe(f"discovery/{name}/get", SHAPE, State.PRESENT, _ANY, "discovery", target, credential)
        exchange = self.send([probe]).get(probe.key)
        answer = exchange.answer if exchange else None
        if answer is None:
            failure = exchange.failure if exchange else None
            return Reply(None, {}, f"no response ({failure.kind})" if failure else "not in the recording")
        if answer.status != 200:
            return Reply(answer.status, {}, f"responded {answer.status}")
        value = json_text.read(answer.body)
        if not isinstance(value, dict):
            return Reply(200, {}, "the response is no JSON object")
        return Reply(200, value)

    def _below(self, link: object, path: str) -> str | None:
        """The nextLink of a list at a path, as path and query below the base URL; None where it leads anywhere else."""
        if not isinstance(link, str) or not 0 < len(link) <= 8000:
            return None
        base = urlsplit(self.base_url)
        try:
            parts = urlsplit(urljoin(f"{self.base_url.rstrip('/')}{path}", link))
            same = _origin(parts) == _origin(base) and parts.username is None
        except ValueError:
            return None
        root = base.path.rstrip("/") + "/"
        steps = unquote(parts.path).replace("\\", "/").split("/")
        if not same or not parts.path.startswith(root) or ".." in steps or "." in steps:
            return None
        return f"/{parts.path.removeprefix(root)}" + (f"?{parts.query}" if parts.query else "")


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def key(item: Mapping[str, Any], name: str) -> str | None:
    """A property that can stand in a path."""
    return text(item.get(name))
