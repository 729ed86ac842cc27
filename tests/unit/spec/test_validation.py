"""conformance/spec/validation.py, and what the schemas of the contract accept and refuse."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.spec import SchemaError, errors, load
from conformance.spec.files import schema
from conformance.spec.validation import json_path, shown

EXAMPLES = load().document["components"]["examples"]
WITH_PHOTO: dict[str, Any] = EXAMPLES["withPhoto"]["value"]
WITHOUT_PHOTO: dict[str, Any] = EXAMPLES["withoutPhoto"]["value"]
NOT_FOUND: dict[str, Any] = EXAMPLES["notFound"]["value"]

ROOT = "https://graph.microsoft.com/v1.0"
LOWER = {**WITH_PHOTO, "id": "240x240"}
LOWER_PLACEHOLDER = {**WITHOUT_PHOTO, "id": "1x1"}
OBSERVED = {name: value for name, value in WITH_PHOTO.items() if name != "@odata.id"} | {
    "id": "default",
    "@odata.context": f"{ROOT}/$metadata#users('ddfcd489-628b-7d04-b48b-20075df800e5')/photo/$entity",
    "@odata.mediaEtag": 'W/"' + "a1" * 32 + '"',
    "width": 648,
    "height": 432,
}


@pytest.mark.parametrize(
    ("name", "defs", "value"),
    [
        ("profilephoto", None, WITH_PHOTO),
        ("profilephoto", None, {**WITH_PHOTO, "more": [1]}),
        ("profilephoto", None, {**WITH_PHOTO, "width": 240.0}),
        ("profilephoto", "edition2023", LOWER),
        ("profilephoto", "edition2023", WITH_PHOTO),
        ("profilephoto", "observed", OBSERVED),
        ("profilephoto", "selected", {"id": "240X240"}),
        ("profilephoto", "selected", WITHOUT_PHOTO),
        ("profilephoto", "collection", {"value": [LOWER, {"id": "48x48", "width": 48, "height": 48}]}),
        ("placeholder", None, WITHOUT_PHOTO),
        ("placeholder", "edition2023", LOWER_PLACEHOLDER),
        ("error", None, NOT_FOUND),
    ],
)
def test_what_is_shown_is_valid(name: str, defs: str | None, value: object) -> None:
    """The page's two samples, and what later editions show, are as the schemas ask."""
    assert errors(f"{name}#/$defs/{defs}" if defs else name, value) == []


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("profilephoto", WITHOUT_PHOTO, ["$['@odata.mediaEtag']"]),
        ("profilephoto", LOWER, ["$['id']"]),
        ("profilephoto", OBSERVED, ["$['@odata.id']", "$['id']"]),
        ("placeholder", WITH_PHOTO, [f"$['{name}']" for name in list(WITH_PHOTO)[2:]]),
        ("placeholder", LOWER_PLACEHOLDER, ["$['id']"]),
        ("error", {"error": {"code": "", "message": "m"}, "more": 1}, ["$", "$['error']['code']"]),
    ],
)
def test_what_is_otherwise_is_found_at_its_place(name: str, value: object, at: list[str]) -> None:
    """Each thing that is not as it should be is found, at its own place and at no other."""
    assert [error.at for error in errors(name, value)] == at


