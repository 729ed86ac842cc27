"""OpenAPI Overlay 1.0: documents that turn one description into another.

Of JSONPath (RFC 9535) the part that overlays of ours need: names, indices, lists of both, and `*` for all members.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"\.(\*|[A-Za-z_][A-Za-z0-9_-]*)|\[((?:'[^']*'|[\s,0-9])+)\]")
_PATH = re.compile(rf"\$(?:{_STEP.pattern})*")
_SELECTOR = re.compile(r"'([^']*)'|([0-9]+)")

Location = tuple[Any, Any]
"""A container and the key or index in it."""


def apply(document: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the document with the overlay's actions done in order.

    Raises:
        ValueError: a target that is not understood or that leads nowhere, or an action without an effect. (The
            specification lets a target lead nowhere; in documents of ours that is a mistake.)
    """
    root = {"$": copy.deepcopy(dict(document))}
    for action in overlay["actions"]:
        found = _locations(root, action["target"])
        if not found or not ("update" in action or action.get("remove")):
            raise ValueError(f"the overlay's action on {action['target']} changes nothing")
        for container, key in reversed(found):
            old = container[key]
            if action.get("remove"):
                del container[key]
            elif isinstance(old, list):
                container[key] = [*old, copy.deepcopy(action["update"])]
            elif isinstance(old, dict) and isinstance(action["update"], dict):
                container[key] = _merged(old, copy.deepcopy(action["update"]))
            else:
                raise ValueError(f"the overlay's action on {action['target']} updates what is no object and no array")
    return root["$"]


def _merged(old: Any, new: Any) -> Any:
    """Objects merged, arrays joined, else the new value (Overlay 1.0, Action Object)."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {key: _merged(old.get(key), value) for key, value in new.items()}
    return [*old, *new] if isinstance(old, list) and isinstance(new, list) else new


def _locations(root: dict[str, Any], path: str) -> list[Location]:
    """All places that a JSONPath selects, in document order."""
    if not _PATH.fullmatch(path):
        raise ValueError(f"a JSONPath that is not understood: {path}")
    found: list[Location] = [(root, "$")]
    for name, inside in _STEP.findall(path):
        keys = [name] if name else [int(index) if index else text for text, index in _SELECTOR.findall(inside)]
        inner: list[Location] = []
        for value in (container[key] for container, key in found):
            known = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
            inner += [(value, key) for key in (known if name == "*" else keys) if key in known]
        found = inner
    return found
