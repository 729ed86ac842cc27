"""From a path's keys to the holder of the photo."""

from __future__ import annotations

import pytest

from conformance import spec
from conformance.model import Form, State
from conformance.reference.default_tenant import ADELE, CLIENTS, FORMER, GROUPS, MEGAN, default_tenant
from conformance.reference.owners import Holder, Missing, find, steps

DIRECTORY = default_tenant()
FILED = next(contact for contact in ADELE.contacts if contact.folder == CLIENTS)
DEEP = next(contact for contact in ADELE.contacts if contact.folder == FORMER)


def test_steps_pair_words_with_their_keys() -> None:
    """An operation's path falls into words in lower case, each with the key after it."""
    operation = spec.load().operation("user-folder", Form.PHOTO)
    params = dict(zip(operation.parameters, ("u", "f", "c"), strict=True))
    wanted = [("users", "u"), ("contactfolders", "f"), ("contacts", "c"), ("photo", None), ("$value", None)]
    assert wanted == list(steps(operation, params))


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ({"me": None}, "megan"),
        ({"users": ADELE.upn}, "adele"),
        ({"groups": GROUPS[0].id}, "design"),
        ({"teams": GROUPS[0].id}, "design"),
        ({"users": ADELE.id, "contactfolders": CLIENTS, "contacts": FILED.id}, "adele.filed"),
        ({"users": ADELE.id, "contactfolders": CLIENTS, "childfolders": FORMER, "contacts": DEEP.id}, "adele.former"),
    ],
)
def test_a_path_leads_to_its_holder(path: dict[str, str | None], key: str) -> None:
    """Each kind of path leads to the owner whom it names; `/me` to the caller."""
    found = find(DIRECTORY, path, MEGAN)
    assert isinstance(found, Holder)
    assert (key, State.ABSENT if key == "megan" else State.PRESENT) == (found.key, found.state)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ({"me": None}, "Request_ResourceNotFound"),
        ({"users": "nobody@contoso.example"}, "Request_ResourceNotFound"),
        ({"groups": ADELE.id}, "Request_ResourceNotFound"),
        ({"teams": GROUPS[2].id}, "Request_ResourceNotFound"),
        ({"users": MEGAN.id, "contacts": FILED.id}, "ErrorItemNotFound"),
        ({"users": ADELE.id, "contacts": FILED.id}, "ErrorItemNotFound"),
        ({"users": ADELE.id, "contactfolders": FORMER, "contacts": FILED.id}, "ErrorItemNotFound"),
        (
            {"users": ADELE.id, "contactfolders": FORMER, "childfolders": CLIENTS, "contacts": FILED.id},
            "ErrorItemNotFound",
        ),
    ],
)
def test_a_path_to_nobody_says_so(path: dict[str, str | None], code: str) -> None:
    """A wrong id, another's contact and another folder's contact are missing, with the code of their kind."""
    assert Missing(code) == find(DIRECTORY, path, None)
