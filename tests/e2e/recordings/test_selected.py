"""What an app asks for beside the suite's own requests: any selection of properties, any size of a photo."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.e2e.recordings.invented import (
    BASE,
    INES,
    Entry,
    document,
    got,
    jwt,
    metadata,
    photo,
    picture,
    properties,
    seen,
    target,
)

BOTH = [properties("/me", INES), photo("/me", INES)]
SELECTED = ("option.select-returns-properties", "me.metadata.present/user-1")


def selected(names: str, *lost: str) -> Entry:
    """The metadata with the properties that these names select, but for what is lost."""
    wanted = [name.strip() for name in unquote(names).split(",") if name not in lost]
    return got(f"/me/photo?%24select={names}", 200, {name: metadata(INES)[name] for name in wanted})


def test_any_selection_that_was_asked_for_is_evaluated(tmp_path: Path) -> None:
    """An app selects what it needs, and nothing else."""
    found = document(tmp_path, [selected("width,id"), selected("id,height,width"), *BOTH], target(INES))

    assert seen(found)[SELECTED] == "conforms"


@pytest.mark.parametrize("names", ["id", "width,id", "height,id,width", "height%2Cid", "width,%20id"])
def test_each_property_of_a_selection_is_due(names: str, tmp_path: Path) -> None:
    """In any order, however the names are encoded."""
    found = document(tmp_path, [selected(names, "id", " id"), *BOTH], target(INES))

    assert seen(found)[SELECTED] == "violates"


@pytest.mark.parametrize(("names", "outcome"), [("height,id", "violates"), ("id,%20width", None), ("id,a", None)])
def test_a_selection_that_is_refused_is_a_fault_where_it_is_none_of_the_askers(
    names: str, outcome: str | None, tmp_path: Path
) -> None:
    """OData has no blanks between names, and a service need not know every one."""
    error = {"error": {"code": "BadRequest", "message": "not known"}}
    found = document(tmp_path, [got(f"/me/photo?$select={names}", 400, error), *BOTH], target(INES))

    assert seen(found).get(SELECTED) == outcome


def test_a_photo_in_one_size_is_evaluated_as_any(tmp_path: Path) -> None:
    """Without a list of sizes, and without the photo itself."""
    entries = [got("/me/photos/48x48/$value", 200, b"junk"), got(f"/users/{INES}/photos/64X64", 200, metadata(INES))]
    found = seen(document(tmp_path, entries, target(INES)))

    assert found["picture.is-a-picture", "me-size.photo.present/user-1.size-48x48"] == "violates"
    assert found["metadata.is-json", "user-size.metadata.id.present/user-1.size-64x64"] == "conforms"


def test_a_size_that_there_is_none_of_is_no_fault(tmp_path: Path) -> None:
    """The app asked for a size on the off chance."""
    error = {"error": {"code": "ErrorInvalidImageId", "message": "no such size"}}
    found = document(tmp_path, [got("/me/photos/96x96/$value", 404, error), *BOTH], target(INES))

    assert found["counts"]["violates"] == 0


def sizes(*names: str, **more: str) -> Entry:
    """A list of the sizes of the user's photo."""
    items = [{"id": name, "width": 48, "height": 48} for name in names]
    return got("/me/photos", 200, {"value": items, **more})


NO_SIZE = {"error": {"code": "ErrorInvalidImageId", "message": "no such size"}}
LISTED = [got("/me/photos/48x48/$value", 200, picture(INES)), sizes("48x48", "64X64")]


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [([404], "conforms"), ([400, 404], "conforms"), ([403], "violates"), ([404] * 5 + [200], "violates")],
)
def test_a_size_that_the_recorded_list_lacks_is_refused(statuses: list[int], outcome: str, tmp_path: Path) -> None:
    """Each that the app asked for is the request of a size that is none, whatever comes first in the file."""
    asked = [got(f"/me/photos/{n}x{n}/$value", status, NO_SIZE) for n, status in enumerate(statuses, 40)]
    entries = json.dumps([*asked, got("/me/photos/40x40", 404, NO_SIZE), *LISTED, *BOTH])
    token = f"Bearer {jwt(oid=INES, scp='User.Read')}"
    found = document(tmp_path, json.loads(entries.replace("Bearer AAA", token)), target(INES))

    assert seen(found)["sizes.unknown-size-is-refused", "me-size.photo.present/user-1.size-48x48"] == outcome
    assert {name for (name, _), each in seen(found).items() if each == "violates"} <= {"sizes.unknown-size-is-refused"}


@pytest.mark.parametrize(
    "a_list", [sizes(), sizes("none"), sizes("64x64", **{"@odata.nextLink": f"{BASE}/me/photos?$skip=1"})]
)
def test_a_list_that_does_not_give_all_sizes_says_of_none_that_it_is_none(a_list: Entry, tmp_path: Path) -> None:
    """A size that came is a size."""
    found = document(tmp_path, [LISTED[0], a_list, *BOTH], target(INES))

    assert seen(found)["picture.is-a-picture", "me-size.photo.present/user-1.size-48x48"] == "conforms"
    assert "sizes.unknown-size-is-refused" not in {name for name, _ in seen(found)}
