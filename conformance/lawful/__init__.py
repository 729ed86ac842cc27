"""Lawful differences: what another server may do otherwise within the contract. None of it may raise an alarm."""

from __future__ import annotations

from . import addresses, errors, headers, media_types, objects, observed, pictures, tags
from .catalogue import CATALOGUE, Difference, find, names

__all__ = [
    "CATALOGUE", "Difference", "addresses", "errors", "find", "headers", "media_types", "names", "objects", "observed",
    "pictures", "tags",
]  # fmt: skip
