"""Secrets, and parts of them, are found in every form, and nothing else is taken for one."""

from __future__ import annotations

import base64
import html
import json
import os
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.auth.redaction import LONGEST, Redactor, Secret
from conformance.model import MARK, mark

SECRET = 'p4ss/w0rd+"é"=9f3b7e21'
JWT = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"typ":"JWT","alg":"RS256"}', b'{"oid":"87d349ed","scp":"User.Read"}', bytes(range(64)))
)
SHOWN = "[redacted:ADELE_TOKEN]"

ESCAPES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": lambda text: text.encode().upper().decode(),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent-lower": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent-twice": lambda text: quote(quote(text, safe=""), safe=""),
    "json": lambda text: json.dumps(text)[1:-1],
    "json-twice": lambda text: json.dumps(json.dumps(text))[3:-3],
    "json-slash": lambda text: json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    "unicode": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    "unicode-upper": lambda text: "".join(f"\\u{ord(character):04X}" for character in text),
    "hex-escape": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "html": lambda text: html.escape(text).replace("+", "&plus;").replace("=", "&#x3D;").replace("/", "&#47;"),
    "html-twice": lambda text: html.escape(html.escape(text)),
}


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=list(ESCAPES))
@pytest.mark.parametrize("secret", [SECRET, JWT], ids=["odd", "jwt"])
def test_an_escaped_secret_is_replaced(escape: Callable[[str], str], secret: str) -> None:
    """Whole, in text and in bytes, and nothing around it."""
    redactor = Redactor([("ADELE_TOKEN", secret)])

    assert f"<{SHOWN}>" == redactor.text(f"<{escape(secret)}>")
    assert f"<{SHOWN}>".encode() == redactor.data(f"<{escape(secret)}>".encode())


@given(st.lists(st.sampled_from(sorted(ESCAPES)), min_size=len(SECRET), max_size=len(SECRET)))
def test_each_character_may_be_escaped_in_its_own_way(kinds: list[str]) -> None:
    """A half-escaped secret is as much a secret."""
    text = "".join(ESCAPES[kind](character) for kind, character in zip(kinds, SECRET, strict=True))

    assert f'{{"a": "{SHOWN}"}}' == Redactor([("ADELE_TOKEN", SECRET)]).text(f'{{"a": "{text}"}}')


@given(before=st.binary(max_size=10), after=st.binary(max_size=10))
@pytest.mark.parametrize(
    "encode",
    [
        base64.b64encode, base64.urlsafe_b64encode, base64.b32encode, base64.b16encode,
        lambda raw: base64.b64encode(base64.b64encode(raw)), lambda raw: raw.hex().encode(), base64.encodebytes,
        base64.b32hexencode, lambda raw: raw.hex("-").upper().encode(), lambda raw: raw.hex(":", 2).encode(),
        lambda raw: ", ".join(f"0x{byte:02x}" for byte in raw).encode(), lambda raw: json.dumps(list(raw)).encode(),
        lambda raw: str(list(raw)).replace(",", "").encode(), lambda raw: raw.decode("latin-1").encode("utf-16-le"),
        lambda raw: raw.decode("latin-1").encode("utf-32-be"),
        lambda raw: json.dumps("\0".join(raw.decode("latin-1"))).encode(),
        lambda raw: base64.b64encode(raw.decode("latin-1").encode("utf-16-le")),
    ],
    ids=["base64", "urlsafe", "base32", "base16", "base64-twice", "hex", "mime", "base32hex", "hex-bytes", "hex-dump",
         "hex-numbers", "json-numbers", "go-numbers", "utf-16", "utf-32", "nul-in-json", "base64-utf-16"],
)  # fmt: skip
def test_an_encoded_secret_is_replaced(before: bytes, after: bytes, encode: Callable[[bytes], bytes]) -> None:
    """Wherever it stands in what was encoded, all but a few characters at its ends."""
    clean = Redactor([("ADELE_TOKEN", JWT)]).data(encode(before + JWT.encode() + after))

    assert b"ADELE_TOKEN]" in clean
    assert len(clean) < 300  # 20 characters around it, each a dozen as JSON with NUL between
    assert not any(JWT[at : at + 12].encode() in clean.replace(b"\0", b"") for at in range(len(JWT) - 11))


