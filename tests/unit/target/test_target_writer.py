"""What was found is written as a target file that reads back the same."""

from __future__ import annotations

import tomllib

from conformance.model import Owner, State
from conformance.spec import load
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


def test_a_nameless_user_is_left_out() -> None:
    """A target file cannot say who he is; an unknown state is left out too."""
    owners = (Owner("user-1", "user", caller="caller", state=State.PRESENT), Owner("user-2", "user", 'a"\\b'))
    text = target_text(Tenant(owners), BASE, "T")

    assert tomllib.loads(text) == {"base_url": BASE, "user": [{"id": 'a"\\b'}]}
