"""From a path's keys to the holder of the photo."""

from __future__ import annotations

import pytest

from conformance import spec
from conformance.model import Form
from conformance.reference.default_tenant import ADELE, CLIENTS, FORMER, GROUPS, MEGAN, default_tenant
from conformance.reference.entities import User
from conformance.reference.service import Holder, Missing, find

DIRECTORY = default_tenant()
FILED = next(contact for contact in ADELE.contacts if contact.folder == CLIENTS)
DEEP = next(contact for contact in ADELE.contacts if contact.folder == FORMER)


def found(variant: str, *keys: str, caller: User | None = None) -> Holder | Missing:
    """Who holds the photo at a path with these keys."""
    operation = next(o for o in spec.load("observed").operations if (o.variant, o.form) == (variant, Form.PHOTO))
    named = dict(zip(operation.keys.values(), keys, strict=True))
    return find(DIRECTORY, operation, named, caller)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (("me",), "megan"),
        (("user", ADELE.upn), "adele"),
        (("group", GROUPS[0].id), "design"),
        (("team", GROUPS[0].id), "design"),
        (("user-folder", ADELE.id, CLIENTS, FILED.id), "adele.filed"),
        (("user-child-folder", ADELE.id, CLIENTS, FORMER, DEEP.id), "adele.former"),
    ],
)
def test_a_path_leads_to_its_holder(path: tuple[str, ...], key: str) -> None:
    """Each kind of path leads to the owner that it names; `/me` to the caller."""
    holder = found(*path, caller=MEGAN)
    assert isinstance(holder, Holder)
    assert (key, key != "megan") == (holder.key, holder.photo is not None)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (("me",), "Request_ResourceNotFound"),
        (("user", "unknown@contoso.example"), "Request_ResourceNotFound"),
        (("group", ADELE.id), "Request_ResourceNotFound"),
        (("team", GROUPS[2].id), "Request_ResourceNotFound"),
        (("user-contact", MEGAN.id, FILED.id), "ErrorItemNotFound"),
        (("user-contact", ADELE.id, FILED.id), "ErrorItemNotFound"),
        (("user-folder", ADELE.id, FORMER, FILED.id), "ErrorItemNotFound"),
        (("user-child-folder", ADELE.id, FORMER, CLIENTS, FILED.id), "ErrorItemNotFound"),
    ],
)
def test_a_path_to_an_unknown_owner_says_so(path: tuple[str, ...], code: str) -> None:
    """A wrong id, another's contact and another folder's contact are missing, with the code of their kind."""
    missing = found(*path)
    assert isinstance(missing, Missing)
    assert missing.code == code
