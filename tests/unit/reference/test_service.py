"""The pure service: every operation, every state of an owner, every kind of caller."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from conformance import spec
from conformance.model import Addressing, Answer, CredentialKind, Form, Place, Shape, State
from conformance.reference.default_tenant import (
    ADELE,
    CLIENTS,
    GROUPS,
    LEE,
    MEGAN,
    default_tenant,
)
from conformance.reference.entities import MockTenant, Unknown
from conformance.reference.generated_pictures import Photo
from conformance.reference.lists import CONTACT_SCOPES, GROUP_SCOPES, OWN_SCOPES, USER_SCOPES
from conformance.reference.responses_sent import ServiceRequest, Stamp
from conformance.reference.service import Service
from tests.unit.reference.owners import PHOTOS

Ask = Callable[..., tuple[Place | None, Answer]]
UNKNOWN = Unknown()
DIRECTORY = default_tenant()


def key_path(shape: Shape, state: State) -> str:
    """A path of that shape to an owner in that state, as its user's own caller would ask."""
    user = MEGAN if (shape.variant, state) == ("me", State.ABSENT) else ADELE
    named = user.upn if shape.addressing is Addressing.UPN else user.id
    if shape.variant == "user" and state is not State.PRESENT:
        named = named_without(shape, state)
    folder = CLIENTS if "folder" in shape.variant else None
    values = {
        "user-id": named,
        "group-id": {State.PRESENT: GROUPS[0].id, State.ABSENT: GROUPS[1].id, State.UNKNOWN: UNKNOWN.group}[state],
        "contact-id": contact_id(folder, state),
        "contactFolder-id": CLIENTS,
    }
    return spec.expand(shape.operation.template, {name: values[name] for name in shape.operation.keys})


def named_without(shape: Shape, state: State) -> str:
    by_upn = shape.addressing is Addressing.UPN
    if state is State.UNKNOWN:
        return UNKNOWN.upn if by_upn else UNKNOWN.user
    return MEGAN.upn if by_upn else MEGAN.id


def contact_id(folder: str | None, state: State) -> str:
    if state is State.UNKNOWN:
        return UNKNOWN.contact
    wanted = state is State.PRESENT
    return next(c.id for c in ADELE.contacts if c.folder == folder and (c.photo is not None) is wanted)


def caller_of(shape: Shape, state: State) -> str:
    return "MEGAN_TOKEN" if (shape.variant, state) == ("me", State.ABSENT) else "ADELE_TOKEN"


SHAPES = spec.load().shapes


