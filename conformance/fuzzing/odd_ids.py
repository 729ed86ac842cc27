"""Ids that are odd and allowed, as the formats `directory-key` and `mailbox-key` of the description.

Text of every kind that servers have stumbled over. None is the id of anything: each holds letters enough.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Text = SearchStrategy[str]

LONGEST = 1500
"""Characters of a long id: every server should take a URL of 8000 octets (RFC 9110 4.1)."""
_LETTERS = "abcdefghijkmnopqrstuvwxyz0123456789-"
_CORES = (
    ("'", "' or '1'='1", '"', "')"),
    ("/", "//", "/photo/", "\\"),
    ("%", "%zz", "%41", "%2F", "%00", "%u0041"),
    ("...", "..", ".;"),
    (" ", "\u00a0", "\u200b", " \t "),
    ("{0}", "{{x}}", "[0]", "<b>", "(1)", "${x}"),
    ("+", "=", "&", "?", "#", ";", ",", ":", "*", "|", "@", "^", "~", "!", "a=b&c=d", "?$select=id"),
    ("\x00", "\n", "\r\n", "\x1b[31m", "\x7f"),
)
_WORDS = ("null", "undefined", "NaN", "true", "-1", "1e309", "$value", "$count", "$ref", "__proto__")
_SCRIPTS = ((0xA1, 0x17F), (0x300, 0x36F), (0x5D0, 0x5EA), (0x4E00, 0x9FA5), (0x1F300, 0x1F64F), (0xE0100, 0xE01EF))


def _spelled(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number, len(_LETTERS))
        letters += _LETTERS[letter]
    return letters


_PLAIN = st.integers(10**8, 10**14).map(_spelled)
"""So many letters that nothing on any target is called so; one number is drawn faster than ten letters."""
_AROUND = tuple(st.tuples(_PLAIN, st.sampled_from(cores), st.sampled_from(("", "end"))) for cores in _CORES)
_FOREIGN = st.lists(st.one_of(*(st.integers(*script) for script in _SCRIPTS)).map(chr), min_size=1, max_size=12)
_LONG = st.tuples(_PLAIN, st.integers(LONGEST // 4, LONGEST)).map(lambda pair: (pair[0] * LONGEST)[: pair[1]])
_GUEST = st.tuples(_PLAIN, _PLAIN).map(lambda names: f"{names[0]}_{names[1]}.example#EXT#@nowhere.invalid")

MAILBOX_KEY: Text = st.one_of(
    *(around.map("".join) for around in _AROUND), _FOREIGN.map("".join), st.sampled_from(_WORDS), _GUEST, _LONG
)
DIRECTORY_KEY: Text = st.one_of(MAILBOX_KEY, st.sampled_from(("..", ".", "../..", "./.", "..\\..")))
"""Dot segments too. A contact's may be resolved away (RFC 3986 6.2.2), which leads to its user's own photo."""
