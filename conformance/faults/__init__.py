"""Faults: one deviation each, named after what it breaks, with the requirement that must name it.

Applied to a good recording they prove the requirements; as middleware of the reference server, the whole run.
"""

from __future__ import annotations

import importlib

from .fault import FAULTS, Apply, Fault

FAMILIES = (
    "operations",
    "narrow",
    "statuses",
    "content_types",
    "picture_bodies",
    "bodies",
    "properties",
    "annotations",
    "placeholders",
    "bad_credentials",
    "permissions",
    "error_bodies",
    "select_options",
    "single_owners",
    "relations",
    "transport",
)

for _family in FAMILIES:
    importlib.import_module(f".{_family}", __package__)


def names() -> list[str]:
    """The faults that a server can have, by name, in the order of their families."""
    return [name for name, fault in FAULTS.items() if fault.fresh]


def find(name: str) -> Apply:
    """The fault of that name, fresh for one run.

    Raises:
        KeyError: no server can have a fault of that name.
    """
    fresh = FAULTS[name].fresh
    if fresh is None:
        raise KeyError(name)
    return fresh()


def describe(name: str) -> str:
    """The fault's description, a sentence."""
    return FAULTS[name].sentence


__all__ = ["FAMILIES", "FAULTS", "Fault", "describe", "find", "names"]
