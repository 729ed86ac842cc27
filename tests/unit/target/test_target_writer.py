"""What was found is written as a target file that reads back the same."""

from __future__ import annotations

import tomllib

from conformance.model import Owner, State
from conformance.spec import errors, load
from conformance.target import target_file
from conformance.target.discovery import find_out
from conformance.target.target_writer import target_text
from conformance.target.tenant import Tenant
from tests.unit.target.targets import BASE, service


def test_the_file_reads_back_the_same() -> None:
    """All owners of the reference directory with their awkward ids, states and contacts."""
    found = find_out(service(), target_file.parse({}).tenant, load(), BASE, lambda _: None, [])
    read = target_file.parse(tomllib.loads(target_text(found.tenant, BASE, "MY_TOKEN", found.notes)))

    assert read.base_url == BASE
    assert read.sources["user-1"].value == "MY_TOKEN"
    assert _bare(read.tenant) == _bare(found.tenant)


def _bare(tenant: Tenant) -> set[tuple[str | None, ...]]:
    return {
        (
            each.user_id,
            each.user_upn,
            each.group_id,
            each.contact_id,
            each.folder_id,
            each.state,
            str(bool(each.caller)),
        )
        for each in tenant.owners
    }


def test_a_nameless_user_is_kept_by_their_token() -> None:
    """With their contacts; an unknown state is left out, and so is a user with nothing known."""
    owners = (
        Owner("user-1", "user", caller="caller", state=State.PRESENT),
        Owner("user-1.contact-1", "contact", contact_id="c", caller="caller"),
        Owner("user-2", "user", 'a"\\b'),
        Owner("user-3", "user"),
    )
    text = target_text(Tenant(owners), BASE, "T")
    data = tomllib.loads(text)

    assert data["user"] == [{"token": {"env": "T"}, "photo": True, "contacts": [{"id": "c"}]}, {"id": 'a"\\b'}]
    assert errors("target", data) == []


def test_where_no_other_owner_is_known_there_is_a_table_to_fill_in() -> None:
    """As a comment, which the file's readers pass over."""
    text = target_text(Tenant((Owner("user-1", "user", caller="caller", state=State.PRESENT),)), BASE, "T", ("a\nb",))

    assert text.startswith("# a b\n")
    assert "# [[user]]\n# id" in text
    assert list(tomllib.loads(text)) == ["base_url", "user"]
