"""Likely causes about who may ask: credentials, scopes, and caches that do not look at Authorization."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import State
from .evidence import Evidence, Seen, VerdictData, failed, most_common, share
from .rule import Likely, Rule

_REQUEST_IDS = ("request-id", "x-request-id", "x-ms-request-id", "x-correlation-id", "x-amzn-requestid")
_CACHE_MARKS = ("x-cache", "x-cache-status", "cf-cache-status", "x-proxy-cache", "cache-status")


def from_cache(one: Seen) -> bool:
    """Whether the response says that a cache kept it."""
    age = one.headers.get("age", "")
    marks = " ".join(one.headers.get(name, "") for name in _CACHE_MARKS).lower()
    return (age.isascii() and age.isdigit() and int(age[:9]) > 0) or "hit" in marks


def shared_cache(evidence: Evidence) -> Likely | None:
    """A response for one caller, or for none, is the very one that another caller received."""
    first: dict[str, Seen] = {}
    urls: dict[str, set[str]] = {}
    hits = []
    for one in evidence.seen.values():
        identity = next((one.headers[name] for name in _REQUEST_IDS if name in one.headers), "")
        urls.setdefault(identity, set()).add(one.url)
        earlier = first.setdefault(one.url, one)
        others = (earlier.caller, earlier.credential) != (one.caller, one.credential)
        if others and one.status == 200 and earlier.credential == "token":
            again = identity and any(identity == earlier.headers.get(name) for name in _REQUEST_IDS)
            hits += [(one, identity)] if again or from_cache(one) else []
    hit = [one for one, identity in hits if from_cache(one) or len(urls[identity]) == 1]
    if not hit:
        return None
    return Likely(
        "A cache in front of this server ignores Authorization",
        "Let the cache vary by Authorization, or let the server send Cache-Control: private (or no-store).",
        f"{len(hit):,} responses without a token, or for another caller, are those that an earlier request with a "
        "token received (same request id, or Age or X-Cache say so)",
        "a request without a token that is refused after one with a token",
        evidence.naming(hit),
    )


def no_credential_checked(evidence: Evidence) -> Likely | None:
    working = {one.url for one in evidence.plain if one.status == 200}
    asked = [one for one in evidence.refusable if one.url in working]
    opened = [one for one in asked if 200 <= one.status < 300]
    if len(opened) < 3 or len(opened) < 0.9 * len(asked) or len({one.credential for one in opened}) < 2:
        return None
    callers = dict.fromkeys(one.caller for one in evidence.plain if one.shape.startswith("me"))
    others = [one for one in evidence.seen.values() if one.shape.startswith("me") and one.caller in [*callers][1:]]
    explains = [each for each in evidence.verdicts if _about_access(each["requirement"])]
    return Likely(
        "No credential is checked",
        "Requests without a token, with a wrong one and with another scheme receive what a good token does. A mock "
        "that need not check them, and serves one user at /me: leave these requirements out with "
        '-k "not credentials and not permission".',
        share(opened, asked, "requests without a good token are successful"),
        "a request without a good token that is refused",
        [*explains, *(each for each in evidence.naming(others) if each not in explains)],
    )


def _about_access(requirement: str) -> bool:
    return requirement.startswith(("credentials.", "permission.without-scope"))


def application_token(evidence: Evidence) -> Likely | None:
    mine = [one for one in evidence.plain if ".me" in f".{one.shape}" and one.shape.startswith("me")]
    others = [one for one in evidence.plain if not one.shape.startswith("me")]
    status, count = most_common(one.status for one in mine)
    delegated = [one for one in mine if b"delegated" in one.body[:2000].lower()]
    if not others or any(map(failed, others)) or count < len(mine) or not (status in (400, 401, 403) and mine):
        return None
    return Likely(
        "The token is one of an application: it has no signed-in user",
        "/me needs a delegated token. Give the user of the target file a token of their own, or leave `token` out so "
        "that /me is not exercised.",
        share(mine, mine, f"requests below /me receive {status}, and all others succeed")
        + (f"; {len(delegated)} responses ask for delegated authentication" if delegated else ""),
        "a path below /me that responds with a photo",
        evidence.naming(mine),
    )


def missing_scope(evidence: Evidence) -> Likely | None:
    kinds: dict[str, list[Seen]] = {}
    for one in evidence.plain:
        kinds.setdefault(_scope(one), []).append(one)
    refused = {scope: asked for scope, asked in kinds.items() if {one.status for one in asked} == {403}}
    rest = [one for scope, asked in kinds.items() if scope not in refused for one in asked]
    if not refused or not rest or any(map(failed, rest)):
        return None
    scopes = ", ".join(sorted(refused))
    asked = [one for each in refused.values() for one in each]
    return Likely(
        f"The token holds no {scopes} scope",
        f"Give the caller a token with one of the {scopes} scopes that the page lists, or say under [[identity]] "
        "which scopes it has.",
        share(asked, asked, f"requests that need a {scopes} scope receive 403, 0 of {len(rest):,} others do"),
        f"a request that needs a {scopes} scope and succeeds with this token",
        evidence.naming(asked),
    )


def _scope(one: Seen) -> str:
    if "contact" in one.shape or "folder" in one.shape:
        return "Contacts.*"
    return "Group.*" if one.shape.startswith(("group", "team")) else "User.*"


def stale_cache(evidence: Evidence) -> Likely | None:
    """Metadata and picture of one owner disagree, and a cache kept one of them."""
    names = ("annotation.media-etag-matches-header", "http.repeat-is-identical", "picture.dimensions-match-metadata")
    wrong = [each for each in evidence.verdicts if each["requirement"] in names]
    kept = [one for one in evidence.seen.values() if one.state == State.PRESENT and from_cache(one)]
    explained: Sequence[VerdictData] = evidence.naming(kept, lambda name: name in names)
    if not explained or len(explained) < len(wrong):
        return None
    return Likely(
        "A cache serves an old picture or old metadata",
        "Metadata and picture of one photo are kept for different times: let the cache revalidate them (ETag, "
        "Cache-Control: no-cache), or keep both out of it.",
        share(explained, wrong, "verdicts about disagreeing responses name one that a cache kept (Age, X-Cache)"),
        "a disagreement between two responses that no cache kept",
        explained,
    )


RULES: tuple[Rule, ...] = (
    shared_cache,
    no_credential_checked,
    application_token,
    missing_scope,
    stale_cache,
)
"""In the order in which they are tried."""
