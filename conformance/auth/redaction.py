"""Secrets, and how they are kept out of everything that leaves the recorder."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from ..model import REDACTED

SHORTEST = 8
"""A secret of fewer characters is not searched for: it would be found in innocent text."""


class Secret(str):
    """A string that does not show itself in a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"


class SecretBytes(bytes):
    """Bytes that do not show themselves in a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} secret bytes>"


class Redactor:
    """Replaces every known secret by REDACTED: as it is, percent-encoded, JSON-escaped, or inside base64."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._forms: tuple[tuple[str, bytes], ...] = ()
        self._learn(secrets)

    def __repr__(self) -> str:
        return f"Redactor({len(self._known)} secrets)"

    def add(self, secret: str) -> None:
        """Know one secret more; one that is too short to search for is passed over."""
        self._learn([secret])

    def _learn(self, secrets: Iterable[str]) -> None:
        new = {secret for secret in secrets if len(secret) >= SHORTEST and secret not in self._known}
        if not new:
            return
        with self._lock:
            self._known |= new
            texts = {text for known in self._known for text in _disguises(known)}
            longest_first = sorted(texts, key=lambda text: (-len(text), text))
            self._forms = tuple((text, text.encode("utf-8", "surrogatepass")) for text in longest_first)

    def text(self, text: str) -> str:
        """The text without secrets."""
        for form, _ in self._forms:
            if form in text:
                text = text.replace(form, REDACTED)
        return text

    def data(self, data: bytes) -> bytes:
        """The bytes without secrets."""
        for _, form in self._forms:
            if form in data:
                data = data.replace(form, REDACTED.encode())
        return data


def _disguises(secret: str) -> Iterator[str]:
    """How a secret may look when it comes back."""
    yield str(secret)
    for encoded in (quote(secret, safe="", errors="replace"), quote_plus(secret, errors="replace")):
        yield encoded
        yield _lower_case_escapes(encoded)
    raw = secret.encode("utf-8", "surrogatepass")
    for form in ("%{:02X}", "%{:02x}"):
        yield "".join(form.format(byte) for byte in raw)
    for form in ("\\u{:04x}", "\\u{:04X}"):
        yield "".join(form.format(ord(character)) for character in secret)
    for ascii_only in (True, False):
        escaped = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
    for offset in range(3):
        yield from _inside_base64(raw, offset)


def _lower_case_escapes(text: str) -> str:
    """`%2F` as `%2f`."""
    first, *rest = text.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _inside_base64(raw: bytes, offset: int) -> Iterator[str]:
    """The characters that are the same in base64 of any text that has `raw` at `offset` modulo 3."""
    start, end = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
    padded = bytes(offset) + raw
    yield base64.b64encode(padded).decode()[start:end]
    yield base64.urlsafe_b64encode(padded).decode()[start:end]
