"""Likely causes about who may ask: credentials, scopes, and caches that do not look at Authorization."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import partial

from ..model import State
from .evidence import FEWEST, Evidence, Likely, Rule, Seen, VerdictData, actual, failed, most_common

_REQUEST_IDS = ("request-id", "x-request-id", "x-ms-request-id", "x-correlation-id", "x-amzn-requestid")
_CACHE_MARKS = ("x-cache", "x-cache-status", "cf-cache-status", "x-proxy-cache", "cache-status")
_MEDIA_ETAG = re.compile(rb'"@odata\.mediaEtag"\s*:\s*"(?:W/)?(\\"[!-~]{0,200}?\\")"')


def from_cache(one: Seen) -> bool:
    """Whether the response says that a cache kept it."""
    age = one.headers.get("age", "")
    marks = " ".join(one.headers.get(name, "") for name in _CACHE_MARKS).lower()
    return (age.isascii() and age.isdigit() and int(age[:9]) > 0) or "hit" in marks


def shared_cache(evidence: Evidence) -> Likely | None:
    """A caller receives what an earlier request of another one, or without a good token, received."""
    traced = _same_response(evidence)
    kept = list({one.id: one for one in (*traced, *_opened_by_others(evidence))}.values())
    if not kept:
        return None
    traces = "same request id, or Age or X-Cache say so" if traced else "and are refused where none had opened the URL"
    without = [one for one in kept if one.credential != "token"]
    senders = {(one.url, _sender(one)) for one in kept}
    alike = [one for one in evidence.seen.values() if (one.url, _sender(one)) in senders]
    varying = evidence.naming(alike, lambda name: name == "http.repeat-is-identical")
    return Likely([*evidence.naming(without), *evidence.naming(kept), *varying], kept, None, {"traces": traces})


def _same_response(evidence: Evidence) -> list[Seen]:
    """Responses that an earlier request of another sender received: the request id, or what a cache says, shows it."""
    responses = [(one, _request_id(one)) for one in evidence.seen.values()]
    urls: dict[str, set[str]] = {}
    for one, identity in responses:
        urls.setdefault(identity, set()).add(one.url)
    first: dict[object, Seen] = {}
    found = []
    for one, identity in responses:
        sender = _sender(one)
        own = first.setdefault((one.url, sender), one)
        alike = first.setdefault((one.url, one.status), one)
        same = first.setdefault((one.url, one.status, identity), one)
        traced = identity and len(urls[identity]) == 1 and _sender(same) != sender
        source = same if traced else alike
        if not traced and (_sender(source) == sender or not from_cache(one)):
            continue
        changed = own.status != one.status
        wrong = changed or (traced and one.status == 200) if one.credential == "token" else one.status != 401
        if wrong and (changed or source.credential == "token"):
            found.append(one)
    return found


def _request_id(one: Seen) -> str:
    return next((one.headers[name] for name in _REQUEST_IDS if name in one.headers), "")


def _sender(one: Seen) -> tuple[str, str]:
    return one.caller, one.credential


def _opened_by_others(evidence: Evidence) -> list[Seen]:
    """What others receive once a token has opened the URL, where nothing else opens without a good token."""
    opened: dict[str, tuple[str, str]] = {}
    found, refused = [], 0
    for one in evidence.seen.values():
        if one.credential not in ("", "token") and (one.status == 200) != (one.url in opened):
            return []
        if one.status == 200 and opened.setdefault(one.url, _sender(one)) != _sender(one):
            found.append(one)
        refused += one.credential != "token" and one.status in (401, 403)
    return found if refused >= FEWEST else []


def no_credential_checked(evidence: Evidence) -> Likely | None:
    """An invented token opens what a good one does, and so may requests with another scheme or without a token."""
    without = [one for one in evidence.seen.values() if one.credential not in ("", "token")]
    working = {one.url: one.media_type for one in evidence.plain or without if one.status == 200}  # or: without a token
    asked = [one for one in without if one.url in working]
    opened = [one for one in asked if one.status == 200 and one.media_type == working[one.url]]
    number, opening = (Counter(one.credential for one in ones) for ones in (asked, opened))
    open_kinds = [kind for kind in number if opening[kind] >= max(3, 0.9 * number[kind])]
    if "garbage" not in open_kinds or _opened_by_others(evidence):
        return None
    asked, opened, alike = ([one for one in ones if one.credential in open_kinds] for ones in (asked, opened, without))
    needed = "none" in number and "none" not in open_kinds
    checked = "Tokens that were never issued are accepted" if needed else "No credential is checked"
    sent = "with a token that was never issued" if needed else "without a good token"
    explains = [
        *evidence.naming(opened),
        *evidence.naming(alike, lambda name: name.startswith("credentials.")),
        *(one for one in evidence.verdicts if one["requirement"].startswith("permission.without-scope")),
        *for_further_users(evidence),
    ]
    return Likely(explains, opened, asked, {"checked": checked, "sent": sent})


def for_further_users(evidence: Evidence) -> list[VerdictData]:
    """What is wrong below `/me` with the tokens of further users, where the first one's works."""
    mine = [one for one in evidence.plain if one.shape.startswith("me")]
    first, *further = dict.fromkeys(one.caller for one in mine) or [""]
    found = {one.variant for one in mine if one.caller == first and one.status == 200}
    others = [one for one in evidence.seen.values() if one.variant in found and one.caller in further]
    shown = ("-200", "-404", "holder")  # what a response as for another user breaks, beside the relations
    return evidence.naming(others, lambda name: name.startswith(("placeholder.", "relation.")) or name.endswith(shown))


