"""As few people as the contract can be judged by."""

from __future__ import annotations

from dataclasses import replace

from conformance.reference.default_tenant import default_directory
from conformance.reference.entities import Directory


def few(edition: str = "v1.0-2016") -> Directory:
    """As few owners and callers as have every path shape in every state."""
    people = default_directory(edition=edition)
    chosen = {"User.Read", "Contacts.Read", "Mail.Read"}
    callers = tuple(who for who in people.identities if who.main or who.user is None or who.scopes <= chosen)
    return replace(people, users=people.users[:2], groups=people.groups[:2], identities=callers)
