"""The reference directory as a target file."""

from __future__ import annotations

import tomllib

from conformance.reference.default_tenant import ADELE, LEE, default_tenant
from conformance.reference.target_export import env_file, target_file_text, tokens

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
