"""A drawn request as plain data, which one process tells another in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from ..model import Headers


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is odd about one request to an operation, whoever lives on the target."""

    operation: str
    """The operation's id."""
    number: int
    """Which one of its operation, from 1."""
    oddity: str
    parameter: str | None = None
    """The id of the path that is odd; None: an owner who is known is asked for."""
    value: str | None = None
    """That id, not encoded."""
    query: str = ""
    """As it shall stand on the wire."""
    headers: Headers = ()


def dump(drawn: Iterable[Drawn]) -> str:
    """As JSON text, ASCII only."""
    return json.dumps([asdict(one) for one in drawn])


def load(text: str) -> list[Drawn]:
    """What `dump` wrote."""
    return [Drawn(**{**one, "headers": tuple(map(tuple, one["headers"]))}) for one in json.loads(text)]
