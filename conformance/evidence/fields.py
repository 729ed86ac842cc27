"""Header field values: media types (RFC 9110 8.3.1) and entity-tags (8.8.3)."""

from __future__ import annotations

import re

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110 5.6.2's name for it
_MEDIA_TYPE = re.compile(rf"\s*({_TOKEN}/{_TOKEN})\s*(;.*)?", re.DOTALL)
_ENTITY_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def media_type(value: str | None) -> str | None:
    """`type/subtype` in lower case, without parameters; None where the value is absent or has no such form."""
    found = _MEDIA_TYPE.fullmatch(value or "")
    return found[1].lower() if found else None


def weakly_equal(one: str, other: str) -> bool:
    """Weak comparison of two entity-tags (RFC 9110 8.8.3.2)."""
    return one.strip().removeprefix("W/") == other.strip().removeprefix("W/")


def is_entity_tag(value: str) -> bool:
    """Whether the text is a quoted entity-tag, weak or strong, with something between its quotes."""
    found = _ENTITY_TAG.fullmatch(value)
    return found is not None and found[2] != ""
