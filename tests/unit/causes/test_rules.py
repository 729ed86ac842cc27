"""Each likely cause on a hand-made recording that it describes, and on ones near it that it does not."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from conformance.causes.evidence import Seen
from conformance.causes.grouping import RULES, texts
from tests.unit.causes.made import PNG, causes, changed, responses, status, verdict


def photo(one: Seen) -> bool:
    return one.photo and one.status == 200


def here(part: str) -> Callable[[Seen], bool]:
    """Whether the URL holds the text and a good token was sent."""
    return lambda one: part in one.url and one.credential == "token"


def of(
    where: Callable[[Seen], bool], name: str, got: str = "x", seen: list[Seen] | None = None
) -> list[dict[str, Any]]:
    """Verdicts of one requirement on some of the responses."""
    return [verdict(one, name, got, "$") for one in seen or responses() if where(one)]


def body(make: Callable[[bytes], bytes], **headers: str) -> Callable[[Seen], Seen]:
    return lambda one: status(200, make(one.body), **headers)(one)


def everything(_: Seen) -> bool:
    return True


WEB = {"content_type": "text/html"}


def not_found_with(part: str, where: str = "") -> list[Seen]:
    """Owners whose URL holds this are not found; all others are."""
    return [
        replace(status(404)(one), url=one.url.replace(one.owner, one.owner + part))
        if one.owner.endswith("-2") and one.owner in one.url and where in one.url
        else one
        for one in responses()
    ]


NOT_A_PICTURE = of(photo, "picture.is-a-picture")
CACHED = of(lambda one: photo(one) and one.shape == "me.photo", "annotation.media-etag-matches-header")


def refused_elsewhere(one: Seen) -> Seen:
    """A request without a good token for a photo that no token has opened."""
    return replace(one, id=f"{one.id}/elsewhere", url=one.url + "x", status=401)


def let_in(one: Seen) -> Seen:
    """What a good token receives."""
    return status(200, content_type="image/png" if one.photo else "application/json")(one)


NO_TRACE = [
    each
    for one in responses()
    if one.owner.endswith("-1")
    for each in ([one] if one.credential == "token" else [status(200)(one), refused_elsewhere(one)])
]
OLD = status(200, b'{"@odata.mediaEtag": "W/\\"OLD\\""}')
TWO_VERSIONS = [
    status(200, one.body, etag='"NEW"')(one) if photo(one) else OLD(one) if one.state == "present" else one
    for one in responses()
]
OTHER_SIZES = [
    verdict(one, "picture.dimensions-match-metadata", exchanges=[one.id, one.id.replace("photo", "metadata")])
    for one in responses()
    if photo(one)
]

ASKED = [
    replace(one, id=f"{one.id}/select", url=f"{one.url}?$select=id", kind="select=id")
    for one in responses()
    if one.state == "present" and not one.photo and one.credential == "token"
]

FIRES: dict[str, tuple[list[Seen], list[dict[str, Any]]]] = {
    "no-response": (
        changed(status(0)),
        [
            verdict(one, "http.response-is-complete", outcome="inconclusive", findings=[], reason="refused")
            for one in responses()
        ],
    ),
    "nothing-matches": (
        changed(status(500), lambda one: one.state == "unknown"),
        of(lambda one: one.state == "unknown", "http.never-5xx"),
    ),
    "any-id-is-found": (
        changed(body(bytes, content_type="image/png"), here("/groups/")),
        of(lambda one: one.state == "unknown" and "/groups/" in one.url, "unknown.discloses-nothing"),
    ),
    "no-scope-checked": (
        responses(),
        of(photo, "permission.without-scope-discloses-nothing", "200 with a picture"),
    ),
    "me-is-one-user": (
        [
            replace(one, caller=one.owner) if one.credential == "token" else one
            for one in changed(status(200, PNG), lambda one: one.id.startswith(("me.photo/present", "me.photo/absent")))
        ],
        [],
    ),
    "one-redirect": (changed(status(302, location="https://login.example/?back=1")), []),
    "backend-down": (changed(status(502, b"<html>", **WEB)), []),
    "one-web-page": (changed(status(200, b"<html>", **WEB)), of(photo, "picture.is-a-picture")),
    "encoded-slash": (changed(status(400, b"<html>", **WEB), lambda one: "%2F" in one.url), []),
    "encoded-dollar": (
        [
            replace(status(404)(one), url=one.url.replace("$", "%24"))
            if one.owner.endswith("-2") and one.photo
            else one
            for one in responses()
        ],
        [],
    ),
    "folder-path-case": (
        [
            replace(one, url=one.url.replace("%2F", ""))
            for one in changed(status(404), lambda one: "contactfolders" in one.url)
        ],
        [],
    ),
    "query-string": (
        [*responses(), *(status(404)(one) for one in ASKED)],
        of(everything, "option.select-returns-properties", "404", ASKED),
    ),
    "user-key": (not_found_with("%40a.example", "/users/user-2"), []),
    "encoded-character": (not_found_with("%23"), []),
    "missing-routes": (changed(status(404), here("/groups/")), []),
    "shared-cache": (
        [
            replace(one, status=200, headers={**one.headers, "age": "7"}) if one.credential != "token" else one
            for one in responses()
            if one.owner.endswith("-1")
        ],
        [],
    ),
    "shared-cache, without a trace": (NO_TRACE, []),
    "shared-cache, with a trace in some responses": (
        [
            replace(one, headers={**one.headers, "age": "7"}) if one.status == 200 and one.credential == "none" else one
            for one in NO_TRACE
        ],
        [],
    ),
    "no-credential-checked": (changed(let_in, lambda one: one.credential != "token"), []),
    "no-credential-checked, but that there is some token": (
        changed(let_in, lambda one: one.credential in ("garbage", "scheme")),
        [],
    ),
    "no-credential-checked, without any token": (
        [let_in(one) for one in responses() if one.credential != "token"],
        [],
    ),
    "application-token": (changed(status(400), here("/me/")), []),
    "application-token, of the service": (
        [
            status(404)(one) if one.state == "absent" and not here("/me/")(one) else one
            for one in changed(status(400), here("/me/"))
        ],
        [],
    ),
    "missing-scope": (
        changed(status(403), lambda one: "/groups/" in one.url and one.credential == "token"),
        [],
    ),
    "stale-cache": (
        changed(status(200, PNG, x_cache="HIT"), lambda one: one.shape == "me.photo" and photo(one)),
        CACHED,
    ),
    "stale-cache, without a trace": (TWO_VERSIONS, OTHER_SIZES),
    "compressed": (changed(body(gzip.compress), lambda one: one.status == 200), NOT_A_PICTURE),
    "octet-stream": (
        changed(body(bytes, content_type="application/octet-stream"), photo),
        of(photo, "picture.content-type-is-image"),
    ),
    "octet-stream, of another name": (
        changed(body(bytes, content_type="binary/octet-stream"), photo),
        of(photo, "picture.content-type-is-image"),
    ),
    "text-decoder": (changed(body(lambda made: b"\xef\xbf\xbd" * 3 + made), photo), NOT_A_PICTURE),
    "text-decoder, of line ends": (
        changed(body(lambda made: b"\xff\xd8" + made.replace(b"\n", b"\r\n")), photo),
        NOT_A_PICTURE,
    ),
    "base64-body": (changed(body(base64.b64encode), photo), NOT_A_PICTURE),
    "image-proxy": (
        changed(body(lambda _: b"RIFF....WEBP"), photo),
        of(photo, "annotation.media-content-type-matches-bytes", "image/png"),
    ),
    "one-picture-for-all": (
        changed(body(lambda _: PNG), photo),
        of(photo, "relation.not-another-owner", "that of user-1: image/png"),
    ),
    "declared-otherwise": (
        responses(),
        [
            verdict(responses()[0], name, case=f"x/{owner}", outcome=outcome)
            for name in ("metadata.is-not-the-placeholder", "picture.answers-200")
            for owner, outcome in (("user-1", "conforms"), ("user-2", "violates"))
        ],
    ),
    "other-edition": (
        responses(),
        of(lambda one: one.shape == "me.metadata", "metadata.id-matches-dimensions", "'2x2'"),
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_a_rule_explains_what_it_describes(name: str) -> None:
    """One broken thing is one cause, with what to do, what supports it, and what would refute it."""
    seen, more = FIRES[name]

    found = causes(seen, more)

    assert [cause["id"] for cause in found] == [f"likely.{name.partition(',')[0]}"]
    assert all(found[0][part] for part in ("title", "hint", "supports", "refutes", "operations", "exchange"))


def test_a_cause_says_the_content_type_that_was_received() -> None:
    """Bytes of no known type are called by the name that the target gives them."""
    [found] = causes(*FIRES["octet-stream, of another name"])

    assert found["title"] == "Every picture is labelled binary/octet-stream"


NEAR_MISSES = {
    "two redirects": changed(lambda one: status(302, location=f"https://login.example/{one.owner}")(one)),
    "one redirect but for /me": changed(status(302, location="https://a.example/"), lambda one: "/me/" not in one.url),
    "502 at one path": changed(status(502), here("/groups/")),
    "a web page at one owner": changed(status(404, b"<html>", **WEB), here("group-2")),
    "one URL with %2F works": changed(status(404), lambda one: "%2F" in one.url and "user-folder-2" in one.url),
    "URLs with and without %2F fail": changed(status(400), lambda one: "%2F" in one.url or "group-2" in one.url),
    "one URL with %23 works": [
        replace(one, url=one.url + "%23") if one.owner.endswith("-1") else one for one in not_found_with("%23")
    ],
    "one owner is gone": changed(status(404), here("group-2")),
    "one kind of credential opens": changed(let_in, lambda one: one.credential == "none"),
    "a sign-in page without a token": changed(status(200, b"<html>", **WEB), lambda one: one.credential != "token"),
    "one path opens without a token": changed(let_in, lambda one: "/me/" in one.url and one.credential != "token"),
    "me fails now and then": changed(status(400), lambda one: one.owner == "me-2"),
    "gzip for one owner": changed(status(404, gzip.compress(b"none")), lambda one: one.owner == "group-2"),
    "one group is refused": changed(status(403), lambda one: one.owner == "group-2"),
}  # fmt: skip


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_no_likely_cause(name: str) -> None:
    """What only resembles a likely cause is named by its requirement alone."""
    found = {cause["id"].partition(".")[0] for cause in causes(NEAR_MISSES[name])}
    assert found
    assert "likely" not in found


@pytest.mark.parametrize("name", RULES)
def test_no_rule_fires_on_a_conforming_server(name: str) -> None:
    """Without anything wrong in the verdicts or the responses there is no likely cause."""
    assert causes(responses()) == []
    unrelated = causes(responses(), of(lambda one: one.shape == "me.metadata", "metadata.width-is-int32"))
    assert [cause["id"] for cause in unrelated] == ["metadata.width-is-int32"]
    assert name in {"wrong-version", *FIRES}


@pytest.mark.parametrize("name", FIRES)
def test_inconclusive_verdicts_break_no_rule(name: str) -> None:
    """A verdict without a finding, on whatever was recorded, is explained or grouped."""
    seen, more = FIRES[name]
    odd = [
        {**verdict(one, requirement), "outcome": "inconclusive", "findings": [], "reason": "not read"}
        for one in seen
        for requirement in {each["requirement"] for _, named in FIRES.values() for each in named}
        | {"annotation.id-is-photo-url", "placeholder.status-is-expected", "credentials.none-is-refused"}
    ]
    found = causes(seen, [*more, *odd])
    assert sum(cause["verdicts"] for cause in found) >= len(odd)


def test_each_rule_has_its_texts() -> None:
    """Title, hint, and what speaks for and against it; no text is of a rule that there is not."""
    assert [*texts()] == [*RULES]
    assert all({*each} == {"title", "hint", "supports", "refutes"} for each in texts().values())
