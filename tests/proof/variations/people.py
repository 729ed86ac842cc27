"""The fewest users with which the contract can be evaluated."""

from __future__ import annotations

from dataclasses import replace

from conformance.reference.default_tenant import default_tenant
from conformance.reference.entities import MockTenant


def few(edition: str = "v1.0-2016") -> MockTenant:
    """As few owners and callers as have every path shape in every state."""
    people = default_tenant(edition=edition)
    adele, megan, *_ = people.users
    adele = replace(adele, contacts=tuple(one for one in adele.contacts if one.key != "adele.square"))
    megan = replace(megan, contacts=megan.contacts[:1])
    chosen = {"User.Read", "Contacts.Read", "Mail.Read"}
    callers = tuple(who for who in people.identities if who.main or who.user is None or who.scopes <= chosen)
    return replace(people, users=(adele, megan), groups=people.groups[:2], identities=callers)
