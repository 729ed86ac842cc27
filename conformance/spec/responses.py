"""The answers that the description documents for an operation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..model import Operation
from .description import load, resolved


@cache
def documented(edition: str, operation: Operation) -> Mapping[int, frozenset[str]]:
    """The media types of each status that stands by its number.

    Raises:
        UnknownEdition: there is no edition of that name.
        KeyError: the edition does not have the operation.
    """
    document = load(edition).document
    responses = document["paths"][operation.template]["get"]["responses"]
    return {
        int(status): frozenset(resolved(document, response).get("content", ()))
        for status, response in responses.items()
    }
