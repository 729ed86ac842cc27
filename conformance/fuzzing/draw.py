"""Requests drawn by schemathesis from the description of an edition, seeded and bounded."""

from __future__ import annotations

import random
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from ..catalogue.random_selectors import shares
from ..model import Headers, Operation
from ..spec import Contract
from ..spec.described import described

_AT_A_TIME = 10
"""Requests that make one example, which hypothesis bounds in size."""
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
    with tempfile.TemporaryDirectory(prefix="photo-exploration-") as home, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other people's modules, to a run that cannot change them
        from hypothesis.configuration import set_hypothesis_home_dir
        from hypothesis.internal.conjecture.providers import HypothesisProvider

        set_hypothesis_home_dir(home)
        # Hypothesis draws constants out of the source of whatever is imported, which would change with the options.
        no_constants = patch.object(HypothesisProvider, "_maybe_draw_constant", lambda *_, **__: None, create=True)
        try:
            with no_constants:
                return tuple(_drawn(contract, count, chance))
        finally:
            set_hypothesis_home_dir(None)


def _drawn(contract: Contract, count: int, chance: int) -> Iterator[Drawn]:
    from hypothesis import strategies as st

    _register_formats()
    generator = random.Random(chance)  # noqa: S311 - no secret
    wanted = [
        (operation, number, generator.choice(operation.ids) if number <= shares(operation, count)[0] else None)
        for operation in contract.operations
        for number in range(1, count + 1)
    ]
    for place in range(0, len(wanted), _AT_A_TIME):
        some = wanted[place : place + _AT_A_TIME]
        cases = _example(st.tuples(*(_strategy(contract, *one) for one in some)), f"{chance} {place}")
        yield from (_as_drawn(*one, case) for one, case in zip(some, cases, strict=True))


def _register_formats() -> None:
    import schemathesis

    from .odd_ids import DIRECTORY_KEY, MAILBOX_KEY

    # In hex: schemathesis draws no path that holds `/`, `.` or NUL by itself, which is what is wanted here.
    for name, strategy in (("directory-key", DIRECTORY_KEY), ("mailbox-key", MAILBOX_KEY)):
        schemathesis.openapi.format(name, strategy.map(lambda text: text.encode().hex()))


def _strategy(contract: Contract, operation: Operation, number: int, parameter: str | None) -> Any:
    from schemathesis import GenerationMode
    from schemathesis.generation.feedback import NO_FEEDBACK

    known = {name: "known" for name in operation.parameters if name != parameter}
    mode = GenerationMode.NEGATIVE if parameter is None and number % 2 == 0 else GenerationMode.POSITIVE
    get = described(contract.edition)[operation.template]["GET"]
    return get.as_strategy(mode, feedback=NO_FEEDBACK, path_parameters=known or None)


def _example(strategy: Any, chance: str) -> tuple[Any, ...]:
    """One example: the second one, since the first one is always the simplest."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    examples: list[tuple[Any, ...]] = []

    @seed(chance)
    @settings(
        max_examples=2,
        derandomize=False,  # which hypothesis would set where CI is set
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: tuple[Any, ...]) -> None:
        examples.append(example)

    collect()
    return examples[-1]


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
