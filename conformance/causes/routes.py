"""Likely causes on the way to a response: gateways, redirects, routes, the base URL, the edition."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from ..model import State
from .evidence import Evidence, Seen, VerdictData, actual, failed, most_common, share
from .rule import Likely, Rule

FEWEST = 4
"""Responses that a statement about all of them needs."""


def _all_alike(evidence: Evidence, what: Callable[[Seen], object]) -> tuple[Sequence[Seen], Any, Sequence[VerdictData]]:
    """Every plain response where all have one trait, what it is, and the verdicts on any response with it; or none."""
    every = [*evidence.plain, *evidence.unknown]
    value, count = most_common(map(what, every))
    if not value or count < max(len(every), FEWEST):
        return (), None, ()
    return every, value, evidence.naming(one for one in evidence.seen.values() if what(one) == value)


def one_redirect(evidence: Evidence) -> Likely | None:
    every, where, explains = _all_alike(evidence, _redirected)
    if not every:
        return None
    return Likely(
        f"Every request is redirected to {str(where)[:200]}",
        "A login page or a redirect to another address stands in front of the API: use the address that it leads to "
        "as --base-url, or let requests with a Bearer token pass.",
        share(every, every, "plain requests are redirected there"),
        "a plain request that is not redirected",
        explains,
    )


def _redirected(one: Seen) -> str | None:
    """Where to, without the path that was requested: a login page, or another scheme or host."""
    return one.located.removesuffix(one.path) or None if 300 <= one.status < 400 else None


def backend_down(evidence: Evidence) -> Likely | None:
    every, status, explains = _all_alike(evidence, lambda one: one.status in (502, 503, 504) and one.status)
    if not every:
        return None
    return Likely(
        f"The backend is down: every response is {status}",
        "A gateway responds in place of the API. Start the backend, or correct the gateway's upstream address.",
        share(every, every, f"plain requests receive {status}"),
        "a plain request that receives another status",
        explains,
    )


def one_web_page(evidence: Evidence) -> Likely | None:
    every, _, explains = _all_alike(evidence, lambda one: one.media_type == "text/html" and one.status)
    if not every:
        return None
    return Likely(
        "Every response is a web page",
        "A website or a portal responds in place of the API. Check --base-url, and whether the network asks for a "
        "sign-in.",
        share(every, every, "plain responses are text/html"),
        "a response with JSON or a picture",
        explains,
    )


def wrong_version(evidence: Evidence) -> Likely | None:
    every, status, explains = _all_alike(evidence, lambda one: one.status in (400, 404, 405) and one.status)
    base_url = str(evidence.document["target"].get("base_url") or "")
    segment = _last_segment(base_url)
    says_so = [one for one in every if b"invalid version" in one.body[:2000].lower()]
    if not every or (segment in ("v1.0", "beta") and not says_so):
        return None
    return Likely(
        f"The base URL ends in {segment or 'no path'!r} and every path below it responds {status}",
        "The version segment is part of the base URL, e.g. https://graph.microsoft.com/v1.0: add or correct it.",
        share(every, every, f"plain requests receive {status}") + (", and the response says so" if says_so else ""),
        "a path below this base URL that responds with a photo",
        explains,
    )


def _last_segment(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""


def _exactly(evidence: Evidence, mark: Callable[[Seen], bool]) -> tuple[list[Seen], str, str] | None:
    """The plain requests with a trait, where these and no others fail; and what supports and would refute it."""
    failing = [one for one in evidence.plain if failed(one)]
    passing = [one for one in evidence.plain if one.status == 200]
    marked = [one for one in evidence.plain if one.state == State.PRESENT and mark(one)]
    if not (marked and failing and passing) or any(map(mark, passing)) or not all(map(mark, failing)):
        return None
    return marked, share(failing, failing, "failing URLs"), f"0 of {len(passing):,} passing ones"


def encoded_slash(evidence: Evidence) -> Likely | None:
    found = _exactly(evidence, lambda one: "%2f" in one.url.lower())
    if not found:
        return None
    marked, failing, passing = found
    decoded = {one.status for one in marked} == {404}
    return Likely(
        f"%2F in ids is {'decoded or not routed' if decoded else 'refused on the way'}",
        "A gateway or the router treats %2F as a path separator, but contact ids may hold it: let it pass undecoded "
        "(Apache: AllowEncodedSlashes NoDecode; nginx: proxy_pass without a URI; Tomcat: encodedSolidusHandling).",
        f"{failing} hold %2F, {passing} do",
        "a URL with %2F that responds with a photo",
        evidence.naming(one for one in evidence.seen.values() if "%2f" in one.url.lower()),
    )


def encoded_dollar(evidence: Evidence) -> Likely | None:
    found = _exactly(evidence, lambda one: "%24value" in one.path)
    if not found:
        return None
    marked, failing, passing = found
    return Likely(
        "%24value is not routed",
        "Many clients percent-encode the dollar sign: route %24value like $value.",
        f"{failing} hold %24value, {passing} do",
        "a URL with %24value that responds with a picture",
        evidence.naming(marked),
    )


def folder_path_case(evidence: Evidence) -> Likely | None:
    found = _exactly(evidence, lambda one: re.search("/contactfolders/", one.path, re.IGNORECASE) is not None)
    if not found or {one.status for one in found[0]} - {404, 405, 501}:
        return None
    marked, failing, passing = found
    word = next(part for part in marked[0].path.split("/") if part.lower() == "contactfolders")
    return Likely(
        f"/{word}/ is not routed",
        "Path words have no case: route contactfolders and contactFolders alike.",
        f"{failing} hold /{word}/, {passing} do",
        f"a path with /{word}/ that responds with a photo",
        evidence.at({one.shape for one in marked}),
    )


def missing_routes(evidence: Evidence) -> Likely | None:
    operations: dict[str, list[Seen]] = {}
    for one in (*evidence.plain, *evidence.unknown):
        operations.setdefault(".".join(one.shape.split(".")[:2]), []).append(one)
    gone = {
        name: asked
        for name, asked in operations.items()
        if len({one.status for one in asked}) == 1
        and asked[0].status in (404, 405, 501)
        and {State.PRESENT, State.UNKNOWN} <= {one.state for one in asked}
    }
    shapes = {one.shape for asked in gone.values() for one in asked}
    if not shapes:
        return None
    return Likely(
        f"Routes may be missing: {len(gone)} of {len(operations)} requested operations",
        "They respond to known and unknown owners alike, as a server without these routes does: "
        + ", ".join(sorted(gone))
        + ".",
        share(
            [one for asked in gone.values() for one in asked], [*evidence.plain, *evidence.unknown], "plain requests"
        ),
        "a different response of one of them for some owner",
        evidence.at(shapes),
    )


def other_edition(evidence: Evidence) -> Likely | None:
    """The ids are in lower case (2023), or no placeholder, no `@odata.id` and other ids (the service)."""
    if not str(evidence.document["edition"]).startswith("v1.0-2016"):
        return None
    by_name = {
        name: [each for each in evidence.verdicts if each["requirement"] == name and each["findings"]]
        for name in ("metadata.id-matches-dimensions", "annotation.id-is-photo-url", "placeholder.status-is-expected")
    }
    ids, links, placeholders = by_name.values()
    got = [finding["got"] for verdict in ids for finding in verdict["findings"]]
    if links and placeholders and all("404" in actual(each) for each in placeholders):
        better, explains = "observed", [*ids, *links, *placeholders]
    elif got and all(re.search(r"\dx\d", text) for text in got) and not links:
        better, explains = "v1.0-2024", ids
    else:
        return None
    return Likely(
        f"Edition `{better}` fits this target better than `v1.0-2016`",
        f"Run with --edition {better}, or with --edition auto to see what speaks for each edition.",
        share(explains, evidence.verdicts, "verdicts to explain are about rules that differ between the editions"),
        "an id with a capital X" if better != "observed" else "a placeholder for an owner without a photo",
        explains,
    )


RULES: tuple[Rule, ...] = (
    one_redirect,
    backend_down,
    one_web_page,
    wrong_version,
    encoded_slash,
    encoded_dollar,
    folder_path_case,
    missing_routes,
    other_edition,
)
"""In the order in which they are tried."""
