"""The reference directory as a target file, and as files for a mock's author."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from conformance import spec
from conformance.model import Form
from conformance.reference.default_tenant import ADELE, LEE, default_tenant
from conformance.reference.target_export import env_file, export, target_file_text, tokens

BASE_URL = "http://127.0.0.1:8080/v1.0"
PEOPLE = default_tenant()
DIRECTORY = default_tenant(3)
TARGET = tomllib.loads(target_file_text(DIRECTORY, "http://127.0.0.1:1/v1.0", "observed"))


def test_the_target_file_lists_all_owners() -> None:
    """Users with their contacts, groups, callers and unknown ids stand in the file, awkward names unharmed."""
    assert (TARGET["base_url"], TARGET["edition"]) == ("http://127.0.0.1:1/v1.0", "observed")
    assert [user.upn for user in DIRECTORY.users] == [user["upn"] for user in TARGET["user"]]
    assert [group.id for group in DIRECTORY.groups] == [group["id"] for group in TARGET["group"]]
    assert {"user", "upn", "group", "contact", "folder"} == set(TARGET["unknown"])


def test_photos_are_listed_with_their_digest() -> None:
    """A photo is listed with its SHA-256, and none is false."""
    adele = TARGET["user"][0]
    assert ADELE.photo is not None
    assert {"sha256": ADELE.photo.sha256} == adele["photo"]
    assert [contact.photo is None for contact in ADELE.contacts] == [
        contact["photo"] is False for contact in adele["contacts"]
    ]


def test_callers_are_listed_with_their_scopes() -> None:
    """The callers of the permission chapter have their scopes; an application has no user."""
    identities = TARGET["identity"]
    assert {"user": ADELE.id, "token": {"env": "ADELE_USER_READ_TOKEN"}, "scopes": ["User.Read"]} in identities
    assert [identity["token"]["env"] for identity in identities if "user" not in identity] == ["APP_TOKEN"]


def test_tokens_stand_in_the_environment_alone() -> None:
    """No token stands in the target file; each variable that it names has one."""
    text = target_file_text(DIRECTORY, "http://127.0.0.1:1/v1.0", "v1.0-2016")
    assert not any(token in text for token in tokens(DIRECTORY).values())
    named = {entry["token"]["env"] for entry in [*TARGET["user"], *TARGET["identity"]] if "token" in entry}
    assert named == {line.partition("=")[0] for line in env_file(DIRECTORY).splitlines()}


def test_a_user_without_contacts_has_none_in_the_file() -> None:
    """Only users with contacts have the key, and a folder is named where there is one."""
    lee = next(user for user in TARGET["user"] if user["id"] == LEE.id)
    assert ["folder" in contact for contact in lee["contacts"]] == [False, True]
    assert "contacts" not in TARGET["user"][-1]


@pytest.mark.parametrize("edition", spec.EDITIONS)
def test_every_path_of_the_index_is_in_the_contract_and_has_its_file(tmp_path: Path, edition: str) -> None:
    """Each path of the index leads to an operation, and to a picture or to JSON of its form; no operation is left out.

    So a mock that serves the index and nothing else has all that the edition asks for.
    """
    asked = set()
    count = export(default_tenant(edition=edition), edition, BASE_URL, tmp_path)
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    assert count == len(index)
    for path, name in index.items():
        match = spec.load(edition).match(path)
        assert match is not None
        asked.add(match.operation.id)
        assert (match.operation.form is Form.PHOTO) == name.startswith("pictures/")
        assert (tmp_path / name).stat().st_size > 0
    assert asked == {operation.id for operation in spec.load(edition).operations}


def test_pictures_are_the_owners(tmp_path: Path) -> None:
    """The picture below an owner's path is that owner's, and metadata says its size."""
    export(PEOPLE, "v1.0-2016", BASE_URL, tmp_path)
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    for user in PEOPLE.users:
        path = spec.expand("/users/{u}/photo", {"u": user.upn})
        metadata = json.loads((tmp_path / index[path]).read_bytes())
        assert metadata["width"] == (user.photo.width if user.photo else 1)
        picture = index.get(f"{path}/$value")
        assert (user.photo.data if user.photo else None) == (picture and (tmp_path / picture).read_bytes())


def test_me_has_a_context_of_its_own(tmp_path: Path) -> None:
    """The file for `/me/photo` is not that of `/users/{id}/photo`."""
    export(PEOPLE, "v1.0-2016", BASE_URL, tmp_path)
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    assert "#Me/photo" in (tmp_path / index["/me/photo"]).read_text("utf-8")
    assert {"target.toml", "tokens.env", "index.json"} <= {file.name for file in tmp_path.iterdir()}