def body(answer: Answer) -> Any:
    return json.loads(answer.body)


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.key for shape in SHAPES])
def test_an_owner_with_a_photo_is_answered_it(ask: Ask, shape: Shape) -> None:
    """Each of the 20 shapes answers 200 with the owner's own picture, or metadata that fits it, at its place."""
    place, answer = ask(key_path(shape, State.PRESENT))
    assert place is not None
    assert (200, shape, State.PRESENT) == (answer.status, place.shape, place.state)
    photo: Photo = PHOTOS[place.owner]
    if shape.form is Form.PHOTO:
        assert (photo.data, photo.media_type) == (answer.body, answer.header("content-type"))
        return
    assert spec.errors("profilephoto", body(answer)) == []
    tag = ask(key_path(shape, State.PRESENT) + "/$value")[1].header("etag")
    assert (photo.width, photo.height, tag) == (
        body(answer)["width"],
        body(answer)["height"],
        body(answer)["@odata.mediaEtag"],
    )


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.key for shape in SHAPES])
def test_an_owner_without_a_photo_is_answered_the_placeholder(ask: Ask, shape: Shape) -> None:
    """Each shape answers 404 for the picture, and the placeholder for the metadata."""
    place, answer = ask(key_path(shape, State.ABSENT), caller_of(shape, State.ABSENT))
    assert place is not None
    assert (shape, State.ABSENT) == (place.shape, place.state)
    if shape.form is Form.METADATA:
        assert (answer.status, spec.errors("placeholder", body(answer))) == (200, [])
        return
    code = "ErrorItemNotFound" if "contact" in place.owner or "." in place.owner else "ImageNotFound"
    assert (404, code) == (answer.status, body(answer)["error"]["code"])


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.key for shape in SHAPES])
def test_the_observed_service_knows_no_placeholder(ask: Ask, shape: Shape) -> None:
    """In the observed edition both forms of every shape answer 404 and an error where there is no photo."""
    _, answer = ask(key_path(shape, State.ABSENT), caller_of(shape, State.ABSENT), edition="observed")
    assert (answer.status, spec.errors("error", body(answer))) == (404, [])


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.variant != "me"], ids=lambda shape: shape.key)
def test_an_owner_that_does_not_exist_is_answered_404(ask: Ask, shape: Shape) -> None:
    """Each shape answers 404 with the code of its kind for an id that exists nowhere."""
    place, answer = ask(key_path(shape, State.UNKNOWN))
    assert place is not None
    code = "Request_ResourceNotFound" if shape.variant in ("user", "group") else "ErrorItemNotFound"
    assert (404, code) == (answer.status, body(answer)["error"]["code"])
    assert (place.state, place.owner.rpartition(".")[2]) == (State.UNKNOWN, "unknown")


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer nonsense", "Basic dXNlcjpwYXNzd29yZA=="])
@pytest.mark.parametrize("shape", SHAPES, ids=[shape.key for shape in SHAPES])
def test_without_a_good_token_every_shape_answers_401(ask: Ask, shape: Shape, header: str | None) -> None:
    """No shape answers anything but 401, with a challenge, to a caller without a good Bearer token."""
    headers = {"Authorization": header} if header is not None else {}
    place, answer = ask(key_path(shape, State.PRESENT), None, headers=headers)
    assert place is not None
    assert (answer.status, body(answer)["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert answer.header("www-authenticate") is not None
    assert (place.state, place.credential) != (State.UNKNOWN, CredentialKind.TOKEN)


def scope_cases() -> Iterator[tuple[str, str, bool]]:
    """Every caller with one scope alone, every variant, and whether the table lets the one see the other."""
    table = {"me": {*OWN_SCOPES, *USER_SCOPES}, "user": {*OWN_SCOPES, *USER_SCOPES}, "group": {*GROUP_SCOPES}}
    for identity in DIRECTORY.identities:
        if identity.user and not identity.main:
            for variant in ("me", "user", "group", "me-contact", "user-contact", "me-folder", "user-folder"):
                yield identity.env, variant, bool(identity.scopes & table.get(variant, {*CONTACT_SCOPES}))


@pytest.mark.parametrize(("token", "variant", "opens"), list(scope_cases()))
def test_any_one_scope_of_the_table_is_enough_and_no_other(ask: Ask, token: str, variant: str, opens: bool) -> None:
    """A caller with a single scope sees what the table grants it, its own photo included, and else gets 403."""
    for shape in SHAPES:
        if shape.variant == variant:
            place, answer = ask(key_path(shape, State.PRESENT), token)
            assert place is not None
            assert (200 if opens else 403, opens) == (answer.status, place.permitted)


@pytest.mark.parametrize("name", [LEE.id, LEE.upn, UNKNOWN.user])
def test_own_scopes_open_no_other_photo(ask: Ask, name: str) -> None:
    """`User.Read` answers 403 for another user, and does not tell whether there is one."""
    path = spec.expand("/users/{u}/photo", {"u": name})
    assert ask(path, "ADELE_USER_READ_TOKEN")[1].status == 403


@pytest.mark.parametrize(("path", "status"), [("/me/photo", 403), (f"/users/{ADELE.id}/photo", 200)])
def test_an_application_has_no_me(ask: Ask, path: str, status: int) -> None:
    """An application by itself reads users, and is denied `/me`."""
    assert status == ask(path, "APP_TOKEN")[1].status


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("$select=id", {"id"}),
        ("%24select=width,height", {"width", "height"}),
        ("x=1", {"id", "width", "height"}),
    ],
)
def test_select_answers_the_properties_named_and_no_other(ask: Ask, query: str, names: set[str]) -> None:
    """`$select` answers those properties, and anything else all three."""
    answer = ask(f"/me/photo?{query}")[1]
    assert names == {name for name in body(answer) if not name.startswith("@")}