@pytest.mark.parametrize(
    ("notion", "good", "bad"),
    [
        ("nonEmptyString", ["x"], ["", 1, None]),
        ("int32", [1, 240.0, -1, 2**31 - 1], [True, "240", 240.5, 2**31, 10**5000, float("inf"), None]),
        ("positive", [1, 240], [0, -1]),
        ("sizeId", ["240X240", "1X1"], ["240x240", "240X240\n", "0X1", "X", "\u0661X1", "", 240]),
        ("sizeIdAnyCase", ["240X240", "240x240"], ["240*240", "default"]),
        (
            "contextUrl",
            [f"{ROOT}/$metadata#Me/photo/$entity", "$metadata#users('a')/photo/$entity", "../$metadata#photo/$entity",
             "/v1.0/%24metadata#groups('x')/photo/%24entity", OBSERVED["@odata.context"]],
            ["", "photo/$entity", f"{ROOT}/$metadata", f"{ROOT}/$metadata#Me/photo", f"{ROOT}/#Me/photo/$entity",
             f"{ROOT}/$metadata#Me/nophoto/$entity", "javascript:$metadata#photo/$entity", 5,
             f"{ROOT}/$metadata#Me/photo/$entity\n"],
        ),
        (
            "photoUrl",
            [WITH_PHOTO["@odata.id"], "users('a')/photo", "/v1.0/me/photo", f"{ROOT}/me/photo?x=1"],
            ["", "photo", f"{ROOT}/me/photos", f"{ROOT}/me/photo/", "javascript:/photo", f"{ROOT}/a b/photo", 5],
        ),
        (
            "pictureMediaType",
            ["image/jpeg", "image/Jpeg", "IMAGE/svg+xml", "image/png; q=1"],
            ["", "image", "image/", "image/*", "text/html", "image/png\n", " image/png", 5],
        ),
        ("entityTag", ['"BA09D118"', 'W/"a"', '"\u00e9"'],
         ["", "BA09D118", '""', 'W/""', 'w/"a"', '"a"b"', '"a b"', 5]),
        (
            "unwrapped",
            [WITH_PHOTO, {"width": None}, {"d": {}, "id": "x"}],
            [[WITH_PHOTO], {"value": [WITH_PHOTO]}, {"value": WITH_PHOTO}, {"d": WITH_PHOTO}, "x", None, {}],
        ),
    ],
)  # fmt: skip
def test_each_notion_is_evaluated_by_itself(notion: str, good: list[object], bad: list[object]) -> None:
    """A definition accepts what its clause accepts, and says nothing of other clauses."""
    assert [value for value in good if errors(f"profilephoto#/$defs/{notion}", value)] == []
    assert [value for value in bad if not errors(f"profilephoto#/$defs/{notion}", value)] == []


def test_all_definitions_have_words_for_people() -> None:
    """What is expected is said in the schema's own words, so each notion that is checked has a title."""
    result = [errors(f"profilephoto#/$defs/{name}", object()) for name in ("int32", "entityTag")]

    assert [error.wanted for found in result for error in found] == [
        "an integer of 32 bits",
        "a quoted entity-tag, weak or strong",
    ]


def test_an_error_says_where_what_and_what_instead() -> None:
    """Place, wish, and JSON text of what was got, with the keyword that found it."""
    assert errors("placeholder", {**WITHOUT_PHOTO, "@odata.mediaEtag": "FFFF"}) == [
        SchemaError(("@odata.mediaEtag",), '"", the empty string', '"FFFF"', "const")
    ]


def test_a_missing_member_is_reported_at_its_own_place() -> None:
    """Each missing member is one error, at the place where it should be."""
    assert errors("profilephoto#/$defs/collected", {"id": "a"}) == [
        SchemaError(("width",), "property `width`", "missing", "required"),
        SchemaError(("height",), "property `height`", "missing", "required"),
    ]


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [nested(200_000), 10**5000, float("nan"), "\ud800", "/photo" * 100_000, [[]] * 100_000],
    ids=["deep", "huge", "nan", "surrogate", "long", "wide"],
)
def test_hostile_values_are_errors_and_never_crashes(value: object) -> None:
    """Whatever the value, at the top or inside, it is found wanting in short text."""
    found = errors("profilephoto", value) + errors("profilephoto", dict.fromkeys(WITH_PHOTO, value))

    assert len(found) > 1
    assert all(len(error.got) <= 200 for error in found)


def test_the_number_of_errors_is_bounded() -> None:
    """A file that is wrong in a million places tells a hundred of them."""
    assert len(errors("target", {f"key{n}": n for n in range(10_000)})) == 100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*WITH_PHOTO, "error", "value", "d"]), inner),
)


@settings(deadline=None)
@given(json_values, st.sampled_from(["profilephoto", "placeholder", "error", "target", "verdicts", "deviations"]))
def test_no_json_value_makes_validation_raise(value: object, name: str) -> None:
    """Every JSON value is either valid or found wanting."""
    assert all(isinstance(error, SchemaError) for error in errors(name, value))


def test_a_definition_that_is_not_there_is_reported() -> None:
    """A name that the schema does not define raises a KeyError."""
    with pytest.raises(KeyError, match="nothing"):
        errors("profilephoto#/$defs/nothing", {})


def test_every_definition_can_be_asked_for() -> None:
    """All references inside the schemas lead somewhere."""
    for name in ("profilephoto", "placeholder", "error", "target", "verdicts", "deviations"):
        for defs in schema(name)["$defs"]:
            assert isinstance(errors(f"{name}#/$defs/{defs}", {"id": 1}), list)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
)


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
    assert json_path(path) == text
