"""Odd texts: odd, and lawful where they shall stand."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from conformance.fuzzing.oddities import IDS, QUESTIONS
from conformance.fuzzing.strategies import LONGEST
from conformance.spec import EDITIONS
from tests.unit.fuzzing.odd import drawn

MANY = pytest.mark.parametrize("edition", EDITIONS)


@MANY
def test_an_id_is_one_segment_of_bearable_length(edition: str) -> None:
    """An odd id is not empty, can be encoded, and no server has to refuse its length (RFC 9110 4.1: 8000 octets)."""
    ids = [one.value for one in drawn(edition, 12, 3) if one.value is not None]

    assert all(ids)
    assert max(len(quote(value, safe="")) for value in ids) <= LONGEST


@MANY
def test_a_query_is_lawful(edition: str) -> None:
    """A query holds what RFC 3986 lets it hold, whole escapes among them, and no more than it may be long."""
    queries = [one.query for one in drawn(edition, 12, 3) if one.query]

    assert queries
    assert all(re.fullmatch(r"(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+", query, re.ASCII) for query in queries)
    assert max(map(len, queries)) < 8 * LONGEST


@MANY
def test_a_header_field_is_lawful(edition: str) -> None:
    """A header's value is visible ASCII with blanks inside alone, and Accept is a list of media ranges."""
    fields = [field for one in drawn(edition, 12, 3) for field in one.headers]
    accepts = [value for name, value in fields if name == "Accept"]

    assert all(re.fullmatch(r"[!-~]([ -~]*[!-~])?", value) for _, value in fields)
    assert accepts
    assert all(
        re.fullmatch(r'[\w*.+-]+/[\w*.+-]+(;[\w.]+=("[^"]*"|[\w.]+))*', part) for v in accepts for part in v.split(", ")
    )


def test_everything_is_drawn() -> None:
    """In a hundred requests or so each oddity comes up."""
    assert {one.oddity for one in drawn("v1.0-2016", 12, 3)} == {oddity.name for oddity in (*IDS, *QUESTIONS)}
