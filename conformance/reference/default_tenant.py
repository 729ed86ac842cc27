"""The default tenant: a few people with awkward names, enough for every cell of the contract.

Each of the two signed-in users has contacts with and without a photo, in a folder and outside; one of the two has a
photo and the other none. Every name, id and token here is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import spec
from .entities import Contact, Folder, Group, Identity, MockTenant, User
from .generated_pictures import Photo

CLIENTS = "AAMkAGI2TGuLAAA/folder+clients="
FORMER = "AAMkAGI2TGuLAAA+former_clients="

ADELE = User(
    key="adele",
    id="87d349ed-44d7-43e1-9a83-5f2406dee5bd",
    upn="adele@contoso.example",
    name="Adele Vance",
    photo=Photo("adele", 240, 240),
    folders=(
        Folder(CLIENTS, "Clients"),
        Folder(FORMER, "Former", parent=CLIENTS),
        Folder("AAMkAGI2TGuLAAA-empty_1=", "Empty"),
    ),
    contacts=(
        Contact("adele.tall", "AAMkAGI2/T+uL-AAA_1=", "Tall Picture", Photo("adele.tall", 200, 320)),
        Contact("adele.square", "AAMkAGI2TGuLAAA-2=", "Square Picture", Photo("adele.square", 96, 96, "image/png")),
        Contact("adele.none", "AAMkAGI2/TGuL/AAA3==", "No Picture"),
        Contact("adele.filed", "AAMkAGI2+filed/+4=", "Filed", Photo("adele.filed", 64, 64, "image/png"), CLIENTS),
        Contact("adele.filed-none", "AAMkAGI2_filed-5=", "Filed, No Picture", None, CLIENTS),
        Contact("adele.former", "AAMkAGI2_former/6=", "Former", Photo("adele.former", 120, 90), FORMER),
        Contact("adele.former-none", "AAMkAGI2+former-7=", "Former, No Picture", None, FORMER),
    ),
)

MEGAN = User(
    key="megan",
    id="48d31887-5fad-4d73-a9f5-3c356e68a038",
    upn="megan.o'bowen+work@contoso.example",
    name="Megan O'Bowen",
    folders=(Folder("AAMkAGM5/friends_1=", "Friends"),),
    contacts=(
        Contact("megan.one", "AAMkAGM5/+one=", "One", Photo("megan.one", 120, 120)),
        Contact("megan.none", "AAMkAGM5-none_2=", "None"),
        Contact("megan.filed", "AAMkAGM5+three=", "Three", Photo("megan.filed", 360, 360), "AAMkAGM5/friends_1="),
        Contact("megan.filed-none", "AAMkAGM5/four/=", "Four", None, "AAMkAGM5/friends_1="),
    ),
)

LEE = User(
    key="lee",
    id="626cbf8c-5dde-46b0-8385-9e40d64736fe",
    upn="lee_fabrikam.example#EXT#@contoso.example",
    name="Lee Gu (guest)",
    photo=Photo("lee", 48, 48, "image/png"),
    folders=(Folder("AAMkAGU7/lee=", "Lee's"),),
    contacts=(
        Contact("lee.one", "AAMkAGU7/one+1=", "Lee's One", Photo("lee.one", 432, 432)),
        Contact("lee.filed-none", "AAMkAGU7_two-2=", "Lee's Two", None, "AAMkAGU7/lee="),
    ),
)

PERCY = User(
    key="percy", id="40079818-3808-4585-903b-02605f061225", upn="percy+100%25@contoso.example", name="Percy 100%25"
)

ZOE = User(
    key="zoe",
    id="4782e723-f4f4-4af3-a76e-25e3bab0d896",
    upn="zoë.grün@contoso.example",
    name="Zoë Grün",
    photo=Photo("zoe", 648, 648),
)

GROUPS = (
    Group("design", "02bd9fd6-8f93-4758-87c3-1fb73740a315", "Design", Photo("design", 504, 504), team=True),
    Group("sales", "06f62f70-9827-4e6e-93ef-8e0f2d9b7b23", "Sales", team=True),
    Group("garden", "0a53828f-36c9-44c3-be3d-99a7fce977ac", "Garden", Photo("garden", 96, 96)),
)


def default_tenant(more_users: int = 0, edition: str = spec.EDITIONS[0]) -> MockTenant:
    """The people above, and so many made-up users by number after them; a caller for each scope of the edition."""
    flow = spec.load(edition).document["components"]["securitySchemes"]["microsoft"]["flows"]["authorizationCode"]
    return MockTenant(
        users=(ADELE, MEGAN, LEE, PERCY, ZOE, *made_up(more_users)),
        groups=GROUPS,
        identities=tuple(_identities(tuple(flow["scopes"]))),
    )


def single_user(tenant: MockTenant) -> MockTenant:
    """The signed-in user alone, with the groups: for a mock that cannot tell callers apart."""
    user = tenant.default()
    own = (identity for identity in tenant.identities if identity.main and identity.user == user.id)
    return replace(tenant, users=(user,), identities=tuple(own))


def made_up(count: int) -> Iterator[User]:
    """Users 1 … count by formula, every third without a photo, the others sharing four small pictures."""
    pictures = [Photo(f"shared-{number}", 48, 48) for number in range(4)]
    for number in range(1, count + 1):
        yield User(
            key=f"user-{number}",
            id=f"{number:08x}-0000-4000-8000-{number:012x}",
            upn=f"user{number}@contoso.example",
            name=f"User {number}",
            photo=pictures[number % 4] if number % 3 else None,
        )


def _identities(scopes: tuple[str, ...]) -> Iterator[Identity]:
    """Two users with every scope, a caller with each scope alone, two with none that matters, and an application."""
    yield Identity("ADELE_TOKEN", frozenset(scopes), ADELE.id)
    yield Identity("MEGAN_TOKEN", frozenset(scopes), MEGAN.id)
    for scope in scopes:
        name = "ADELE_" + scope.replace(".", "_").upper() + "_TOKEN"
        yield Identity(name, frozenset({scope}), ADELE.id, main=False)
    for key, user in (("ADELE", ADELE), ("MEGAN", MEGAN)):  # one with a photo, one without
        yield Identity(f"{key}_MAIL_READ_TOKEN", frozenset({"Mail.Read"}), user.id, main=False)
    yield Identity("APP_TOKEN", frozenset({"User.Read.All", "Group.Read.All", "Contacts.Read"}), main=False)
