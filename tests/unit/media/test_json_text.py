"""Bytes as JSON: strictly, in bounds, and never an exception."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.media import NotRead
from conformance.media.json_text import MAX_BYTES, MAX_DEPTH, MAX_VALUES, NotJson, cleaned, read

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_every_json_value_is_read(value: object) -> None:
    """What is JSON is read as what it says."""
    assert read(json.dumps(value).encode()) == value
    assert read(
        json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    ) == value or "\\ud" in json.dumps(value)


@given(st.binary(max_size=200))
def test_reading_never_raises(body: bytes) -> None:
    """Whatever the bytes, the answer is a value or a reason."""
    found = read(body)
    assert not isinstance(found, NotJson) or found.why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "an empty body"),
        (b" \r\n", "an empty body"),
        (b"\xef\xbb\xbf{}", "a byte order mark"),
        (b'{"id":"\xff"}', "not UTF-8 at byte 7"),
        ('{"id":1}'.encode("utf-16"), "UTF-16, not JSON"),
        (gzip.compress(b"{}"), "gzip that no Content-Encoding announces, not JSON"),
        (b"GIF89a\xff", "a GIF, not JSON"),
        (b'{"width":NaN}', "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b'{"a":1,"a":1}', "'a' stands twice"),
        (b'{"x":{"b":1,"c":2,"b":3}}', "'b' stands twice"),
        (b"{} {}", "not JSON"),
        (b"{'id':1}", "not JSON"),
        (b'{"id":"1', "not JSON"),
        (b"<html></html>", "an HTML page"),
        (b"\xff\xd8\xff\xe0", "a JPEG, not JSON"),
        (b"[" * 40_000, "begins with '[' and ends with '['"),
        (b"[" * 200_000 + b"]" * 200_000 + b"x", "begins with '[' and ends with 'x'"),
        (b"<html>" + b" " * MAX_BYTES + b"</html>", "an HTML page"),
        (b'{"x":"' + b"x" * MAX_BYTES, "begins with '{' and ends with 'x'"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * MAX_DEPTH, "not JSON"),
    ],
)
def test_what_is_no_json_is_reported(body: bytes, why: str) -> None:
    """Why a body is no JSON text is said in one phrase."""
    found = read(body)
    assert isinstance(found, NotJson)
    assert why in found.why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[" * 40_000 + b"]" * 40_000, f"nested more than {MAX_DEPTH} deep"),
        (b"[" * 200_000 + b"]" * 200_000, f"more than {MAX_VALUES} values"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), f"nested more than {MAX_DEPTH} deep"),
        (b"[" + b"1," * MAX_BYTES + b"1]", f"more than {MAX_BYTES}"),
        (b' {"x":"' + b"x" * MAX_BYTES + b'"}\n', f"more than {MAX_BYTES}"),
        (b'"' + b"x" * MAX_BYTES + b'"', f"more than {MAX_BYTES}"),
    ],
)
def test_json_past_the_limits_is_not_read(body: bytes, why: str) -> None:
    """What RFC 8259 allows, and the limits here do not, is neither a value nor said to be no JSON."""
    found = read(body)
    assert isinstance(found, NotRead)
    assert why in found.why


def test_json_within_the_limits_is_read() -> None:
    """The deepest text that is read is read."""
    assert not isinstance(read(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH), NotJson | NotRead)


def test_a_number_of_many_digits_is_read() -> None:
    """Ten thousand digits are a number, and raise nothing."""
    assert read(b"9" * 10_000) == float("inf")
    assert read(b"1e999") == float("inf")
    assert read(b"240.0") == 240


def test_many_names_take_no_time() -> None:
    """Tens of thousands of names, the last one twice, are looked through once."""
    body = b"{" + b",".join(b'"%d":1' % number for number in range(49_000)) + b',"x":1,"x":1}'
    started = time.process_time()
    assert isinstance(read(body), NotJson)
    assert time.process_time() - started < 2


def test_strings_are_cleaned_wherever_they_stand() -> None:
    """A text in a list, a member or a name is cleaned in the value that has it; what has none stays the same object."""
    values = [{"a": [1, None, ("x", "the secret")]}, {"a secret": True}, {"b": "\ud800"}]
    found = cleaned(values, lambda text: text.replace("secret", "mark"))
    assert found == [{"a": [1, None, ["x", "the mark"]]}, {"a mark": True}, {"b": "\ud800"}]
    assert cleaned(values, str) is values
