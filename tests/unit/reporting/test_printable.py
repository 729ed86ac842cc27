from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.reporting.printable import Printed, one_line, visible


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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["##vso[task.complete]\n"], "# #vso[task.complete]\n"),
        (["x ##[error]y"], "x # #[error]y"),
        (["##", "teamcity[x]"], "## teamcity[x]"),
        (["::error::x\n", "  ::add-mask::x"], ": :error::x\n  : :add-mask::x"),
        (["a\r::error::x"], "a\r: :error::x"),
        (["a\n:", ":error::x"], "a\n: :error::x"),
        (["test_a.py::test_b ## heading\n"], "test_a.py::test_b ## heading\n"),
        (["\x1b[31;1mred\x1b[0m\x1b[K"], "\x1b[31;1mred\x1b[0m\x1b[K"),
        (["\x1b]0;title\x07\x9b31m\u202e\ud800"], "\\x1b]0;title\\x07\\x9b31m\\u202e\\ud800"),
        (["a s3cret b"], "a *** b"),
    ],
)
def test_nothing_that_is_printed_is_obeyed(written: list[str], shown: str) -> None:
    """Neither by a CI service nor by a terminal, and the filter of secrets has seen all of it."""
    stream = io.StringIO()
    printed = Printed(stream, lambda text: text.replace("s3cret", "***"))
    for text in written:
        assert len(text) == printed.write(text)

    assert shown == stream.getvalue()
    assert not printed.isatty()


def test_a_message_is_one_line_that_is_not_obeyed() -> None:
    """Usage errors hold names of files and of options."""
    assert "a\\n: # #[x]" == one_line("a\n: ##[x]")
    assert ": :error" == one_line("::error")
