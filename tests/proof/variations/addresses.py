"""`@odata.context` and `@odata.id`: other spellings of the same place (S33, S34)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from conformance.model import Answer, Place
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import edited, shows_metadata

ALL_PAGES = ("v1.0-2016", "v1.0-2023")
CONTEXT, ID = "@odata.context", "@odata.id"
_TENANT = re.compile(r"@[0-9a-f-]{36}(?='\))")
_KEYED = re.compile(r"([A-Za-z]+)\('((?:[^']|'')*)'\)")
_FOLDER = re.compile(r"/contactFolders\('(?:[^']|'')*'\)")
_OWNER = re.compile(r"users\('[^']*'\)")


def _context(place: Place, answer: Answer, change: Callable[[str], str]) -> Answer:
    """The fragment of the context changed; `$select` has one of its own, which is left alone."""
    if not shows_metadata(place, answer) or place.query:
        return answer
    return edited(answer, lambda body: body | {CONTEXT: _fragment(body[CONTEXT], change)})


def _fragment(context: str, change: Callable[[str], str]) -> str:
    root, _, fragment = context.partition("#")
    return f"{root}#{change(fragment)}"


def _root(place: Place, answer: Answer, name: str, root: str) -> Answer:
    return _with_url(place, answer, name, lambda url: re.sub(r"^https?://[^/]+/v1\.0/", root, url))


def _with_url(place: Place, answer: Answer, name: str, change: Callable[[str], str]) -> Answer:
    if not shows_metadata(place, answer):
        return answer

    def edit(body: dict[str, Any]) -> dict[str, Any]:
        return body | {name: change(body[name])} if name in body else body

    return edited(answer, edit)


def _segments(url: str) -> str:
    """Keys in parentheses as segments of the path, each encoded by itself."""
    return _KEYED.sub(
        lambda found: f"{found[1]}/{quote(unquote(found[2]).replace(chr(39) * 2, chr(39)), safe='')}", url
    )


@allowed()
def context_of_me_in_lower_case(place: Place, answer: Answer) -> Answer:
    """`Me` and `me` both name the signed-in user's collection (S33b)."""
    return _context(place, answer, lambda fragment: fragment.replace("Me/", "me/"))


@allowed()
def context_of_users_for_me(place: Place, answer: Answer) -> Answer:
    """`users('…')` is allowed for `/me` (S33b)."""
    return _context(place, answer, lambda fragment: fragment.replace("Me/", "users('any-key')/"))


@allowed()
def context_of_a_guests_name_as_it_is(place: Place, answer: Answer) -> Answer:
    """A userPrincipalName may stand in its quotes as it is, with the `#EXT#` of a guest."""
    guest = "users('guest_mail.example#EXT#@contoso.example')"
    return _context(place, answer, lambda fragment: re.sub(r"^(Me|users\('[^']*(''[^']*)*'\))", guest, fragment))


@allowed()
def context_of_a_name_with_an_apostrophe(place: Place, answer: Answer) -> Answer:
    """Its quote need not be doubled: the fragment names a user, and ends as it must (S33a, S33b)."""
    named = "users('o'hara+work@contoso.example')"
    return _context(place, answer, lambda fragment: re.sub(r"^(Me|users\('[^']*(''[^']*)*'\))", named, fragment))


@allowed()
def context_of_me_for_my_contacts(place: Place, answer: Answer) -> Answer:
    """The path that was requested may stand in the context (S33b)."""
    change = _OWNER if place.shape.operation.signed_in else re.compile(r"(?!)")
    return _context(place, answer, lambda fragment: change.sub("Me", fragment))


@allowed()
def context_without_the_folder(place: Place, answer: Answer) -> Answer:
    """Contacts may be named with or without their folder (S33b)."""
    return _context(place, answer, lambda fragment: _FOLDER.sub("", fragment))


@allowed()
def context_of_the_contact_alone(place: Place, answer: Answer) -> Answer:
    """A contact may be named without its user (S33b)."""
    return _context(place, answer, lambda fragment: re.sub(r"^.*(?=contacts\()", "", fragment))


@allowed()
def context_in_capitals(place: Place, answer: Answer) -> Answer:
    """Path words have no case."""
    return _context(place, answer, lambda text: text.replace("users(", "Users(").replace("groups(", "GROUPS("))


@allowed()
def context_with_keys_as_segments(place: Place, answer: Answer) -> Answer:
    """A key may be a segment (OData URL conventions 4.3.6)."""
    return _context(place, answer, _segments)


@allowed()
def context_encoded(place: Place, answer: Answer) -> Answer:
    """Percent-encoding of quotes and parentheses changes nothing (RFC 3986 2.2, OData URL conventions 2)."""
    return _context(place, answer, lambda fragment: quote(unquote(fragment), safe="/$,"))


