"""conformance/spec/wording.py"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.spec.wording import place, shown

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
)


def nested(depth: int) -> object:
    """A list in a list in a list."""
    value: object = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "ä\n\"'", [], {}, [1, {"a": [None]}], {"a": 1, "b": "x"}])
def test_a_small_value_is_its_json_text(value: object) -> None:
    """A value that is short and sound is shown as the JSON text that it is."""
    assert json.loads(shown(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 300, '"' + "x" * 198 + "…"),
        (nested(200_000), "[[[[[[[[[…]]]]]]]]]"),
        (10**5000, "an integer of about 5001 digits"),
        (float("inf"), "Infinity"),
        (float("nan"), "NaN"),
        ("\ud800", '"\\ud800"'),
    ],
    ids=["long", "deep", "huge", "infinite", "nan", "surrogate"],
)
def test_a_value_that_is_huge_deep_or_odd_is_cut_short(value: object, text: str) -> None:
    """Nothing that a parser can give is too much."""
    assert shown(value) == text


@settings(deadline=None)
@given(anything)
def test_no_value_is_shown_in_more_than_the_cap(value: object) -> None:
    """The text is at most as long as its cap, and can be written as UTF-8."""
    text = shown(value, 50)

    assert 0 < len(text) <= 50
    assert text.encode("utf-8")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ([], "$"),
        (["@odata.mediaEtag"], "$['@odata.mediaEtag']"),
        (["value", 0, "it's"], "$['value'][0]['it\\'s']"),
        (["a\nb\\"], "$['a\\nb\\\\']"),
        (["\ud800"], "$['\\ud800']"),
    ],
)
def test_a_place_is_a_normalized_json_path(path: list[str | int], text: str) -> None:
    """Names stand in single quotes, with JSON's escapes."""
    assert place(path) == text
