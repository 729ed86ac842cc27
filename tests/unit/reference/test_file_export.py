"""The reference directory as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance import spec
from conformance.model import Form
from conformance.reference.default_tenant import default_tenant
from conformance.reference.file_export import export

BASE = "http://127.0.0.1:8080/v1.0"
DIRECTORY = default_tenant()


@pytest.mark.parametrize("edition", spec.EDITIONS)
def test_every_path_of_the_index_is_in_the_contract_and_has_its_file(tmp_path: Path, edition: str) -> None:
    """Each path of the index leads to an operation, and to a picture or to JSON of that operation's form."""
    count = export(DIRECTORY, edition, BASE, tmp_path)
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    assert count == len(index)
    for path, name in index.items():
        match = spec.load(edition).match(path)
        assert match is not None
        assert (match.operation.form is Form.PHOTO) == name.startswith("pictures/")
        assert (tmp_path / name).stat().st_size > 0


def test_pictures_are_the_owners(tmp_path: Path) -> None:
    """The picture below an owner's path is that owner's, and metadata says its size."""
    export(DIRECTORY, "v1.0-2016", BASE, tmp_path)
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    for user in DIRECTORY.users:
        path = spec.expand("/users/{u}/photo", {"u": user.upn})
        metadata = json.loads((tmp_path / index[path]).read_bytes())
        assert metadata["width"] == (user.photo.width if user.photo else 1)
        picture = index.get(f"{path}/$value")
        assert (user.photo.data if user.photo else None) == (picture and (tmp_path / picture).read_bytes())


def test_me_has_a_context_of_its_own(tmp_path: Path) -> None:
    """The file for `/me/photo` is not that of `/users/{id}/photo`."""
    export(DIRECTORY, "v1.0-2016", BASE, tmp_path)
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    assert "#Me/photo" in (tmp_path / index["/me/photo"]).read_text("utf-8")
    assert {"target.toml", "tokens.env", "index.json"} <= {file.name for file in tmp_path.iterdir()}
