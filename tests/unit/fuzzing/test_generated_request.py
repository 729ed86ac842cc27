"""Drawn requests as data."""

from __future__ import annotations

from conformance.fuzzing.generated_request import Drawn, dump, load


def test_what_is_told_is_what_was_drawn() -> None:
    """A drawn request comes back equal from JSON, which is ASCII."""
    every = [
        Drawn("getUserPhoto", 1, "unicode", "user-id", "\x00\u05d0\U000e0110'"),
        Drawn("getMyPhoto", 2, "accept", headers=(("Accept", "a/b;q=0"), ("X", ""))),
        Drawn("getMyPhoto", 3, "option-empty", query="$select="),
    ]

    assert load(dump(every)) == every
    assert dump(every).isascii()
