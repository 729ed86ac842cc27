"""conformance/spec/paths.py"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model import Operation
from conformance.spec import EDITIONS, Edition, expand, load
from conformance.spec.paths import match

PIECES = ["", ".", "..", "%", "%2", "%zz", "%ff", "?", "me", "photo", "users", "users('a'", "('')", "$value"]
values = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def landed(raw_path: str, edition: str = EDITIONS[0]) -> tuple[str, dict[str, str]] | None:
    """The operation and the values that a path leads to."""
    found = load(edition).match(raw_path)
    return (found.operation.id, dict(found.params)) if found else None


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("plain-._~9", "plain-._~9"),
        ("a+b'c@d/e=f#g%h i", "a%2Bb%27c%40d%2Fe%3Df%23g%25h%20i"),
        ("jörg", "j%C3%B6rg"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("...", "..."),
        ("$value", "%24value"),
        ("\ud800", "%3F"),
    ],
)
def test_a_value_becomes_exactly_one_segment(value: str, segment: str) -> None:
    """All but unreserved characters are percent-encoded, and so are dot segments."""
    assert expand("/users/{user-id}/photo/$value", {"user-id": value}) == f"/users/{segment}/photo/$value"


@pytest.mark.parametrize(("params", "error"), [({}, KeyError), ({"user-id": ""}, ValueError)])
def test_a_value_that_is_missing_or_empty_is_refused(params: dict[str, str], error: type[Exception]) -> None:
    """A template is never expanded to a path of another shape."""
    with pytest.raises(error):
        expand("/users/{user-id}/photo", params)


@settings(deadline=None)
@given(st.sampled_from(load("observed").operations), st.data())
def test_what_is_expanded_is_matched(operation: Operation, data: st.DataObject) -> None:
    """Whatever the values are, the path leads back to the operation and to them."""
    params = {name: data.draw(values, name) for name in operation.keys}

    found = load("observed").match(expand(operation.template, params))

    assert found is not None
    assert (operation, params) == (found.operation, found.params)


@settings(deadline=None)
@given(st.text(st.characters()) | st.lists(st.sampled_from(PIECES)))
def test_no_path_makes_matching_raise(path: str | list[str]) -> None:
    """A path of any text is either matched or it is not."""
    contract: Edition = load("observed")

    found = contract.match(path if isinstance(path, str) else "/".join(path))

    assert found is None or found.operation in contract.operations


@pytest.mark.parametrize(
    ("path", "operation", "params"),
    [
        ("/me/photo", "getMyPhotoMetadata", {}),
        ("/me/photo?$select=id", "getMyPhotoMetadata", {}),
        ("/ME/Photo/$VALUE", "getMyPhoto", {}),
        ("/me/photo/%24value", "getMyPhoto", {}),
        ("/me/contactFolders/F/contacts/C%3D/photo", "getMyFolderContactPhotoMetadata",
         {"contactFolder-id": "F", "contact-id": "C="}),
        ("/users/A%2fb+c/photo", "getUserPhotoMetadata", {"user-id": "A/b+c"}),
        ("/users/me/photo", "getUserPhotoMetadata", {"user-id": "me"}),
        ("/users/%ff%zz/photo", "getUserPhotoMetadata", {"user-id": "\ufffd%zz"}),
    ],
)  # fmt: skip
def test_words_fit_in_any_case_and_values_keep_theirs(path: str, operation: str, params: dict[str, str]) -> None:
    """Path words have no case, percent-encoding is undone segment by segment, and a plus is a plus."""
    assert landed(path) == (operation, params)


@pytest.mark.parametrize(
    ("path", "operation", "params"),
    [
        ("/users('o''neil@x')/photo", "getUserPhotoMetadata", {"user-id": "o'neil@x"}),
        ("/Users(%27a%2Fb%27)/photo/$value", "getUserPhoto", {"user-id": "a/b"}),
        ("/groups(id='g')/photo", "getGroupPhotoMetadata", {"group-id": "g"}),
        ("/users('u')/contactfolders('f')/contacts('c')/photo", "getUserFolderContactPhotoMetadata",
         {"user-id": "u", "contactFolder-id": "f", "contact-id": "c"}),
        ("/users('u')/contacts/c/photo", "getUserContactPhotoMetadata", {"user-id": "u", "contact-id": "c"}),
        ("/users/other('u')/photo", "getUserPhotoMetadata", {"user-id": "other('u')"}),
    ],
)  # fmt: skip
def test_keys_in_parentheses_are_taken(path: str, operation: str, params: dict[str, str]) -> None:
    """The key form of OData leads to the same operation; quotes inside are doubled."""
    assert landed(path) == (operation, params)


@pytest.mark.parametrize(
    ("path", "operation", "contact"),
    [
        ("/me/contacts/AA/B+/C=/photo", "getMyContactPhotoMetadata", "AA/B+/C="),
        ("/me/contacts/A//B/photo/$value", "getMyContactPhoto", "A//B"),
        ("/users/u/contactfolders/f/contacts/A/B/photo", "getUserFolderContactPhotoMetadata", "A/B"),
        ("/users/u/contactfolders/f/g/contacts/A/B/photo", "getUserFolderContactPhotoMetadata", "A/B"),
    ],
)
def test_bare_slashes_in_a_contacts_id_are_taken(path: str, operation: str, contact: str) -> None:
    """Between `contacts` and `photo` all segments are the contact's id."""
    found = load().match(path)

    assert found is not None
    assert (operation, contact) == (found.operation.id, found.params["contact-id"])


@pytest.mark.parametrize(
    "path",
    ["", "/", "//", "/me", "/me/photo/", "//me/photo", "/users//photo", "/me/contacts//photo", "/me%2Fphoto",
     "/users/a/b/photo", "/me/photos", "/teams/t/photo", "/me/photo/$value/x"],
)  # fmt: skip
def test_other_paths_lead_nowhere(path: str) -> None:
    """A path that no template fits is matched by none."""
    assert landed(path) is None


@pytest.mark.parametrize(
    ("path", "operation"),
    [("/me/photos", "getMyPhotoSizesMetadata"), ("/users/u/photos/48x48/$value", "getUserPhotoOfSize")],
)
def test_later_editions_have_more_paths(path: str, operation: str) -> None:
    """The paths that an edition adds are matched in that edition."""
    found = load("v1.0-2023").match(path)

    assert found is not None
    assert found.operation.id == operation


def test_without_operations_nothing_is_matched() -> None:
    """No operations, no match."""
    assert match((), "/me/photo") is None
