"""Secrets, and how they are kept out of everything that leaves the process.

Text is decoded first (see `escapes`), with a map back to where each character stood; what base64, base32 and hex in it
may stand for is looked at as the text is, three deep. A run of 12 characters of a secret, or of its base64 or hex form,
is then found by looking up windows of a fixed size in a set: the time is linear in the text, whatever stands in it.
"""

from __future__ import annotations

import base64
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256

from ..model import PART, mark
from .escapes import FOLDED, decoded, folded, inside, maps_of, origin, places

SHORTEST = 8
"""A secret of fewer characters is not searched for: it would be found in innocent text."""
LONGEST = 16 * 1024
"""Characters of a secret that are searched for: no server takes a longer header."""
RUN = 12
"""Characters of a secret that are a secret by themselves."""
WHOLE = 16
"""Characters of a token from which on its coming back is reported (E3); a shorter one is marked as a part is."""
GRANTED = "Set-Cookie"
"""The name of a secret that the target made up itself: it hides no other one, however the two overlap."""
_MOST_GRANTED = 64
"""Such secrets that are searched for: a hostile target grants as many as it answers requests."""
_KEY = 8
"""Bytes that are looked up at once."""
_DEPTH = 3
"""Of base64, base32 and hex in one another."""
_LARGE = 1024 * 1024
"""Bytes of a text from which on one is searched at a time: each needs up to fifty times as many."""
_SEEN = 10_000
"""Texts that are remembered at once, and the characters of one."""
_MOST_ESCAPES = 200_000
"""Escapes of a text whose places are kept; where there are more, the whole text is replaced."""


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


@dataclass(frozen=True, slots=True)
class _Known:
    """One secret: where it comes from, and each form in which it is searched for, folded."""

    name: str
    forms: tuple[bytes, ...]
    long: bool


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    mark: str


class Redactor:
    """Replaces every known secret, and every longer part of one, by a mark that names where the secret comes from.

    Usable from several threads. What also occurs in `harmless` texts (ids, URLs) is no part of a secret.
    """

    def __init__(self, secrets: Iterable[tuple[str, str]] = (), harmless: Iterable[str] = ()) -> None:
        self._lock, self._large = threading.Lock(), threading.Lock()
        self._known: dict[str, _Known] = {}
        self._harmless = tuple(harmless)
        self._granted: set[str] = set()
        self._keys: set[int] = set()
        self._short: dict[bytes, str] = {}
        self._table: _Table | None = None
        self._seen: dict[str, str] = {}
        """Short texts that were looked at since the last secret was learnt: reports repeat many."""
        self._innocent: set[bytes] = set()
        """SHA-256 of long ones without secrets: a target may answer all requests alike."""
        for name, secret in secrets:
            self.add(secret, name)

    def __repr__(self) -> str:
        return f"Redactor({len(self._known)} secrets)"

    def add(self, secret: str, name: str = "token") -> None:
        """Know one secret more, and each word of it; one that is too short to search for is passed over."""
        with self._lock:
            for text in (secret, *re.split(r"[\s;,]+|(?<=\S)=(?=\S)", secret)):
                if len(text) >= SHORTEST and text not in self._known:
                    self._learn(str(text[:LONGEST]), name)

    def grant(self, secrets: Iterable[str]) -> None:
        """Know what the target granted, as long as there are few."""
        with self._lock:
            for secret in secrets:
                if len(self._granted) < _MOST_GRANTED and secret not in self._known:
                    self._granted.add(secret)
                    self._learn(secret, GRANTED)

    def allow(self, texts: Iterable[str]) -> None:
        """Leave what stands in these texts where it is."""
        with self._lock:
            self._harmless = (*self._harmless, *texts)
            self._table, self._seen, self._innocent = None, {}, set()

    def _learn(self, secret: str, name: str) -> None:
        plain, *encoded = _forms(secret)
        if len(plain) < RUN:
            self._short[plain] = mark(name, part=True)
        self._known = self._known | {secret: _Known(name, (plain, *encoded), len(secret) >= WHOLE)}
        self._keys |= {key for form in (plain, *encoded) for key in _keys(form)}
        self._table, self._seen, self._innocent = None, {}, set()

    def text(self, text: str) -> str:
        """The text without secrets."""
        if len(text) < SHORTEST:
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
        pieces, last = [], 0
        for span in self._spans(data):
            pieces += [data[last : span.start], span.mark.encode()]
            last = span.end
        return b"".join([*pieces, data[last:]]) if pieces else data

    def holds(self, data: bytes, shown: str) -> bool:
        """Whether the secret of this mark stands there as a whole, in any form."""
        return any(span.mark == shown for span in self._spans(data))

    def _spans(self, data: bytes) -> list[_Span]:
        if len(data) < _SEEN:
            return self._found(data)
        innocent, digest = self._innocent, sha256(data).digest()
        if digest in innocent:
            return []
        with self._large if len(data) > _LARGE else nullcontext():
            found = self._found(data)
        if not found and len(innocent) < _SEEN:
            innocent.add(digest)
        return found

    def _found(self, data: bytes, depth: int = _DEPTH) -> list[_Span]:
        if len(data) < SHORTEST:
            return []
        text, escapes = decoded(data)
        plain = folded(text)
        found = [span for short, shown in self._short.items() for span in _all(plain, short, shown)]
        if not all(self._keys.isdisjoint(view) for _, view in _views(plain)):
            found += self._long(plain)
        if depth and (within := inside(text)) and (deeper := self._found(within, depth - 1)):
            back = places(text)
            found += [_Span(*back(span.start, span.end), span.mark) for span in deeper]
        if found and escapes > _MOST_ESCAPES:
            return [_Span(0, len(data), found[0].mark)]
        maps = maps_of(data) if found else []
        spans: list[_Span] = []
        for span in sorted(found, key=lambda span: span.start):
            start, end = origin(data, maps, span.start, span.end)
            if spans and start < spans[-1].end:
                before = spans.pop()
                shown = span.mark if before.mark.startswith(PART) else before.mark
                spans.append(_Span(before.start, max(end, before.end), shown))
            else:
                spans.append(_Span(start, end, span.mark))
        return spans

    def _long(self, plain: bytes) -> Iterator[_Span]:
        """Runs of 12 bytes or more of a secret. Each place is looked at a fixed number of times."""
        table = self._all_runs()
        keys = self._keys
        hits = sorted(shift + at * _KEY for shift, view in _views(plain) for at, k in enumerate(view) if k in keys)
        end = 0
        for place in hits:
            if place + _KEY <= end:
                continue
            for start in range(max(place - RUN + _KEY, 0), place + 1):
                if plain[start : start + RUN] in table.runs:
                    end = table.end(plain, start)
                    yield from table.spans(plain, start, end)
                    break

    def _all_runs(self) -> _Table:
        with self._lock:
            if self._table is None:
                known = tuple(sorted(self._known.values(), key=lambda secret: secret.name == GRANTED))
                runs: dict[bytes, int] = {}
                for number, secret in enumerate(known):
                    for form in secret.forms:
                        for run in _windows(form):
                            runs.setdefault(run, number)
                texts = (_plain(text) for text in self._harmless)
                self._table = _Table(
                    known, runs, frozenset(run for text in texts for run in _windows(text) if run in runs)
                )
            return self._table


