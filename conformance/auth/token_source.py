"""Where a caller's token comes from; never the token itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TokenSource:
    """Where a caller's token is found: `env` (a variable's name), `command` (a list) or `azure` (a table)."""

    kind: str
    value: Any = field(repr=False)
