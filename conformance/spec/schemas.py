"""The JSON Schemas (2020-12) by name: of the contract profilephoto, placeholder, error; of our own files the rest."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from .folders import folder

SUFFIX = ".schema.json"


@cache
def names() -> tuple[str, ...]:
    """Names of all schemas, sorted."""
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in folder("schemas").glob("*" + SUFFIX)))


@cache
def schema(name: str) -> dict[str, Any]:
    """A schema as its file has it; shared, never to be changed.

    Raises:
        KeyError: there is no schema of that name.
    """
    if name not in names():
        raise KeyError(f"no schema {name!r}; there are {', '.join(names())}")
    found: dict[str, Any] = json.loads((folder("schemas") / (name + SUFFIX)).read_text(encoding="utf-8"))
    return found
