"""Secrets as they are searched for in decoded text: by each run of 12 characters, in a time linear in the text."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..model import PART, mark
from .escapes import FOLDED, decoded, folded

RUN = 12
"""Characters of a secret that are a secret by themselves."""
WHOLE = 16
"""Characters of a token from which on its coming back is reported (E3); a shorter one is marked as a part is."""
GRANTED = "Set-Cookie"
"""The name of a secret that the target made up itself: it hides no other one, however the two overlap."""
_KEY = 8
"""Bytes that are looked up at once."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a secret stands, and what is put there."""

    start: int
    end: int
    mark: str


def joined(spans: list[Span]) -> list[Span]:
    """In order, and those that overlap as one: the mark of a whole secret says more than that of a part."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start < found[-1].end:
            before = found.pop()
            shown = span.mark if before.mark.startswith(PART) else before.mark
            span = Span(before.start, max(span.end, before.end), shown)
        found.append(span)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """One secret: where it comes from, and each form in which it is searched for, folded."""

    name: str
    forms: tuple[bytes, ...]
    long: bool


@dataclass(frozen=True)
class SecretTable:
    """Every run of 12 bytes of all secrets, and whose it is; made when the first key is found."""

    known: tuple[_Known, ...] = ()
    harmless: tuple[str, ...] = ()
    """What stands in these texts is no part of a secret."""
    keys: frozenset[int] = frozenset()

    def with_secrets(self, secrets: Mapping[str, str]) -> SecretTable:
        """These more, each with its name; those that the target granted come last."""
        new = [_Known(name, tuple(_forms(secret)), len(secret) >= WHOLE) for secret, name in secrets.items()]
        known = sorted((*self.known, *new), key=lambda each: each.name == GRANTED)
        keys = (key for each in new for form in each.forms for key in _keys(form))
        return replace(self, known=tuple(known), keys=self.keys.union(keys))

    def find(self, plain: bytes) -> list[Span]:
        """Short secrets as a whole, and runs of 12 bytes or more of others, in text as it is searched."""
        found = [
            Span(*place.span(), mark(each.name, part=True))
            for each in self._short
            for place in re.finditer(re.escape(each.forms[0]), plain)
        ]
        if not all(self.keys.isdisjoint(view) for _, view in _views(plain)):
            found += self._long(plain)
        return found

    @cached_property
    def is_ascii(self) -> bool:
        """Whether no secret has a character outside of ASCII."""
        return all(each.forms[0].isascii() for each in self.known)

    @cached_property
    def _short(self) -> tuple[_Known, ...]:
        short = (each for each in self.known if len(each.forms[0]) < RUN)
        texts = [_plain(text) for text in self.harmless]
        return tuple(each for each in short if not any(each.forms[0] in text for text in texts))

    @cached_property
    def _runs(self) -> dict[bytes, dict[str, None]]:
        """Each run, and the names of the secrets that hold it: tokens made by a pattern share some."""
        runs: dict[bytes, dict[str, None]] = {}
        for secret in self.known:
            for form in secret.forms:
                for run in _windows(form):
                    runs.setdefault(run, {})[secret.name] = None
        return runs

    @cached_property
    def _harmless_runs(self) -> frozenset[bytes]:
        return frozenset(run for text in self.harmless for run in _windows(_plain(text)) if run in self._runs)

    def _long(self, plain: bytes) -> Iterator[Span]:
        """Each place is looked at a fixed number of times."""
        runs, keys = self._runs, self.keys
        hits = sorted(shift + at * _KEY for shift, view in _views(plain) for at, k in enumerate(view) if k in keys)
        end = 0
        for place in hits:
            if place + _KEY <= end:
                continue
            for start in range(max(place - RUN + _KEY, 0), place + 1):
                if plain[start : start + RUN] in runs:
                    end = self._end(plain, start)
                    yield from self._spans(plain, start, end)
                    break

    def _end(self, plain: bytes, start: int) -> int:
        """How far what begins here goes on: whole runs first, then as far as one more reaches."""
        end = start + RUN
        for step in (RUN, 1):
            while plain[end + step - RUN : end + step] in self._runs:
                end += step
        return end

    def _spans(self, plain: bytes, start: int, end: int) -> Iterator[Span]:
        """One span where a secret stands there as a whole, else its parts that are not harmless."""
        guilty: list[tuple[int, int]] = []
        names: dict[str, None] = {}
        for at in range(start, end - RUN + 1):
            run = plain[at : at + RUN]
            if run in self._runs and run not in self._harmless_runs:
                names.update(self._runs[run])
                before = guilty.pop()[0] if guilty and at <= guilty[-1][1] else at
                guilty.append((before, at + RUN))
        long = (secret for secret in self.known if secret.name in names and secret.long)
        whole = [(form, secret.name) for secret in long for form in secret.forms if form in plain[start:end]]
        if whole:
            form, name = max(whole, key=lambda found: (found[1] != GRANTED, len(found[0])))
            first = plain.index(form, start)
            yield Span(min(first, guilty[0][0]), max(first + len(form), guilty[-1][1]), mark(name))
        else:
            yield from (Span(*part, mark(next(iter(names)), part=True)) for part in guilty)


def _plain(text: str) -> bytes:
    return folded(decoded(text.encode("utf-8", "surrogatepass")))


def _forms(secret: str) -> Iterator[bytes]:
    """The secret itself, what is the same in base64 of any text that holds it, and its hex."""
    raw = secret.encode("utf-8", "surrogatepass")
    yield _plain(secret)
    for offset in range(3):
        start, end = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
        yield base64.b64encode(bytes(offset) + raw)[start:end].translate(FOLDED)
    yield raw.hex().encode()


def _keys(form: bytes) -> Iterator[int]:
    return (int.from_bytes(form[at : at + _KEY], sys.byteorder) for at in range(len(form) - _KEY + 1))


def _windows(form: bytes) -> Iterator[bytes]:
    return (form[at : at + RUN] for at in range(len(form) - RUN + 1))


def _views(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """Every fourth window of 8 bytes, as numbers: two views of the same bytes, and where each begins."""
    for shift in (0, 4):
        length = max(len(data) - shift, 0) // _KEY * _KEY
        yield shift, memoryview(data)[shift : shift + length].cast("Q")
