"""conformance/spec/overlay.py"""

from typing import Any

import pytest

from conformance.spec.overlay import apply

DOCUMENT: dict[str, Any] = {
    "info": {"title": "t", "version": "1"},
    "tags": [{"name": "a"}, {"name": "b"}],
    "paths": {"/me/photo": {"get": {"tags": ["a"]}}, "/x": {"get": {"tags": ["b"]}}},
}


def applied(*actions: dict[str, Any]) -> dict[str, Any]:
    """The document after these actions."""
    return apply(DOCUMENT, {"actions": actions})


def test_an_object_is_merged() -> None:
    """What the update says is put in, what it does not name stays."""
    assert applied({"target": "$.info", "update": {"version": "2"}})["info"] == {"title": "t", "version": "2"}


def test_an_array_is_appended_to() -> None:
    """An update of an array is one more entry."""
    assert applied({"target": "$.tags", "update": {"name": "c"}})["tags"][2:] == [{"name": "c"}]


def test_objects_inside_are_merged_and_arrays_inside_are_extended() -> None:
    """Merging goes all the way down."""
    changed = applied({"target": "$.paths", "update": {"/x": {"get": {"tags": ["c"], "summary": "s"}}, "/y": {}}})

    assert changed["paths"]["/x"] == {"get": {"tags": ["b", "c"], "summary": "s"}}
    assert list(changed["paths"]) == ["/me/photo", "/x", "/y"]


@pytest.mark.parametrize("target", ["$.paths['/me/photo'].get.tags", "$['paths']['/me/photo']['get'].tags"])
def test_a_target_may_be_spelt_in_several_ways(target: str) -> None:
    """Names with a dot and in brackets are understood."""
    assert applied({"target": target, "update": "new"})["paths"]["/me/photo"]["get"]["tags"] == ["a", "new"]


@pytest.mark.parametrize("target", ["$.paths['/me/photo', '/x'].get.tags", "$.paths.*.get.tags"])
def test_several_places_are_changed_at_once(target: str) -> None:
    """A target that selects several places, or all members of an object, changes each of them."""
    changed = applied({"target": target, "update": "new"})

    assert [item["get"]["tags"][-1] for item in changed["paths"].values()] == ["new", "new"]


@pytest.mark.parametrize(
    ("target", "tags"),
    [("$.tags[0]", [{"name": "b"}]), ("$.tags[0, 1]", []), ("$.tags.*", []), ("$.tags[1].name", [{"name": "a"}, {}])],
)
def test_what_a_target_selects_is_removed(target: str, tags: list[Any]) -> None:
    """Members and entries are removed, several at once too."""
    assert applied({"target": target, "remove": True})["tags"] == tags


def test_actions_are_done_in_order_on_a_copy() -> None:
    """A later action sees what an earlier one did, and the document given stays as it was."""
    changed = applied({"target": "$", "update": {"new": {}}}, {"target": "$.new", "update": {"x": 1}})

    assert changed["new"] == {"x": 1}
    assert "new" not in DOCUMENT


@pytest.mark.parametrize(
    "action",
    [
        {"target": "$.nothing", "remove": True},
        {"target": "$.tags[7]", "remove": True},
        {"target": "$.info"},
        {"target": "info", "remove": True},
        {"target": "$..name", "remove": True},
        {"target": "$.tags[?@.name=='a']", "remove": True},
        {"target": "$.info.title", "update": {"x": 1}},
        {"target": "$.info[*]", "remove": True},
    ],
)
def test_an_action_that_cannot_be_done_is_reported(action: dict[str, Any]) -> None:
    """A target that is not understood, or that leads nowhere, is an error and not a silence."""
    with pytest.raises(ValueError, match=r"overlay|JSONPath"):
        applied(action)