NESTED: dict[str, Callable[[bytes], bytes]] = {
    "base64": lambda raw: base64.b64encode(raw),
    "hex": lambda raw: raw.hex().encode(),
    "base32": lambda raw: base64.b32encode(raw),
    "percent": lambda raw: "".join(f"%{byte:02x}" for byte in raw).encode(),
    "utf-16": lambda raw: raw.decode().encode("utf-16-le"),
}  # fmt: skip


@pytest.mark.parametrize("outer", NESTED)
@pytest.mark.parametrize("inner", NESTED)
def test_a_secret_in_one_encoding_in_another_is_replaced(inner: str, outer: str) -> None:
    """Whole, wherever it begins in a group of digits, and nothing around it."""
    for before in (b"", b"x", b"xy"):
        text = NESTED[outer](NESTED[inner](before + JWT.encode()))
        clean = Redactor([("ADELE_TOKEN", JWT)]).data(b'{"a": "' + text + b'", "b": 1}')

        assert b"[redacted:ADELE_TOKEN]" in clean
        assert len(clean) < 100
        assert clean.startswith(b'{"a": "')
        assert clean.endswith(b'", "b": 1}')


BOLD = {chr(ord(first) + at): chr(code + at) for first, code in (("A", 0x1D400), ("a", 0x1D41A)) for at in range(26)}
SPELT: dict[str, Callable[[str], str]] = {
    "percent-u": lambda text: "".join(f"%u{ord(each):04X}" for each in text),
    "long-unicode": lambda text: "".join(f"\\U{ord(each):08x}" for each in text),
    "braces": lambda text: "".join(f"\\u{{{ord(each):x}}}" for each in text),
    "css": lambda text: "".join(f"\\{ord(each):x} " for each in text),
    "html-without-semicolon": lambda text: "".join(f"&#{ord(each)} " for each in text),
    "html-with-zeros": lambda text: "".join(f"&#{ord(each):09};" for each in text),
    "quoted-printable": lambda text: "".join(f"={ord(each):02X}" for each in text),
    "quoted-printable-lines": lambda text: _in_groups(text, 10, "=\r\n"),
    "quoted-pairs": lambda text: "".join(f"\\{each}" for each in text),
    "json-twice": lambda text: "".join(f"\\\\u{ord(each):04x}" for each in text),
    "full-width": lambda text: "".join(chr(ord(each) + 0xFEE0) for each in text),
    "bold": lambda text: "".join(BOLD.get(each, each) for each in text),
    "bold-in-json": lambda text: json.dumps("".join(BOLD.get(each, each) for each in text))[1:-1],
    "accents": lambda text: "".join(f"{each}\u0301" for each in text),
    "soft-hyphens": "\u00ad".join,
    **{f"between-{mark}": mark.join for mark in ".,;|_- "},
    "json-characters": lambda text: json.dumps(list(text)),
    "json-characters-compact": lambda text: json.dumps(list(text), separators=(",", ":")),
    "json-characters-on-lines": lambda text: json.dumps(list(text), indent=4),
    "decimals": lambda text: ";".join(str(ord(each)) for each in text),
    "hex-in-eights": lambda text: _in_groups(text.encode().hex(), 8, " "),
    "hex-in-fours": lambda text: _in_groups(text.encode().hex(), 4, " "),
    "hex-with-bars": lambda text: _in_groups(text.encode().hex(), 2, "|"),
    "xxd": lambda text: "\n".join(
        f"{at:08x}: " + _in_groups(text[at : at + 16].encode().hex(), 4, " ") for at in range(0, len(text), 16)
    ),
}  # fmt: skip


def _in_groups(digits: str, size: int, between: str) -> str:
    return between.join(digits[at : at + size] for at in range(0, len(digits), size))


