"""What of a photo is given away by an answer that has to refuse, whatever it is wrapped in (S24a, S5a, N1)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from itertools import chain, islice
from typing import Any

from . import NotRead, json_text, pictures
from .pictures import Picture

LOOKED_AT = 10_000
"""Values of one JSON text that are looked at."""
SEARCHED = 64 * 1024
"""Bytes in which a picture's beginning is looked for: no error's own text is longer."""
_UNMISTAKABLE = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""How a JPEG and a PNG begin, and no text in UTF-8 goes on."""
_BASE64 = re.compile(rb"(?:data:image/[^,]{1,100},)?([A-Za-z0-9+/_\-\s]{40,}={0,2})")


def disclosed(body: bytes, is_metadata: Callable[[Mapping[str, Any]], bool]) -> str | NotRead | None:
    """In a few words what of a photo the body holds; None where it holds nothing of one.

    `is_metadata` says of a JSON object, at any depth, whether it is a photo's metadata.
    """
    picture = pictures.read(body)
    if isinstance(picture, Picture):
        return f"a picture ({picture.media_type})"
    if isinstance(picture, NotRead) or any(sign in body[:SEARCHED] for sign in _UNMISTAKABLE):
        return "bytes of a picture"
    value = json_text.read(body)
    if isinstance(value, (dict, list)):
        return _in_json(value, is_metadata)
    return _in_base64(body) or (value if isinstance(value, NotRead) else None)


def _in_base64(text: bytes) -> str | None:
    """A picture in base64, by itself or as a data URL."""
    found = _BASE64.fullmatch(text.strip())
    if found is None:
        return None
    plain = b"".join(found[1].split()).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        data = base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return None
    picture = pictures.read(data)
    return f"a picture ({picture.media_type}) in base64" if isinstance(picture, Picture) else None


def _in_json(value: Any, is_metadata: Callable[[Mapping[str, Any]], bool]) -> str | None:
    for node in islice(chain.from_iterable(json_text.levels(value)), LOOKED_AT):  # the outer before the inner
        if isinstance(node, dict) and is_metadata(node):
            return "a photo's metadata"
        if isinstance(node, str) and (found := _in_base64(node.encode("utf-8", "replace"))):
            return found
    return None
