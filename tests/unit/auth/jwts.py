"""Made-up JSON Web Tokens for tests: unsigned, worthless."""

from __future__ import annotations

import base64
import json
from typing import Any


def jwt(payload: Any = None, **claims: Any) -> str:
    """A token of these claims, or of any other JSON."""
    return ".".join((_segment({"alg": "none", "typ": "JWT"}), _segment(claims if payload is None else payload), "c2ln"))


def _segment(data: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