@pytest.mark.parametrize("way", SPELT)
def test_a_secret_that_is_spelt_out_is_replaced(way: str) -> None:
    """Character by character, with something between them, or in letters of another style."""
    clean = Redactor([("ADELE_TOKEN", JWT)]).text(f'<a> {SPELT[way](JWT)} "b"')

    assert "ADELE_TOKEN]" in clean
    assert clean.startswith("<a> ")
    assert clean.endswith('"b"')
    assert len(clean) < 500


@pytest.mark.parametrize(
    "innocent",
    [
        '{"id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "upn": "adele@contoso.example"}',
        "User.Read.All Group.Read.All Contacts.Read", "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "2026-11-26T13:05:02Z 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13",
        "/v1.0/users/1/contactFolders/AAMkAGI2/photos",
        "sha256:" + "0123456789abcdef" * 4, "\U0001d400\U0001d401 \uff21\uff22 caf\u0301e",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(innocent: str) -> None:
    """Ids, names of users, scopes, digests, dates and other alphabets."""
    assert innocent == Redactor([("ADELE_TOKEN", JWT)]).text(innocent)


@pytest.mark.parametrize(
    "part",
    [JWT[:20], JWT[1:], JWT[:-1], JWT[5:17], *JWT.split("."), JWT[30:46], JWT[30:54].replace("/", "%2F")],
)
def test_a_part_of_a_secret_is_replaced(part: str) -> None:
    """Twelve characters in a row or more, under a mark of its own."""
    assert "<[redacted-part:ADELE_TOKEN]>" == Redactor([("ADELE_TOKEN", JWT)]).text(f"<{part}>")


def test_a_secret_in_two_json_fields_is_replaced_in_both() -> None:
    """Each half is a part, and the text stays JSON."""
    clean = Redactor([("ADELE_TOKEN", JWT)]).text(json.dumps({"a": JWT[:60], "b": JWT[60:]}))

    assert {"a": "[redacted-part:ADELE_TOKEN]", "b": "[redacted-part:ADELE_TOKEN]"} == json.loads(clean)


@pytest.mark.parametrize("part", [JWT[:11], "JWT alone", "87d349ed"])
def test_what_is_shorter_than_twelve_characters_stays(part: str) -> None:
    """Eleven characters are found in innocent text too."""
    assert part == Redactor([("ADELE_TOKEN", JWT)]).text(part)


def test_what_also_stands_in_an_id_or_an_address_is_no_secret() -> None:
    """A token that is the user's id, or holds their name, leaves both where they are."""
    user = "87d349ed-44d7-43e1-9a83-5f2406dee5bd"
    redactor = Redactor([("A", user), ("B", "token-of-adele@contoso.example-9f3b7e21")], [user])
    redactor.allow(["adele@contoso.example"])

    assert f'"{user}", "adele@contoso.example"' == redactor.text(f'"{user}", "adele@contoso.example"')
    assert "[redacted:B]" == redactor.text("token-of-adele@contoso.example-9f3b7e21")


def test_a_short_secret_is_not_searched_for() -> None:
    """Seven characters would be found in innocent text; eight are found as a whole."""
    redactor = Redactor([("A", "photo"), ("B", "s3cr3t-9")])

    assert "/me/photo [redacted-part:B] s3cr3t-" == redactor.text("/me/photo s3cr3t%2D9 s3cr3t-")


def test_a_word_of_a_secret_is_a_secret() -> None:
    """The credentials of Basic without their scheme, one cookie of several."""
    redactor = Redactor([("Cookie", "session=5e551onV; theme=dark"), ("Key", "Basic dXNlcjpwYXNz")])

    assert "[redacted-part:Cookie]|[redacted-part:Key]|dark" == redactor.text("5e551onV|dXNlcjpwYXNz|dark")


def test_each_secret_has_its_own_mark() -> None:
    """Of two secrets that begin alike each is named, and whatever a name holds the mark is one word."""
    redactor = Redactor([("A", "token-12345-67890")])
    redactor.add("token-12345-67890-and-more", 'x"y]')

    assert ["[redacted:x_y_]", "[redacted:A]"] == redactor.text("token-12345-67890-and-more token-12345-67890").split()
    assert MARK.fullmatch(mark("a b\n" * 100))


def test_each_of_tokens_made_by_a_pattern_is_recognized() -> None:
    """A token of which every run of 12 characters stands in some other token is found as itself."""
    scopes = ("User.ReadWrite", "User.ReadBasic.All", "TeamSettings.ReadWrite.All", "User.ReadWrite.All")
    tokens = [(scope, f"tok-adele-{scope}-89abcdef0123") for scope in scopes]
    redactor = Redactor(tokens, scopes)

    assert [f"[redacted:{scope}]" for scope in scopes] == [redactor.text(token) for _, token in tokens]


def test_what_the_target_grants_hides_no_other_secret() -> None:
    """A cookie that holds the token is marked as the token is, and no more than a few are searched for."""
    redactor = Redactor()
    redactor.grant([f"1{JWT}2", *(f"cookie-{number:06}-value" for number in range(1000))])
    redactor.add(JWT, "ADELE_TOKEN")

    assert redactor.holds(f"<1{JWT}2>".encode(), SHOWN)
    assert "[redacted:Set-Cookie] cookie-000900-value" == redactor.text("cookie-000062-value cookie-000900-value")


def test_a_secret_between_colours_is_replaced() -> None:
    """A terminal's colours may stand anywhere in it."""
    assert SHOWN == Redactor([("ADELE_TOKEN", JWT)]).text(JWT[:5] + "\x1b[31;1m" + JWT[5:70] + "\x1b[0m" + JWT[70:])


@given(st.binary(max_size=300))
def test_text_without_a_secret_is_left_alone(data: bytes) -> None:
    """The very same object comes back."""
    assert Redactor([("A", JWT)]).data(data) is data


@given(st.text(alphabet="\\%&#;xuU0189abFKz{} .,-|\"'\0\u0301\uff21", max_size=200))
def test_what_looks_like_escapes_is_left_alone(text: str) -> None:
    """Whatever they stand for, or whether they stand for anything."""
    assert Redactor([("A", JWT)]).text(text) == text


@given(st.text(max_size=50), st.text(max_size=50))
def test_all_around_a_secret_is_left_alone(before: str, after: str) -> None:
    """The text before and after it stays, lone surrogates included."""
    assert f"{before} {SHOWN} {after}" == Redactor([("ADELE_TOKEN", JWT)]).text(f"{before} {JWT} {after}")


def test_nothing_shows_a_secret() -> None:
    """Neither a redactor nor a secret string tells itself in a traceback."""
    shown = repr([Redactor([("A", SECRET)]), Secret(SECRET)])
    assert "p4ss" not in shown


def test_a_huge_secret_is_searched_for_by_its_beginning() -> None:
    """A command may print 256 KiB; memory does not grow with it."""
    secret = os.urandom(100_000).hex()

    assert "<[redacted:A]>" == Redactor([("A", secret)]).text(f"<{secret[:LONGEST]}>")


def test_a_scheme_and_names_are_no_secrets() -> None:
    """Of `Digest username="…", response="…"` the values are; `response` is a word of every report."""
    digest = 'Negotiate username="service-17", response="d41d8cd98f00b204", algorithm=SHA-256-sess'
    redactor = Redactor([("X", digest)])

    assert "Negotiate: no response, username, algorithm" == redactor.text("Negotiate: no response, username, algorithm")
    assert "[redacted-part:X] [redacted:X]" == redactor.text("service-17 d41d8cd98f00b204")
    assert "[redacted:X]" in redactor.text(digest)


def test_a_short_secret_that_is_part_of_an_id_stays_in_it() -> None:
    """As a long one does: an id of ten characters may be a mock's token."""
    assert "/users/adele-0001/photo" == Redactor([("A", "adele-0001")], ["adele-0001"]).text("/users/adele-0001/photo")