@pytest.mark.parametrize("query", ["$select=nothing", "$nothing=1"])
def test_options_that_cannot_be_used_answer_400_for_metadata_alone(ask: Ask, query: str) -> None:
    """A bad option answers 400 for metadata and is ignored for the picture."""
    assert [ask(f"{path}?{query}")[1].status for path in ("/me/photo", "/me/photo/$value")] == [400, 200]


@pytest.mark.parametrize("sent", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_the_own_tag_answers_304(ask: Ask, sent: str) -> None:
    """If-None-Match of the picture's own tag answers 304 without a body."""
    tag = ask("/me/photo/$value")[1].header("etag") or ""
    answer = ask("/me/photo/$value", headers={"If-None-Match": sent.format(tag=tag)})[1]
    assert (304, b"", tag) == (answer.status, answer.body, answer.header("etag"))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_answer_405_with_those_allowed(ask: Ask, method: str) -> None:
    """A method that the contract has not answers 405, names GET and HEAD, and lands nowhere."""
    place, answer = ask("/me/photo", method=method)
    assert (place, answer.status, answer.header("allow")) == (None, 405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/me/photos", "/nothing", "/", "/me/photo/$value/more", "/users//photo", "/%FF"])
def test_paths_that_are_none_answer_404(ask: Ask, path: str) -> None:
    """A path outside the edition's contract answers 404 and an error, and lands nowhere."""
    place, answer = ask(path)
    assert (place, answer.status, spec.errors("error", body(answer))) == (None, 404, [])


def test_a_contact_in_a_folder_is_asked_by_its_folder_alone(ask: Ask) -> None:
    """A filed contact is not found outside its folder, nor another in a folder."""
    filed = spec.expand("/me/contacts/{c}/photo", {"c": contact_id(CLIENTS, State.PRESENT)})
    values = {"f": CLIENTS, "c": contact_id(None, State.PRESENT)}
    outside = spec.expand("/me/contactfolders/{f}/contacts/{c}/photo", values)
    assert [ask(filed)[1].status, ask(outside)[1].status] == [404, 404]


@pytest.mark.parametrize(
    ("variant", "path", "place"),
    [
        ("me-size", "/me/photos/48x48", "48x48"),
        ("user-size", f"/users/{ADELE.id}/photos/240X240", "240x240"),
        ("group-size", f"/groups/{GROUPS[0].id}/photos/504x504", "504x504"),
    ],
)
def test_later_editions_serve_sizes(ask: Ask, variant: str, path: str, place: str) -> None:
    """A size answers its own metadata and a picture, in both later editions."""
    for edition in ("v1.0-2023", "observed"):
        landed, answer = ask(path, edition=edition)
        assert landed is not None
        assert (variant, 200, place) == (landed.shape.variant, answer.status, body(answer)["id"])
        assert ask(path + "/$value", edition=edition)[1].header("content-type") == "image/jpeg"


@pytest.mark.parametrize(("edition", "name"), [("v1.0-2023", "edition2023"), ("observed", "observed")])
@pytest.mark.parametrize("path", ["/me/photo", "/me/photos/48x48", f"/teams/{GROUPS[0].id}/photo"])
def test_metadata_of_later_editions_fits_their_schema(ask: Ask, path: str, edition: str, name: str) -> None:
    """Metadata of the photo, of a size and of a team is what the edition's schema says."""
    assert spec.errors(f"profilephoto#/$defs/{name}", body(ask(path, edition=edition)[1])) == []


def test_later_editions_serve_lists_of_sizes_and_teams(ask: Ask) -> None:
    """`/me/photos` lists the sizes, and a team answers its photo."""
    assert len(body(ask("/me/photos", edition="v1.0-2023")[1])["value"]) == 5
    assert ask(f"/teams/{GROUPS[0].id}/photo/$value", edition="observed")[1].status == 200


def test_the_same_request_has_the_same_answer() -> None:
    """Two services over one directory answer alike: nothing but the injected stamp differs."""
    tenant: MockTenant = default_tenant()
    request = ServiceRequest("GET", "/v1.0/me/photo", (("Authorization", f"Bearer {tenant.identities[0].token}"),))
    stamp = Stamp(datetime(2026, 1, 1, tzinfo=UTC), "id")
    first, second = (Service(tenant, stamp=lambda: stamp).respond(request) for _ in range(2))
    assert first == second
