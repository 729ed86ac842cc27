"""Header field values: media types and entity-tags."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.media.header_fields import is_entity_tag, media_type, weakly_equal


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("application/json", "application/json"),
        ("Application/JSON;ODATA.metadata=minimal", "application/json"),
        ('  image/jpeg ; name="a;b\\"" ', "image/jpeg"),
        ("image/svg+xml", "image/svg+xml"),
        ("text/html, application/json", None),
        ("json", None),
        ("image/", None),
        ("image/jpeg x", None),
        ("", None),
        (None, None),
    ],
)
def test_a_media_type_is_read_without_parameters(value: str | None, wanted: str | None) -> None:
    """Type and subtype are given in lower case, and nothing where the value has another form."""
    assert media_type(value) == wanted


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"é\\,;"', '"' + "a" * 5000 + '"'])
def test_an_entity_tag_is_quoted(tag: str) -> None:
    """A quoted tag is one, weak or strong."""
    assert is_entity_tag(tag)


@pytest.mark.parametrize("tag", ["", '""', 'W/""', "1", 'w/"1"', '"a b"', '"a"b"', '"1"\n', 'W/ "1"'])
def test_what_is_no_entity_tag_is_none(tag: str) -> None:
    """An empty, unquoted or wrongly marked tag is none."""
    assert not is_entity_tag(tag)


def test_tags_are_compared_weakly() -> None:
    """The mark of weakness does not count, and nothing else is forgiven."""
    assert weakly_equal('W/"1"', '"1"')
    assert weakly_equal(' "1" ', 'W/"1"')
    assert not weakly_equal('"1"', '"I"')
    assert not weakly_equal('"a"', '"A"')


@given(st.text())
def test_reading_never_raises(value: str) -> None:
    """Whatever the text, the answers are answers."""
    assert media_type(value) is None or "/" in value
    assert is_entity_tag(value) in (True, False)


def test_long_values_take_no_time() -> None:
    """Sixteen million characters are looked at within seconds."""
    started = time.process_time()
    for value in ("a" * 16_000_000, " " * 16_000_000 + "x", '"' + "a" * 16_000_000):
        assert media_type(value) is None
        assert not is_entity_tag(value)
    assert time.process_time() - started < 6
