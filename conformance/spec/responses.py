"""The answers that the description documents for an operation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..model import Operation
from .description import load


@cache
def documented(edition: str, operation: Operation) -> Mapping[int, frozenset[str]]:
    """The media types of each status that stands by its number; what `default` says holds for none by itself.

    Raises:
        UnknownEdition: there is no edition of that name.
        KeyError: the edition does not have the operation.
    """
    document = load(edition).document
    responses = document["paths"][operation.template]["get"]["responses"]
    return {
        int(status): frozenset(_resolved(document, response).get("content", ()))
        for status, response in responses.items()
        if status != "default"
    }


def _resolved(document: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference within the document leads to."""
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part
