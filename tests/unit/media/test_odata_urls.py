"""What `@odata.context` and `@odata.id` say: read leniently, never raising, in bounded time."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conformance.media import odata_urls
from conformance.media.odata_urls import (
    Step,
    context_fragment,
    is_url,
    last_collection,
    names_another,
    photo_path,
    steps,
)
from conformance.model import Owner

ID, UPN = "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "megan.o'bowen+work@contoso.example"
OTHER = "48d31887-5fad-4d73-a9f5-3c356e68a038"
TENANT = "1717622f-1d94-c0d4-9d74-f907ad6677b4"
ASKED = "https://graph.example/v1.0/users/x/photo"
USER = Owner("user-1", "user", user_id=ID, user_upn=UPN, caller="user-1")
GROUP = Owner("group-1", "group", group_id=ID)
CONTACT = Owner("c", "contact", user_id=ID, user_upn=UPN, contact_id="AAMk/T+u=", folder_id="F=", caller="user-1")


@pytest.mark.parametrize(
    "url", ["https://h/a", "HTTP://h", "a/b", "/a", "../a", "//h/a", "$metadata#a", "photo", "a('b')"]
)
def test_a_url_may_be_absolute_or_relative(url: str) -> None:
    """http, https and relative references are URLs."""
    assert is_url(url)


@pytest.mark.parametrize(
    "text", ["", "a b", "ftp://h/a", "javascript:alert(1)", "https://", "a\nb", 'a"', "<a>", "http://[", "x" * 70_000]
)
def test_what_is_no_url_is_none(text: str) -> None:
    """Blanks, controls, other schemes, broken hosts and endless text make no URL."""
    assert not is_url(text)


@pytest.mark.parametrize(
    ("value", "fragment"),
    [
        ("https://h/v1.0/$metadata#Me/photo/$entity", "Me/photo/$entity"),
        ("$metadata#users('a%27%27b')/photo/$entity", "users('a''b')/photo/$entity"),
        ("https://h/%24METADATA#x", "x"),
        ("https://h/v1.0/metadata#x", None),
        ("https://h/$metadata", None),
        ("https://[/$metadata#x", None),
        ("", None),
    ],
)
def test_a_contexts_fragment_is_decoded(value: str, fragment: str | None) -> None:
    """The fragment of a context URL is returned, and nothing of what is none."""
    assert context_fragment(value) == fragment


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("users('a')/photo", (Step("users", "a"),)),
        (
            "Users('a''b')/contactFolders('f')/contacts('c')/photo",
            (Step("users", "a'b"), Step("contactfolders", "f"), Step("contacts", "c")),
        ),
        ("/v1.0/users/a/contacts/c/photo", (Step("users", "a"), Step("contacts", "c"))),
        ("Me/photo/$entity", (Step("me", None),)),
        ("photo", ()),
        ("users('a/photo", (Step("users('a", None),)[:0]),
    ],
)
def test_the_steps_of_an_address_are_returned(path: str, wanted: tuple[Step, ...]) -> None:
    """Collections and keys come in order, keys in parentheses or as segments."""
    assert steps(path) == wanted
    assert last_collection(path) == (wanted[-1].collection if wanted else None)


@pytest.mark.parametrize(
    "relative", ["photo", "../y/photo", "/v1.0/me/photo", "me/PHOTO", "photo?x=1", "https://h/users('a')/photo"]
)
def test_an_address_is_resolved_against_the_request(relative: str) -> None:
    """A relative `@odata.id` leads to a path that ends in photo."""
    assert str(photo_path(relative, ASKED)).lower().endswith("/photo")


@pytest.mark.parametrize(
    "other", ["", "https://h/photos", "https://h/photo/$value", "https://[/photo", "a b/photo", "photo/"]
)
def test_another_address_is_no_photos(other: str) -> None:
    """An address that does not end in photo is none of a photo."""
    assert photo_path(other, ASKED) is None


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        (f"/v1.0/users('{ID}@{TENANT}')/photo", USER),
        (f"/v1.0/users('{ID.upper()}')/photo", USER),
        (f"/v1.0/users('{UPN.replace(chr(39), chr(39) * 2)}')/photo", USER),
        (f"/v1.0/users('{UPN}')/photo", USER),
        (f"/v1.0/users/{UPN.upper()}/photo", USER),
        (f"/users('{ID}')/contacts('A'b')/photo", replace(CONTACT, contact_id="A'b")),
        ("/v1.0/me/photo", USER),
        (f"/directoryObjects('{ID}')/photo", USER),
        ("/somewhere/photo", USER),
        (f"/groups('{ID}@{TENANT}')/photo", GROUP),
        (f"/users('{ID}')/contactFolders('F=')/contacts('AAMk/T+u=')/photo", CONTACT),
        ("/me/contacts/AAMk/T+u=/photo", CONTACT),
        ("/contacts('AAMk/T+u=')/photo", CONTACT),
        (f"/v1.0/users/{ID}/users('{ID}')/photo", USER),
        (f"/users/{ID}/contacts/AAMk/me/u=/photo", replace(CONTACT, contact_id="AAMk/me/u=", caller=None)),
        (f"/users('{OTHER}')/photo", Owner("user-1", "user", user_upn=UPN)),
        ("/users('other@contoso.example')/photo", Owner("user-1", "user", user_id=ID)),
    ],
)
def test_the_owner_asked_for_may_be_named_in_many_ways(path: str, owner: Owner) -> None:
    """Tenant suffix, case, quotes, me, id or userPrincipalName, and what cannot be known, name no other owner."""
    assert names_another(path, owner) is None


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        (f"/users('{OTHER}')/photo", USER),
        (f"/users('{OTHER}@{TENANT}')/photo", USER),
        ("/users('other@contoso.example')/photo", USER),
        (f"/groups('{ID}')/photo", USER),
        (f"/users('{ID}')/contacts('AAMk/T+u=')/photo", USER),
        ("/me/photo", Owner("user-2", "user", user_id=OTHER)),
        (f"/groups('{OTHER}')/photo", GROUP),
        ("/users('other.o'hara@contoso.example')/photo", USER),
        (f"/users('{ID}')/photo", GROUP),
        (f"/users('{ID}')/photo", CONTACT),
        (f"/users('{ID}')/contacts('AAMk/T+U=')/photo", CONTACT),
        (f"/users('{OTHER}')/contacts('AAMk/T+u=')/photo", CONTACT),
        (f"/v1.0/users/{ID}/users('{OTHER}')/photo", USER),
        (f"/users/{ID}/contacts/AAMk/T+u=/users('{OTHER}')/contacts('AAMk/T+u=')/photo", CONTACT),
    ],
)
def test_another_owner_is_noticed(path: str, owner: Owner) -> None:
    """Another kind of owner, contact, group or user is noticed; contact ids have case."""
    assert names_another(path, owner)


TEXT = st.text(max_size=60) | st.sampled_from(
    ["users('", "')", "''", "/", "contacts", "me", "$metadata#", "photo", "%", "//[", "@"]
)


@given(st.lists(TEXT, max_size=8).map("".join))
@example("http://[::1]:x/$metadata#a")
@example("//\u2100/photo")
@example("%ff/photo")
def test_reading_never_raises(text: str) -> None:
    """Whatever the text, each question has an answer."""
    path = photo_path(text, ASKED)
    for owner in (USER, GROUP, CONTACT):
        assert names_another(path or text, owner) is None or path or text
    assert context_fragment(text) is None or "#" in text
    assert is_url(text) or path is None


@given(st.text(min_size=1, max_size=40).filter(lambda key: "/" not in key and key.isprintable()))
def test_any_key_survives_its_quotes(key: str) -> None:
    """A key in parentheses, its quotes doubled and all percent-encoded, is read as it was."""
    text = f"https://h/v1.0/users('{quote(key.replace(chr(39), chr(39) * 2), safe='')}')/photo"
    path = photo_path(text, ASKED)
    assert path is not None
    assert steps(path) == (Step("users", key),)


@pytest.mark.parametrize(
    "text",
    [
        "users('" + "a" * 16_000_000,
        "/users('" * 2_000_000,
        "users('" + "''" * 8_000_000 + "')/photo",
        "../" * 5_000_000 + "photo",
        "/me" * 5_000_000,
    ],
    ids=["open", "many", "quotes", "climbing", "me"],
)
def test_long_text_takes_no_time(text: str) -> None:
    """Sixteen million characters are looked at within seconds."""
    started = time.process_time()
    assert photo_path(text, ASKED) is None
    assert context_fragment(text) is None
    assert len(text) > odata_urls.MAX_LENGTH
    steps(text[: odata_urls.MAX_LENGTH])
    assert time.process_time() - started < 2
