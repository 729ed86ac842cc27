from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from conformance.reporting.printable import visible


def test_controls_become_escapes() -> None:
    """What moves a cursor, turns a line round or is half a character is written out."""
    assert visible("a\x1b[31m\x9b\u202e\u2028\ud800\x00") == "a\\x1b[31m\\x9b\\u202e\\u2028\\ud800\\x00"


def test_lines_stay_only_where_they_are_asked_for() -> None:
    """A line feed is text in a body and an escape in a sentence; a lone carriage return is never kept."""
    assert visible("a\r\nb\rc\td") == "a\\r\\nb\\rc\\td"
    assert visible("a\r\nb\rc\td", lines=True) == "a\nb\\rc\td"


def test_long_text_is_cut_with_a_mark() -> None:
    """The limit counts the mark of what was left out."""
    assert visible("abcdef", 4) == "abc…"
    assert visible("abcd", 4) == "abcd"


@given(st.text(st.characters(codec=None, categories=None)), st.none() | st.integers(1, 40))
def test_nothing_unseen_is_left(text: str, limit: int | None) -> None:
    """Whatever comes, the answer can be encoded, is no longer than asked, and holds no control character."""
    shown = visible(text, limit)
    shown.encode("utf-8")
    assert limit is None or len(shown) <= limit
    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Cs")]
