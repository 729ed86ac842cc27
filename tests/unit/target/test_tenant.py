"""Who can be named by a path, who asks, and who exists nowhere."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from conformance.model import Addressing, CredentialKind, Form, Owner, Shape, State
from conformance.model.probe import AGAIN, PLAIN, RequestKind
from conformance.requirements.selections import BAD_CREDENTIALS, SELECTS
from conformance.spec import load
from conformance.target import target_file
from conformance.target.tenant import Tenant

ADELE = {
    "id": "u/1",
    "upn": "adele#EXT#@contoso.example",
    "token": {"env": "T"},
    "photo": True,
    "contacts": [{"id": "c+/=", "photo": True}, {"id": "c2", "photo": True, "folder": "f'1"}],
}
PEOPLE = {
    "user": [ADELE, {"id": "u2", "photo": False}, {"upn": "zoë@contoso.example", "photo": True}],
    "group": [{"id": "g1", "photo": True}, {"id": "g2"}],
}


def shape(variant: str, form: Form = Form.PHOTO, addressing: Addressing | None = None) -> Shape:
    """A path shape of the first edition."""
    return next(s for s in load().shapes if (s.variant, s.form, s.addressing) == (variant, form, addressing))


def tenant(who: dict[str, object] | None = None) -> Tenant:
    """People as a target file tells of them."""
    return target_file.parse(PEOPLE if who is None else who).tenant


@pytest.mark.parametrize(
    ("variant", "addressing", "labels"),
    [
        ("me", None, ["user-1"]),
        ("user", Addressing.ID, ["user-1"]),
        ("user", Addressing.UPN, ["user-1", "user-3"]),
        ("group", None, ["group-1"]),
        ("me-contact", None, ["user-1.contact-1"]),
        ("user-contact", Addressing.ID, ["user-1.contact-1"]),
        ("me-folder", None, ["user-1.contact-2"]),
        ("user-folder", Addressing.UPN, ["user-1.contact-2"]),
    ],
)
def test_a_path_names_those_who_have_what_it_needs(
    variant: str, addressing: Addressing | None, labels: list[str]
) -> None:
    """/me needs a token, each key its kind; a contact in a folder is asked by its folder, one outside never."""
    found = tenant().named_by(shape(variant, addressing=addressing), State.PRESENT)
    assert [owner.label for owner in found] == labels


def test_owners_of_another_state_are_apart() -> None:
    """Owners without a photo, or of unknown state, are not among those with one."""
    people = tenant()
    assert [owner.label for owner in people.named_by(shape("user", addressing=Addressing.ID), State.ABSENT)] == [
        "user-2"
    ]
    assert [owner.label for owner in people.named_by(shape("group"), State.UNDECLARED)] == ["group-2"]


@pytest.mark.parametrize(
    ("variant", "addressing", "path"),
    [
        ("me", None, "/me/photo/$value"),
        ("user", Addressing.ID, "/users/u%2F1/photo/$value"),
        ("user", Addressing.UPN, f"/users/{quote('adele#EXT#@contoso.example', safe='')}/photo/$value"),
        ("me-contact", None, "/me/contacts/c%2B%2F%3D/photo/$value"),
        ("user-folder", Addressing.ID, "/users/u%2F1/contactfolders/f%271/contacts/c2/photo/$value"),
    ],
)
def test_a_probe_asks_at_the_encoded_path(variant: str, addressing: Addressing | None, path: str) -> None:
    """Each key is one segment of the path, percent-encoded."""
    people, where = tenant(), shape(variant, addressing=addressing)
    (owner, *_) = people.named_by(where, State.PRESENT)
    probe = people.probe(where, owner, PLAIN, State.PRESENT)
    assert probe.target == path
    assert probe.key == f"{where.key}/{owner.label}/plain"
    assert (probe.credential.kind, probe.credential.caller) == (CredentialKind.TOKEN, "user-1")


def test_a_question_shapes_the_probe() -> None:
    """Query, credential and variety are the question's; another caller names the probe."""
    people, where = tenant(), shape("group", Form.METADATA)
    (owner,) = people.named_by(where, State.PRESENT)
    assert people.probe(where, owner, SELECTS[3], State.PRESENT).target == "/groups/g1/photo?$select=width,height"
    keys = {people.probe(where, owner, q, State.PRESENT).key for q in (PLAIN, AGAIN, *SELECTS, *BAD_CREDENTIALS)}
    assert len(keys) == 2 + len(SELECTS) + len(BAD_CREDENTIALS)
    other = people.probe(where, owner, PLAIN, State.SCOPED, caller="identity-1")
    assert (other.key, other.credential.caller) == ("group.metadata/group-1/as-identity-1", "identity-1")


