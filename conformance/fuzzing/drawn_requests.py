"""Requests drawn by schemathesis from the description of an edition, seeded and bounded; as probes for a tenant."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from ..catalogue.selectors import PREFIX, shares
from ..model import Addressing, Credential, Exchange, Headers, Operation, Owner, Probe, Shape, State
from ..model.probe import RequestKind
from ..recording.har_reader import Cassette
from ..spec import Edition
from ..spec.described import described, undisturbed
from ..target.tenant import Tenant

_CACHE = os.devnull if sys.dont_write_bytecode else Path(cache_from_source(__file__)).parent
"""Where hypothesis keeps its table of Unicode: beside what Python itself caches of this module, or nowhere."""
_BYTES = 8192
"""Random bytes that one request is made from, at the most."""
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A client-request-id as the client itself makes them up."""
_LITERAL = ",$"
"""What is not encoded in a query: a comma separates the items of a list."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is random about one request to an operation, on whatever target."""

    operation: str
    """The operation's id."""
    number: int
    """Which one of its operation, from 1."""
    parameter: str | None = None
    """The id in the path that is random; None: a known owner is asked for."""
    value: str | None = None
    """That id, not encoded."""
    query: str = ""
    """As it stands on the wire."""
    headers: Headers = ()


def draw(edition: Edition, count: int, chance: int) -> tuple[Drawn, ...]:
    """So many requests per operation, the same ones for the same seed (`chance`).

    Some ask for ids that exist nowhere; the others ask for known owners, every second one with values that the
    description does not allow.
    """
    if not count:
        return ()
    with undisturbed():
        from hypothesis.configuration import set_hypothesis_home_dir

        set_hypothesis_home_dir(_CACHE)
        try:
            return tuple(_drawn(edition, count, chance))
        finally:
            set_hypothesis_home_dir(None)


def _drawn(edition: Edition, count: int, chance: int) -> Iterator[Drawn]:
    from hypothesis import given, settings
    from hypothesis import strategies as st

    _register_formats()
    strategy = cache(partial(_strategy, edition))
    cases: list[Any] = []

    def keep(data: st.DataObject) -> None:
        cases.append(data.draw(strategy(operation, parameter, mode)))

    one: Any = settings(database=None, deadline=None)(given(st.data())(keep))
    generator = random.Random(f"cases {chance}")  # noqa: S311 - no secret
    for operation in edition.operations:
        for number in range(1, count + 1):
            parameter = generator.choice(operation.ids) if number <= shares(operation, count)[0] else None
            mode = "negative" if parameter is None and number % 2 == 0 else "positive"
            cases.clear()
            while not cases:  # some bytes make no case
                one.hypothesis.fuzz_one_input(generator.randbytes(_BYTES))
            yield _as_drawn(operation, number, parameter, cases[0])


def _register_formats() -> None:
    import schemathesis

    from .odd_ids import DIRECTORY_KEY, MAILBOX_KEY

    # In hex: schemathesis draws no path that holds `/`, `.` or NUL by itself, which is what is wanted here.
    for name, strategy in (("directory-key", DIRECTORY_KEY), ("mailbox-key", MAILBOX_KEY)):
        schemathesis.openapi.format(name, strategy.map(lambda text: text.encode().hex()))


def _strategy(edition: Edition, operation: Operation, parameter: str | None, mode: str) -> Any:
    """Cases of an operation, of its own mode of schemathesis; all ids but the one at that parameter are known."""
    from schemathesis import GenerationMode
    from schemathesis.generation.feedback import NO_FEEDBACK

    known = {name: "known" for name in operation.keys if name != parameter}
    get = described(edition.name)[operation.template]["GET"]
    return get.as_strategy(GenerationMode(mode), feedback=NO_FEEDBACK, path_parameters=known or None)


def _as_drawn(operation: Operation, number: int, parameter: str | None, case: Any) -> Drawn:
    if parameter is not None:
        value = bytes.fromhex(case.path_parameters[parameter]).decode()
        return Drawn(operation.id, number, parameter, value)
    headers = ((str(name), str(value)) for name, value in (case.headers or {}).items())
    query = {name: value if isinstance(value, list) else str(value) for name, value in (case.query or {}).items()}
    text = urlencode(sorted(query.items()), doseq=True, safe=_LITERAL, errors="replace", quote_via=quote)
    return Drawn(operation.id, number, query=text, headers=tuple(sorted(filter(_is_odd, headers))))


