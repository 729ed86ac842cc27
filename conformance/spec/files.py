"""The contract's files: folders, and the JSON Schemas (2020-12) by name.

Schemas of the contract are profilephoto, placeholder, error; the rest are of our own files.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
SUFFIX = ".schema.json"


def folder(name: str) -> Path:
    """The folder `openapi` or `schemas`.

    Raises:
        FileNotFoundError: it is in neither place, so the installation is not whole.
    """
    for found in (_PACKAGE / name, _PACKAGE.parent / name):
        if found.is_dir():
            return found
    raise FileNotFoundError(f"no folder {name}/ in {_PACKAGE} or beside it: this installation is not whole")


@cache
def schema(name: str) -> dict[str, Any]:
    """A schema as its file has it; shared, never to be changed.

    Raises:
        KeyError: there is no schema of that name.
    """
    file = folder("schemas") / (name + SUFFIX)
    if not file.is_file():
        raise KeyError(f"no schema {name!r}")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
