"""Where a caller's token comes from; never the token itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

GRAPH_TOKEN = "GRAPH_TOKEN"  # noqa: S105 - the variable's name
"""Where the token of the default caller stands if the target file names none."""
_VARIABLE = re.compile(r"[A-Z_]{1,11}|[A-Z]{1,16}[0-9]?(?:_(?:[A-Z]{1,16}[0-9]?|[0-9]{1,3})){1,8}")
_KEY = re.compile(r"[a-z_]{1,11}|[a-z]{1,12}(?:[A-Z][a-z]{1,12}){1,3}")


def shown_variable(name: str) -> str:
    """A variable's name for a message: not where it may be the secret itself, put in the name's place."""
    return name if _VARIABLE.fullmatch(name) else "that is named there (not shown: it may be a secret)"


def shown_key(name: str) -> str:
    """A key of a TOML table for a message: see `shown_variable`."""
    return repr(name) if _KEY.fullmatch(name) else "(not shown: it may be a secret)"


@dataclass(frozen=True)
class TokenSource:
    """Where a caller's token is found: `env` (a variable's name), `command` (a list) or `azure` (a table)."""

    kind: str
    value: Any = field(repr=False)
