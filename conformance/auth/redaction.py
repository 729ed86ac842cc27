"""Secrets, and how they are kept out of everything that leaves the process.

Text is decoded first (see `escapes`), with a map back to where each character stood; what base64, base32 and hex in it
may stand for, and what gzip and zlib made (see `encodings`), is looked at as the text is, three deep. Runs of a secret
are then found by `secret_table`: the time is linear in the text, whatever stands in it. A long text is looked at in
windows, which bounds the memory.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256

from .encodings import inside, places, unpacked
from .escapes import decoded, folded, maps_of, origin
from .secret_table import GRANTED, SecretTable, Span, joined

SHORTEST = 8
"""A secret of fewer characters is not searched for: it would be found in innocent text."""
LONGEST = 16 * 1024
"""Characters of a secret that are searched for: no server takes a longer header."""
_MOST_GRANTED = 64
"""Secrets granted by the target that are searched for: a hostile one grants as many as it answers requests."""
_DEPTH = 3
"""Of base64, base32 and hex in one another."""
_OVERLAP = 2**_DEPTH * LONGEST
"""Bytes that two windows share: the longest secret is whole in one of them, in hex of hex of hex."""
_SPELT = 32
"""Or so many for each byte of the longest known one."""
_WINDOW = 6 * _OVERLAP
"""Bytes of a text that are looked at at once: each needs up to fifty times as many."""
_BETWEEN_WORDS = re.compile(r"(?:\A[A-Za-z]+\s+|[\s;,\"]+|\A)(?:[A-Za-z_-]+=(?=\S))?|(?<=\S)=(?=\S)")
_SEEN = 10_000
"""Texts that are remembered at once, and the characters of one."""


class Secret(str):
    """A string that does not show itself in a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"


class Redactor:
    """Replaces every known secret, and every longer part of one, by a mark that names where the secret comes from.

    Usable from several threads. What also occurs in `harmless` texts (ids, URLs) is no part of a secret.
    """

    def __init__(self, secrets: Iterable[tuple[str, str]] = (), harmless: Iterable[str] = ()) -> None:
        self._lock, self._long = threading.Lock(), threading.Lock()
        self._known: frozenset[str] = frozenset()
        self._granted = 0
        self._use(SecretTable(harmless=tuple(harmless)))
        self._learn(_words(secrets))

    def __repr__(self) -> str:
        return f"Redactor({len(self._known)} secrets)"

    def _use(self, table: SecretTable) -> None:
        self._table = table
        self._seen: dict[str, str] = {}
        """Short texts that were looked at since the table changed: reports repeat many."""
        self._innocent: set[bytes] = set()
        """SHA-256 of texts without secrets: a response is looked at when it comes and when it is written."""

    def add(self, secret: str, name: str = "token") -> None:
        """Know one secret more, and each word of it; one that is too short to search for is passed over."""
        self._learn(_words([(name, secret)]))

    def grant(self, secrets: Iterable[str]) -> None:
        """Know what the target granted, as long as there are few."""
        self._learn((GRANTED, secret) for secret in secrets)

    def allow(self, texts: Iterable[str]) -> None:
        """Leave what stands in these texts where it is."""
        with self._lock:
            self._use(replace(self._table, harmless=(*self._table.harmless, *texts)))

    def _learn(self, named: Iterable[tuple[str, str]]) -> None:
        with self._lock:
            new: dict[str, str] = {}
            for name, secret in named:
                unknown = secret not in self._known and secret not in new
                if unknown and (name != GRANTED or self._granted < _MOST_GRANTED):
                    self._granted += name == GRANTED
                    new[secret] = name
            if new:
                self._known = self._known.union(new)  # another set: threads may be going through this one
                self._use(self._table.with_secrets(new))

    def text(self, text: str) -> str:
        """The text without secrets."""
        if len(text) < SHORTEST or not self._known:
            return text
        seen = self._seen  # another one from the moment on at which a secret more is known
        clean = seen.get(text)
        if clean is None:
            data = text.encode("utf-8", "surrogatepass")
            found = self.data(data)
            clean = text if found is data else found.decode("utf-8", "surrogatepass")
            if len(text) < _SEEN and len(seen) < _SEEN:
                seen[text] = clean
        return clean

    def data(self, data: bytes) -> bytes:
        """The bytes without secrets; the same object where there are none."""
        clean, last = bytearray(), 0
        for span in self._spans(data):
            clean += data[last : span.start] + span.mark.encode()
            last = span.end
        clean += data[last:]
        return bytes(clean) if last else data

    def holds(self, data: bytes, shown: str) -> bool:
        """Whether the secret of this mark stands there as a whole, in any form."""
        return any(span.mark == shown for span in self._spans(data))

    def _spans(self, data: bytes) -> Iterator[Span]:
        if not self._known:
            return
        digest = sha256(data).digest()
        with self._long if len(data) >= _SEEN else nullcontext():  # of several threads one looks at the same long text
            innocent = self._innocent
            if digest in innocent:
                return
            found = False
            for span in self._in_windows(data):
                yield span
                found = True
            if not found and len(innocent) < _SEEN:
                innocent.add(digest)

    def _in_windows(self, data: bytes) -> Iterator[Span]:
        """What stands in the next window too is joined with what is found there."""
        held: list[Span] = []
        overlap = min(_OVERLAP, _SPELT * max(map(len, self._known)))
        for start in range(0, max(len(data) - overlap, 1), _WINDOW - overlap):
            found = self._found(data[start : start + _WINDOW])
            held = joined([*held, *(_of_whole_characters(data, span, start) for span in found)])
            done = start + _WINDOW - overlap
            yield from (span for span in held if span.end <= done)
            held = [span for span in held if span.end > done]
        yield from held

    def _found(self, data: bytes, depth: int = _DEPTH) -> list[Span]:
        if len(data) < SHORTEST:
            return []
        text = decoded(data, for_ascii=self._table.is_ascii)
        found = self._table.find(folded(text))
        if depth and (within := inside(text)) and (deeper := self._found(within, depth - 1)):
            back = places(text)
            found += [Span(*back(span.start, span.end), span.mark) for span in deeper]
        maps = maps_of(data, for_ascii=self._table.is_ascii) if found else []
        spans = [Span(*origin(maps, span.start, span.end), span.mark) for span in found]
        for start, end, content in unpacked(data) if depth else ():
            spans += [Span(start, end, span.mark) for span in self._found(content, depth - 1)]
        return joined(spans)


def _words(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each secret, and each word of it, that is long enough to be searched for; a scheme and names are no secrets."""
    for name, secret in named:
        for text in (secret, *_BETWEEN_WORDS.split(secret)):
            if len(text) >= SHORTEST:
                yield name, str(text[:LONGEST])


def _of_whole_characters(data: bytes, span: Span, window: int) -> Span:
    """A span of what begins there, in all of the data: a character of several bytes is never split."""
    start, end = window + span.start, window + span.end
    while start > 0 and data[start] & 0xC0 == 0x80:
        start -= 1
    while end < len(data) and data[end - 1] & 0x80 and data[end] & 0xC0 == 0x80:
        end += 1
    return Span(start, end, span.mark)