def no_scope_checked(evidence: Evidence) -> Likely | None:
    """Callers without a listed scope receive photos, and no caller is refused with 403."""
    opened = evidence.of("permission.without-scope-discloses-nothing")
    disclosed = any(" with a" in actual(each) for each in opened)  # or else they are refusals with the wrong status
    refused = any(one.status == 403 for one in evidence.seen.values())
    return Likely(opened, opened, None) if disclosed and not refused else None


def _refused_alone(
    evidence: Evidence, mine: Callable[[Seen], bool], statuses: tuple[int, ...], scopes: str = ""
) -> Likely | None:
    """The evidence that the plain requests of a kind receive one of these statuses, and all others succeed."""
    refused = [one for one in evidence.plain if mine(one)]
    others = [one for one in evidence.plain if not mine(one)]
    status, count = most_common(one.status for one in refused)
    if status not in statuses or count < len(refused) or not others or any(map(failed, others)):
        return None
    delegated = sum(b"delegated" in one.body[:2000].lower() for one in refused)
    ask = f"; {delegated} responses ask for delegated authentication" if delegated else ""
    about = {"status": status, "delegated": ask, "scopes": scopes}
    return Likely(evidence.naming(refused), refused, refused, about)


def missing_scope(evidence: Evidence) -> Likely | None:
    missing = {_scope(one) for one in evidence.plain} - {_scope(one) for one in evidence.plain if one.status != 403}
    return _refused_alone(evidence, lambda one: _scope(one) in missing, (403,), ", ".join(sorted(missing)))


def _scope(one: Seen) -> str:
    if "contact" in one.shape or "folder" in one.shape:
        return "Contacts.*"
    return "Group.*" if one.shape.startswith(("group", "team")) else "User.*"


def stale_cache(evidence: Evidence) -> Likely | None:
    """Metadata and picture of one owner disagree, and a cache kept one of them, or both differ in tag and size."""
    names = ("annotation.media-etag-matches-header", "http.repeat-is-identical", "picture.dimensions-match-metadata")
    wrong = evidence.of(*names)
    if not wrong:
        return None
    kept = {one.id for one in evidence.seen.values() if one.state == State.PRESENT and from_cache(one)}
    if all(not kept.isdisjoint(each["exchanges"]) for each in wrong):
        what = "one that a cache kept (Age, X-Cache)"
    elif all(_two_versions(evidence, each) for each in wrong):
        what = "a picture of other pixels and another ETag than its metadata says"
    else:
        return None
    return Likely(wrong, wrong, wrong, {"what": what})


def _two_versions(evidence: Evidence, verdict: VerdictData) -> bool:
    """Whether a picture of other pixels than its metadata says has another ETag than that says, too."""
    looked_at = [evidence.seen[each] for each in verdict["exchanges"] if each in evidence.seen]
    sent = {one.headers.get("etag", "").removeprefix("W/") for one in looked_at if one.photo}
    said = {tag.replace(b'\\"', b'"').decode() for one in looked_at for tag in _MEDIA_ETAG.findall(one.body[:10_000])}
    return "dimensions" in verdict["requirement"] and bool(said) and "" not in sent and sent.isdisjoint(said)


RULES: dict[str, Rule] = {
    "shared-cache": shared_cache,
    "no-credential-checked": no_credential_checked,
    "no-scope-checked": no_scope_checked,
    "application-token": partial(_refused_alone, mine=lambda one: one.shape.startswith("me"), statuses=(400, 401, 403)),
    "missing-scope": missing_scope,
    "stale-cache": stale_cache,
}