@dataclass(frozen=True, slots=True)
class _Table:
    """Every run of 12 bytes of all secrets, and whose it is; made when the first key is found."""

    known: tuple[_Known, ...]
    runs: dict[bytes, int]
    harmless: frozenset[bytes]
    """Those that stand in a harmless text too."""

    def end(self, folded: bytes, start: int) -> int:
        """How far what begins here goes on: whole runs first, then as far as one more reaches."""
        end = start + RUN
        for step in (RUN, 1):
            while folded[end + step - RUN : end + step] in self.runs:
                end += step
        return end

    def spans(self, folded: bytes, start: int, end: int) -> Iterator[_Span]:
        """One span where a secret stands there as a whole, else its parts that are not harmless."""
        guilty: list[tuple[int, int]] = []
        names: dict[str, None] = {}
        for at in range(start, end - RUN + 1):
            run = folded[at : at + RUN]
            if run in self.runs and run not in self.harmless:
                names[self.known[self.runs[run]].name] = None
                before = guilty.pop()[0] if guilty and at <= guilty[-1][1] else at
                guilty.append((before, at + RUN))
        forms = (
            (form, secret.name)
            for secret in self.known
            if secret.name in names and secret.long
            for form in secret.forms
        )
        whole = [(form, name) for form, name in forms if form in folded[start:end]]
        if whole:
            form, name = max(whole, key=lambda found: (found[1] != GRANTED, len(found[0])))
            first = folded.index(form, start)
            yield _Span(min(first, guilty[0][0]), max(first + len(form), guilty[-1][1]), mark(name))
        else:
            yield from (_Span(*part, mark(next(iter(names)), part=True)) for part in guilty)


def _all(folded: bytes, short: bytes, shown: str) -> Iterator[_Span]:
    return (_Span(*found.span(), shown) for found in re.finditer(re.escape(short), folded))


def _plain(text: str) -> bytes:
    return folded(decoded(text.encode("utf-8", "surrogatepass"))[0])


def _forms(secret: str) -> Iterator[bytes]:
    """The secret itself, what is the same in base64 of any text that holds it, and its hex."""
    raw = secret.encode("utf-8", "surrogatepass")
    yield _plain(secret)
    for offset in range(3):
        start, end = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
        yield base64.b64encode(bytes(offset) + raw)[start:end].translate(FOLDED)
    yield raw.hex().encode()


def _windows(form: bytes) -> Iterator[bytes]:
    return (form[at : at + RUN] for at in range(len(form) - RUN + 1))


def _keys(form: bytes) -> Iterator[int]:
    return (int.from_bytes(form[at : at + _KEY], sys.byteorder) for at in range(len(form) - _KEY + 1))


def _views(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """Every fourth window of 8 bytes, as numbers: two views of the same bytes, and where each begins."""
    for shift in (0, 4):
        length = max(len(data) - shift, 0) // _KEY * _KEY
        yield shift, memoryview(data)[shift : shift + length].cast("Q")
