"""Allowed variations: what another server may do differently within the contract. No requirement may name one."""

from __future__ import annotations

from tests.proof.variations import addresses, errors, gateways, headers, media_types, objects, observed, pictures, tags
from tests.proof.variations.catalogue import CATALOGUE, find, names

__all__ = [
    "CATALOGUE", "addresses", "errors", "find", "gateways", "headers", "media_types", "names", "objects", "observed",
    "pictures", "tags",
]  # fmt: skip