_KEY = re.compile(rf"(?P<shape>[^/]+)/(?P<owner>[^/]+)/(?P<request_kind>{PREFIX}[0-9]+)")
USUAL = 5
"""Requests per operation where the user does not say how many, and the target is our own server."""
_RANDOM = ".unknown-odd"
"""Ends the label of an owner whose id was drawn."""


def probes(drawn: Iterable[Drawn], edition: Edition, tenant: Tenant) -> tuple[Probe, ...]:
    """What can be sent to this tenant: nothing without a token, for an operation out of reach, or without an owner."""
    if tenant.default is None or not tenant.leading:
        return ()
    found = (_probe(one, [s for s in edition.shapes if s.operation.id == one.operation], tenant) for one in drawn)
    return tuple(probe for probe in found if probe is not None)


def _probe(drawn: Drawn, shapes: list[Shape], tenant: Tenant) -> Probe | None:
    request_kind = RequestKind(f"{PREFIX}{drawn.number}", drawn.query, headers=drawn.headers)
    shapes = shapes[::-1] if drawn.number % 2 else shapes  # so that users are named in either way
    if drawn.parameter is not None and drawn.value is not None:
        shape = _addressed(drawn.parameter, drawn.value, shapes)
        if tenant.whole.out_of_reach(shape):
            return None
        label = f"{tenant.whole.any_owner(shape).label}{_RANDOM}"
        owner = tenant.unknown_owner(shape, drawn.parameter, drawn.value, label)
        return tenant.probe(shape, owner, request_kind, State.UNKNOWN)
    known = ((shape, owner) for shape in shapes for owner in tenant.representatives(shape, State.PRESENT))
    return next((tenant.probe(shape, owner, request_kind, State.PRESENT) for shape, owner in known), None)


def _addressed(parameter: str, value: str, shapes: list[Shape]) -> Shape:
    """The path shape to ask an odd id by: that of a user with an `@` in it is a userPrincipalName."""
    if shapes[0].operation.keys[parameter] != "user":
        return shapes[0]
    addressing = Addressing.UPN if "@" in value else Addressing.ID
    return next(shape for shape in shapes if shape.addressing is addressing)


def count(wanted: int | None, cassette: Cassette | None, *, embedded: bool) -> int:
    """How many requests per operation are drawn, or were when a recording was made; `wanted`: by the user."""
    if wanted is not None:
        return wanted
    if cassette is None:
        return USUAL * embedded
    recorded = cassette.about.get("explore")
    return recorded if isinstance(recorded, int) and recorded > 0 else 0


def recorded(
    exchanges: Mapping[str, Exchange], edition: Edition, tenant: Tenant, base_url: str | None
) -> Iterator[Probe]:
    """The probes that were drawn when a recording of ours was made: by their keys and requests."""
    shapes = {shape.key: shape for shape in edition.shapes}
    owners = {owner.label: owner for owner in tenant.owners}
    for key, exchange in exchanges.items():
        found = _KEY.fullmatch(key)
        shape = shapes.get(found["shape"]) if found else None
        if found is None or shape is None:
            continue
        label, odd, _ = found["owner"].partition(_RANDOM)
        any_owner = owners.get(label) or Owner(label, "user")
        state = State.UNKNOWN if odd else State.PRESENT
        yield Probe(
            key=key,
            shape=shape,
            state=state,
            owner=replace(any_owner, label=found["owner"], state=state, made_up=bool(odd)),
            request_kind=found["request_kind"],
            target=exchange.request.url.removeprefix(base_url or ""),
            credential=Credential(caller=tenant.asker(shape, any_owner)),
            headers=tuple(filter(_is_odd, exchange.request.headers)),
        )


def _is_odd(field: tuple[str, str]) -> bool:
    """Whether a header field was drawn: the one that the description has, unless it is as the client sends it."""
    return field[0].lower() == "client-request-id" and not GUID.fullmatch(field[1])