@allowed()
def context_with_the_dollar_encoded(place: Place, answer: Answer) -> Answer:
    """`%24metadata` is `$metadata` (RFC 3986 6.2.2.2)."""
    return _with_url(place, answer, CONTEXT, lambda url: url.replace("$metadata", "%24metadata"))


@allowed()
def context_relative(place: Place, answer: Answer) -> Answer:
    """A context may be relative to the request (S33a)."""
    return _root(place, answer, CONTEXT, "")


@allowed()
def context_relative_with_dots(place: Place, answer: Answer) -> Answer:
    """A relative reference may climb (RFC 3986 4.2)."""
    return _root(place, answer, CONTEXT, "../../")


@allowed()
def context_from_the_root(place: Place, answer: Answer) -> Answer:
    """A relative reference may begin at the root (RFC 3986 4.2)."""
    return _root(place, answer, CONTEXT, "/v1.0/")


@allowed()
def context_of_the_same_scheme(place: Place, answer: Answer) -> Answer:
    """A relative reference may name the host and no scheme (RFC 3986 4.2)."""
    return _root(place, answer, CONTEXT, "//graph.example/v1.0/")


@allowed()
def context_of_another_root(place: Place, answer: Answer) -> Answer:
    """Context and id may carry another public root (S42)."""
    return _root(place, answer, CONTEXT, "HTTPS://graph.microsoft.com:443/v1.0/")


@allowed()
def id_without_the_tenant(place: Place, answer: Answer) -> Answer:
    """The tenant's suffix is the sample's; it may be left out (S34b)."""
    return _with_url(place, answer, ID, lambda url: _TENANT.sub("", url))


@allowed()
def id_with_quotes_encoded(place: Place, answer: Answer) -> Answer:
    """Percent-encoding is allowed (S34b)."""
    return _with_url(place, answer, ID, lambda url: url.replace("'", "%27").replace("(", "%28").replace(")", "%29"))


@allowed()
def id_fully_encoded(place: Place, answer: Answer) -> Answer:
    """Percent-encoding is allowed, of the suffix's sign too, and in small letters (RFC 3986 6.2.2.1)."""
    return _with_url(place, answer, ID, lambda url: url.replace("@", "%40").replace("=", "%3d").replace("-", "%2d"))


@allowed()
def id_with_keys_as_segments(place: Place, answer: Answer) -> Answer:
    """A key may be a segment (OData URL conventions 4.3.6)."""
    return _with_url(place, answer, ID, lambda url: _segments(_TENANT.sub("", url)))


@allowed()
def id_of_another_root(place: Place, answer: Answer) -> Answer:
    """Context and id may carry another public root (S42)."""
    return _root(place, answer, ID, "https://graph.microsoft.com/beta/tenant/")


@allowed()
def id_relative(place: Place, answer: Answer) -> Answer:
    """A relative id is resolved against the context (OData JSON format 4.5.8)."""
    return _root(place, answer, ID, "")


@allowed()
def id_from_the_root(place: Place, answer: Answer) -> Answer:
    """A relative reference may begin at the root (RFC 3986 4.2)."""
    return _root(place, answer, ID, "/v1.0/")


@allowed()
def id_by_the_path_asked(place: Place, answer: Answer) -> Answer:
    """`me` is allowed for the caller's own photo (S34b)."""
    if not place.shape.operation.signed_in:
        return answer
    return _with_url(place, answer, ID, lambda url: _OWNER.sub("me", url))


@allowed()
def id_in_capitals(place: Place, answer: Answer) -> Answer:
    """Path words have no case, nor has a GUID (RFC 9562 4)."""
    return _with_url(
        place, answer, ID, lambda url: _OWNER.sub(lambda found: found[0].upper(), url).replace("/photo", "/Photo")
    )


@allowed()
def id_without_the_folder(place: Place, answer: Answer) -> Answer:
    """A contact's canonical address does not need its folder (OData protocol 4.1)."""
    return _with_url(place, answer, ID, lambda url: _FOLDER.sub("", url))


@allowed()
def id_of_the_contact_alone(place: Place, answer: Answer) -> Answer:
    """A contact may be named without its user (S34b: no other owner is named)."""
    return _with_url(place, answer, ID, lambda url: re.sub(r"users\('[^']*'\)/.*(?=contacts\()", "", url))


@allowed()
def id_of_directory_objects(place: Place, answer: Answer) -> Answer:
    """Users and groups are directory objects, and may be named as such (S34b)."""
    named = re.compile(r"(users|groups)(?=\('[^']*'\)/photo)")
    return _with_url(place, answer, ID, lambda url: named.sub("directoryObjects", url))


@allowed()
def context_and_id_in_small_digits(place: Place, answer: Answer) -> Answer:
    """Hexadecimal digits of percent-encoding have no case (RFC 3986 6.2.2.1)."""

    def small(url: str) -> str:
        return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), url)

    return _with_url(place, _with_url(place, answer, ID, small), CONTEXT, small)
