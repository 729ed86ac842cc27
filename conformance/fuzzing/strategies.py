"""Odd texts, as strategies by name.

None is built on `st.text`, which builds tables of Unicode on disk when it is first used.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Text = SearchStrategy[str]

LONGEST = 1500
"""Characters of a long text: every server should take an address of 8000 octets (RFC 9110 4.1)."""


def _several(parts: Sequence[str], least: int, most: int, between: str = "") -> Text:
    return st.lists(st.sampled_from(parts), min_size=least, max_size=most).map(between.join)


_LETTERS = "abcdefghijkmnopqrstuvwxyz0123456789-"


def _spelt(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


PLAIN = st.integers(10**8, 10**14).map(_spelt)
"""Plain letters, so many that nobody on any target is called so; one number is drawn faster than ten letters."""


def _among(*cores: str) -> Text:
    """One of these between plain letters, before them, or after them."""
    core = st.sampled_from(cores)
    return st.one_of(
        *(st.tuples(*parts).map("".join) for parts in ((PLAIN, core, PLAIN), (core, PLAIN), (PLAIN, core)))
    )


def _foreign() -> Text:
    """Letters of other scripts, astral and combining ones too; no surrogates."""
    ranges = ((0xA1, 0x17F), (0x300, 0x36F), (0x5D0, 0x5EA), (0x4E00, 0x9FA5), (0x1F300, 0x1F64F), (0xE0100, 0xE01EF))
    letter = st.one_of(*(st.integers(first, last) for first, last in ranges)).map(chr)
    return st.lists(letter, min_size=1, max_size=12).map("".join)


def _long() -> Text:
    return st.tuples(PLAIN, st.integers(LONGEST // 4, LONGEST)).map(lambda drawn: (drawn[0] * LONGEST)[: drawn[1]])


_ODD: dict[str, Text] = {
    "quote": _among("'", "''", "' or '1'='1", "'\"", '"', "`", "')"),
    "slash": _among("/", "//", "/photo/", "/b/c", "\\"),
    "percent": _among("%", "%%", "%2", "%zz", "%41", "%2F", "%00", "%25", "%u0041"),
    "dots": _among("...", "..", ".", "....", ".;", ". ."),
    "unicode": _foreign(),
    "blank": _among(" ", "  ", "\u00a0", "\u200b", "\u2003", " \t "),
    "bracket": _among("{", "}", "{0}", "{{x}}", "[0]", "<b>", "(1)", "${x}", "<!--", "(')')"),
    "word": st.sampled_from(
        ("null", "undefined", "NaN", "true", "-1", "1e309", "$value", "$count", "$ref", "__proto__")
    ),
    "delimiter": _among("+", "=", "&", "?", "#", ";", ",", ":", "*", "|", "@", "^", "~", "!", "a=b&c=d", "?$select=id"),
}
_RANGES = (
    "application/json", "image/*", "*/*;q=0.001", "text/html", 'application/x-odd;v="1"', "image/webp;q=0.0",
    "application/json;odata.metadata=full", "application/json;odata.metadata=none;q=0", "a/b;c=d;q=0.5",
    "application/xml",
)  # fmt: skip

STRATEGIES: dict[str, Text] = {
    **_ODD,
    "any": st.one_of(*_ODD.values()),
    "dot-segment": st.sampled_from(("..", ".", "../..", "./.", "..\\..")),
    "long": _long(),
    "control": _among("\x00", "\n", "\r\n", "\t", "\x1b[31m", "\x7f", "\x01", "\r\nX-Odd: 1"),
    "guest": st.tuples(PLAIN, PLAIN).map(lambda names: f"{names[0]}_{names[1]}.example#EXT#@nowhere.invalid"),
    "names": _several(("id", "width", "height", "@odata.mediaEtag", "id/width"), 60, 200, ","),
    "visible": st.one_of(_several(_LETTERS + '{}()<>@,;:\\"/[]?=', 1, 40), PLAIN.map(lambda text: text * 20)),
    "media-range": st.one_of(st.sampled_from(_RANGES), PLAIN.map(lambda text: f"{text}/{text}")),
    "media-ranges": _several(_RANGES, 2, 30, ", "),
    "languages": _several(("xx-klingon;q=0.001", "*;q=0", "de-DE-1996", "i-default;q=1.000"), 1, 6, ", "),
    "preferences": _several(("return=minimal", "odata.maxpagesize=0", 'x="a, b"; y=1', "odd"), 1, 5, ", "),
}