def test_a_contact_is_asked_for_by_its_user() -> None:
    """A user's contacts are asked for with his own token, another's with the default caller's."""
    people = tenant(
        {
            "user": [
                ADELE,
                {"id": "u2", "token": {"env": "B"}, "contacts": [{"id": "c", "photo": True}]},
                {"id": "u3", "contacts": [{"id": "d", "photo": True}]},
            ]
        }
    )
    where = shape("user-contact", addressing=Addressing.ID)
    askers = [people.asker(where, owner) for owner in people.named_by(where, State.PRESENT)]
    assert askers == ["user-1", "user-2", "user-1"]


def test_an_unknown_owner_is_made_for_each_id_in_the_path() -> None:
    """A path of three ids has three nobodies: each has one unknown id among known ones."""
    people = tenant()
    unknown_owners = people.named_by(shape("user-folder", addressing=Addressing.ID), State.UNKNOWN)
    assert [owner.label.rpartition(".")[2] for owner in unknown_owners] == [
        "unknown-user",
        "unknown-folder",
        "unknown-contact",
    ]
    assert [
        (owner.user_id == "u/1", owner.folder_id == "f'1", owner.contact_id == "c2") for owner in unknown_owners
    ] == [
        (False, True, True),
        (True, False, True),
        (True, True, False),
    ]
    assert all(owner.made_up and owner.state is State.UNKNOWN for owner in unknown_owners)
    assert people.named_by(shape("me"), State.UNKNOWN) == []


def test_an_unknown_id_of_the_target_file_is_not_made_up() -> None:
    """What the target file gives as unknown is asked for as it stands, and has to be answered 404."""
    people = tenant({**PEOPLE, "unknown": {"user": "unknown-user", "contact": "no-contact"}})
    given, upn = (people.named_by(shape("user", addressing=a), State.UNKNOWN)[0] for a in Addressing)
    assert (given.user_id, given.user_upn, given.made_up) == ("unknown-user", None, False)
    assert (upn.user_id, upn.made_up) == (None, True)
    assert (upn.user_upn or "").endswith("@contoso.example")


def test_a_path_that_holds_one_invented_id_is_made_up() -> None:
    """Where the rest of the path had to be invented, a target may call it malformed though one id was given."""
    people = tenant({"user": [{"id": "u", "token": {"env": "T"}, "photo": True}], "unknown": {"user": "unknown-user"}})
    user, contact = people.named_by(shape("user-contact", addressing=Addressing.ID), State.UNKNOWN)
    assert (user.user_id, user.made_up, contact.made_up) == ("unknown-user", True, True)
    (plain,) = people.named_by(shape("user", addressing=Addressing.ID), State.UNKNOWN)
    assert not plain.made_up


def test_invented_ids_are_the_same_throughout_a_run() -> None:
    """What the suite makes up depends on nothing but the domain of the users known."""
    one, other = (tenant().named_by(shape("group"), State.UNKNOWN) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("where", load("observed").shapes, ids=lambda where: where.key)
def test_every_path_of_every_edition_can_be_asked(where: Shape) -> None:
    """Without any owner there is still somebody to ask for, on each path shape."""
    empty = tenant({})
    owner = empty.any_owner(where)
    assert empty.probe(
        where, owner, RequestKind("no-token", credential=CredentialKind.NONE), State.NO_CREDENTIALS
    ).target


def test_a_kind_of_owner_belongs_to_each_path() -> None:
    """A path is about a user, a group or a contact."""
    kinds = {shape.variant: shape.operation.kind for shape in load().shapes}
    assert kinds == {
        "me": "user",
        "user": "user",
        "group": "group",
        "me-contact": "contact",
        "user-contact": "contact",
        "me-folder": "contact",
        "user-folder": "contact",
    }


def test_learning_keeps_everything_else() -> None:
    """What is learnt of owners changes owners alone."""
    people = tenant()
    learnt = people.with_owners([Owner("x", "user")])
    assert learnt.owners == (Owner("x", "user"),)
    assert (learnt.callers, learnt.default) == (people.callers, people.default)
