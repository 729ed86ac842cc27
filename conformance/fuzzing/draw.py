"""Requests drawn by schemathesis from the description of an edition, seeded and bounded."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..catalogue.selectors import shares
from ..model import Headers, Operation
from ..spec import Contract
from ..spec.described import described, undisturbed

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


def draw(contract: Contract, count: int, chance: int) -> tuple[Drawn, ...]:
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
            return tuple(_drawn(contract, count, chance))
        finally:
            set_hypothesis_home_dir(None)


def _drawn(contract: Contract, count: int, chance: int) -> Iterator[Drawn]:
    from hypothesis import given, settings
    from hypothesis import strategies as st

    _register_formats()
    strategy = cache(partial(_strategy, contract))
    cases: list[Any] = []

    def keep(data: st.DataObject) -> None:
        cases.append(data.draw(strategy(operation, parameter, mode)))

    one: Any = settings(database=None, deadline=None)(given(st.data())(keep))
    generator = random.Random(f"cases {chance}")  # noqa: S311 - no secret
    for operation in contract.operations:
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


def _strategy(contract: Contract, operation: Operation, parameter: str | None, mode: str) -> Any:
    """Cases of an operation, of its own mode of schemathesis; all ids but the one at that parameter are known."""
    from schemathesis import GenerationMode
    from schemathesis.generation.feedback import NO_FEEDBACK

    known = {name: "known" for name in operation.parameters if name != parameter}
    get = described(contract.edition)[operation.template]["GET"]
    return get.as_strategy(GenerationMode(mode), feedback=NO_FEEDBACK, path_parameters=known or None)


def _as_drawn(operation: Operation, number: int, parameter: str | None, case: Any) -> Drawn:
    if parameter is not None:
        value = bytes.fromhex(case.path_parameters[parameter]).decode()
        return Drawn(operation.id, number, parameter, value)
    known = {one.name.lower() for one in case.operation.headers}
    headers = ((str(name), str(value)) for name, value in (case.headers or {}).items())
    kept = (field for field in headers if field[0].lower() in known and not GUID.fullmatch(field[1]))
    return Drawn(operation.id, number, query="&".join(_options(case.query or {})), headers=tuple(sorted(kept)))


def _options(query: Mapping[str, Any]) -> Iterator[str]:
    for name, values in sorted(query.items()):
        for value in values if isinstance(values, list) else [values]:
            yield f"{_quoted(name)}={_quoted(str(value))}"


def _quoted(text: str) -> str:
    return quote(text, safe=_LITERAL, errors="replace")  # lone surrogates
