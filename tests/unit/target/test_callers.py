"""What tokens claim goes into the directory where the target file does not say."""

from __future__ import annotations

import pytest

from conformance.model import Caller, Owner, State
from conformance.spec import load
from conformance.target.discovery import closed, informed, with_me
from conformance.target.tenant import Tenant

ADELE = Owner("user-1", "user", "87d3", caller="user-1", state=State.PRESENT)


def tenant(*callers: Caller, owners: tuple[Owner, ...] = (ADELE,), default: str = "user-1") -> Tenant:
    return Tenant(owners, callers, default, tuple(one.label for one in callers if one.label.startswith("identity")))


def test_claims_fill_what_the_file_leaves_open() -> None:
    """Scopes, and for an identity without a user whose token it is; only for the callers named."""
    claims = Caller("", frozenset({"User.Read"}), "87d3", "adele@contoso.example")
    before = tenant(Caller("identity-1", app_only=True), Caller("identity-2", app_only=True))
    after = informed(before, ["identity-1"], lambda _: claims)

    assert after.callers[0] == Caller("identity-1", claims.scopes, "87d3", "adele@contoso.example")
    assert after.callers[1] == before.callers[1]


def test_what_the_file_says_wins() -> None:
    """Scopes and user of the target file are not changed by a claim."""
    result = Caller("identity-1", frozenset({"Mail.Read"}), user_upn="a@b.example")

    assert informed(tenant(result), ["identity-1"], lambda _: Caller("", frozenset({"X"}), "c")).callers == (result,)


def test_an_applications_token_has_no_me() -> None:
    """The user whose token turns out to be an application's is asked for as any other."""
    after = informed(tenant(Caller("user-1")), ["user-1"], lambda _: Caller("", app_only=True))

    assert after.owners[0].caller is None
    assert after.callers[0].app_only


def test_a_recordings_callers_stand_in_for_their_tokens() -> None:
    """A replay knows what the tokens claimed."""
    caller = Caller("user-1", frozenset({"User.Read"}), "87d3", app_only=False)

    assert informed(tenant(Caller("user-1")), ["user-1"], {"user-1": caller}.get).callers == (caller,)
    assert informed(tenant(Caller("user-1")), ["user-1"], lambda _: None).callers == (Caller("user-1"),)


OTHER = Owner("user-2", "user", "48d3", state=State.ABSENT)
GROUP = Owner("group-1", "group", group_id="02bd")


@pytest.mark.parametrize(
    ("scopes", "owners", "refused", "kinds"),
    [
        (None, (ADELE,), (), set()),
        (None, (ADELE,), ("group",), {"group"}),
        ({"User.Read"}, (ADELE,), (), {"user", "group", "contact"}),
        ({"User.Read", "Contacts.Read"}, (ADELE,), (), {"user", "group"}),
        ({"access_as_user"}, (ADELE, OTHER), (), {"group", "contact"}),
        (None, (ADELE, OTHER, GROUP), ("user", "group"), {"group"}),
    ],
)
def test_a_kind_is_closed_by_what_was_answered_and_by_scopes(
    scopes: set[str] | None, owners: tuple[Owner, ...], refused: tuple[str, ...], kinds: set[str]
) -> None:
    """An owner whose photo could be asked for opens his kind, whatever the token claims."""
    caller = Caller("user-1", frozenset(scopes) if scopes is not None else None)

    assert closed(tenant(caller, owners=owners), load(), refused) == kinds


def test_a_user_who_is_added_to_a_sample_gets_a_label_of_their_own() -> None:
    """Of a sample some numbers are missing, and a contact may be there without its user."""
    sample = tenant(owners=(Owner("user-3", "user", "c"), Owner("user-4.contact-1", "contact", "d", contact_id="e")))
    added = with_me(sample, Caller("caller", user_id="b")).owners[-1]

    assert (added.label, added.user_id, added.caller) == ("user-5", "b", "user-1")
