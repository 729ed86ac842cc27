"""JSON read a part at a time: of a file of any size, one member or element is in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

MOST_WAITING = 128 * 1024**2
"""Characters of one member or element: a body of 16 MiB, each byte of it escaped, has 96 Mi."""
MOST_HELD = 128 * 1024**2
"""Bytes that its strings, numbers, objects and lists take, about: `{},` takes 72."""
_STEP = 1024**2
_UNSUSPICIOUS = 4 * 1024**2
"""Characters that take less, whatever they say."""
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_WEIGHTS = {"[": 64, "{": 64, ",": 32, '"': 28}
_IN_NUMBER = "e+"
"""So much of a number may be left at the end of what was read, and be no number yet."""
_BLANKS = re.compile(r"[ \t\n\r]*+")
_NAMES = {"{": "a JSON object", "[": "a list"}
_CLOSING = {"{": "}", "[": "]"}
_decoded = json.JSONDecoder().raw_decode


class JsonStream:
    """Reads forward through a text. `read` returns the next characters, up to a number of them; none at the end.

    ValueError, or RecursionError where it is nested too deep: it is no JSON, or not what was expected.
    """

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._text = ""
        self._at = 0
        self._before = 0
        """Characters of the file before those that are in memory."""

    def parts(self, opening: str, what: str) -> Iterator[None]:
        """Stop before each member of an object or each element of a list, which is then to be read."""
        if self._sign() != opening:
            raise ValueError(f"{what} is not {_NAMES[opening]}")
        self._at += 1
        sign = "," if self._sign() != _CLOSING[opening] else self._taken()
        while sign == ",":
            yield
            sign = self._taken()
        if sign != _CLOSING[opening]:
            raise ValueError(f"expected a comma or {_CLOSING[opening]} at character {self._before + self._at - 1}")

    def members(self, what: str) -> Iterator[str]:
        """The name of each member of an object, whose value is then to be read."""
        for _ in self.parts("{", what):
            name = self.value()
            if not isinstance(name, str) or self._taken() != ":":
                raise ValueError(f"expected a name and a colon at character {self._before + self._at - 1}")
            yield name

    def value(self) -> object:
        """The value that follows."""
        self._sign()
        while True:
            self._check()
            wrong = None
            try:
                value, end = _decoded(self._text, self._at)
            except json.JSONDecodeError as error:
                wrong, value, end = f"{error.msg}: character {self._before + error.pos}", None, len(self._text)
            if len(self._text) - end <= len(_IN_NUMBER):
                end -= self._at
                if self._more():
                    continue  # a number may go on, and everything else may be whole now
            if wrong:
                raise ValueError(wrong)
            self._at = end
            return value

    def end(self) -> None:
        """Nothing but blanks may follow."""
        if self._sign():
            raise ValueError(f"extra data at character {self._before + self._at}")

    def _taken(self) -> str:
        sign = self._sign()
        self._at += 1
        return sign

    def _sign(self) -> str:
        """The next character that is no blank, which is where the reader stands now."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _more(self) -> bool:
        """Read as much again as is waiting, so that a long value is begun a few times only; False at the end."""
        waiting = self._text[self._at :]
        if len(waiting) >= MOST_WAITING:
            raise ValueError(f"one entry or member has more than {MOST_WAITING // 2**20} MiB")
        more = self._read(min(max(_STEP, len(waiting)), MOST_WAITING - len(waiting)))
        self._before += self._at
        self._text, self._at = waiting + more, 0
        return bool(more)

    def _check(self) -> None:
        """What waits is not so much that decoding it would fill the memory."""
        if len(self._text) - self._at <= _UNSUSPICIOUS or _weight(self._text) <= MOST_HELD:
            return
        if _weight(_STRING.sub('""', self._text[self._at :])) > MOST_HELD:
            raise ValueError("one entry or member has too many values")


def _weight(text: str) -> int:
    return sum(weight * text.count(sign) for sign, weight in _WEIGHTS.items())
