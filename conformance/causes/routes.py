"""Likely causes on the way to a response: gateways, redirects, routes, the base URL, the edition."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import replace
from functools import partial
from urllib.parse import unquote

from ..model import FailureKind, Outcome, State
from .evidence import FEWEST, Evidence, Likely, Rule, Seen, actual, failed, most_common, path_of, places, shape_of

_SMALL = re.compile(r"\dx\d")
_ENCODED = re.compile("%[0-9a-f]{2}")
_OF_THE_CALLER = (FailureKind.CREDENTIAL, FailureKind.THROTTLED, FailureKind.OUT_OF_TIME, FailureKind.NOT_KEPT)
"""Failures that say nothing of whether the target responds: no token, too many requests, no time, no memory."""


def _every_response(evidence: Evidence, trait: Callable[[Seen], object], **values: object) -> Likely | None:
    """The evidence of one trait that all plain responses share; its value is one of those that the texts name."""
    every = [*evidence.plain, *evidence.unknown]
    value, count = most_common(map(trait, every))
    if not value or count < max(len(every), FEWEST):
        return None
    explains = evidence.naming(one for one in evidence.seen.values() if trait(one) == value)
    return Likely(explains, every, every, {"value": str(value)[:200], **values})


def no_response(evidence: Evidence) -> Likely | None:
    """Nothing that was sent receives a response; why is the reason of the verdicts."""
    sent = [one for one in evidence.seen.values() if one.failure not in _OF_THE_CALLER]
    if not sent or any(one.status for one in sent):
        return None
    others = evidence.seen.keys() - {one.id for one in sent}
    explains = [verdict for verdict in evidence.verdicts if others.isdisjoint(verdict["exchanges"])]
    reason, _ = most_common(each["reason"] or actual(each) for each in explains)
    return Likely(explains, sent, sent, {"reason": reason}) if explains else None


def _redirected(one: Seen) -> str | None:
    """Where to, without the path that was requested: a login page, another scheme or host, or a slash behind it."""
    path = path_of(one.url) or "?"
    where = one.headers.get("location", "").partition("?")[0].replace(f"{path}/", " the same path with / at its end")
    return where.removesuffix(path).strip() or None if 300 <= one.status < 400 else None


def compressed(evidence: Evidence) -> Likely | None:
    """Bodies are gzip when all codings that Content-Encoding names are undone."""
    bodies = [one for one in evidence.seen.values() if one.body]
    packed = [one for one in bodies if one.body.startswith(b"\x1f\x8b\x08")]
    return Likely(evidence.naming(packed), packed, bodies) if len(packed) >= FEWEST else None


def wrong_version(evidence: Evidence) -> Likely | None:
    segment = path_of(str(evidence.document["target"].get("base_url") or "")).rstrip("/").rpartition("/")[2]
    says_so = any(b"invalid version" in one.body[:2000].lower() for one in evidence.plain)
    if segment in ("v1.0", "beta") and not says_so:
        return None
    found = _every_response(
        evidence,
        lambda one: one.status in (400, 404, 405) and one.status,
        ending=f"ends in {segment!r}" if segment else "has no path",
        saying=", and the response says so" if says_so else "",
    )
    return found and replace(found, explains=evidence.verdicts)


def _exactly(
    evidence: Evidence, part: str, statuses: Container[int] = (404, 405, 501), routed: str = "decoded or not routed"
) -> Likely | None:
    """The evidence that plain requests with this part in the URL fail with these statuses, and no others do.

    Others of the same operations, where some succeed: elsewhere something else may be wrong. Owners of a type of which
    none is found, with the part or without, show nothing.
    """

    def has_part(one: Seen) -> bool:
        return part in one.url.lower()

    found = [one for one in evidence.plain if one.status == 200]
    lost = {each for verdict in evidence.of("placeholder.status-is-expected") for each in verdict["exchanges"]}
    without = [one for one in evidence.plain if not has_part(one) and (failed(one) or one.id in lost)]
    unclear = {one.variant for one in without} - {one.variant for one in found}
    clear = (one for one in evidence.plain if one.variant not in unclear)
    marked = [one for one in clear if one.state == State.PRESENT and has_part(one)]
    operations = set(map(_operation, marked))
    beside = [one for one in evidence.plain if _operation(one) in operations]
    plain = beside if not operations.isdisjoint(map(_operation, found)) else evidence.plain
    failing = [one for one in plain if failed(one)]
    passing = [one for one in plain if one.status == 200]
    exact = marked and failing and passing and all(map(has_part, failing)) and not any(map(has_part, passing))
    if not exact or any(one.status not in statuses for one in marked):
        return None
    at = marked[0].url.lower().index(part)
    same = {one.status for one in marked}
    about = {
        "part": marked[0].url[at : at + len(part)],
        "character": unquote(part),
        "passing": f"{len(passing):,}",
        "what": routed if same == {404} else "refused on the way",
    }
    there = (one for one in evidence.seen.values() if _operation(one) in operations)
    alike = [one for one in there if has_part(one) and one.status in same]
    explains = [*evidence.naming(failing), *evidence.naming(alike)]
    return Likely(explains, failing, failing, about)


def _operation(one: Seen) -> str:
    """Its variant and form."""
    return ".".join(one.shape.split(".")[:2])


def encoded_character(evidence: Evidence) -> Likely | None:
    """A character, or one of several, is not decoded: with it nothing is found where all else of the path shape is."""
    parts = [{*_ENCODED.findall(one.url.lower())} for one in evidence.plain if failed(one)]
    shapes = {one.shape for one in evidence.plain if one.status == 200}
    common = sorted(parts[0].intersection(*parts)) if parts else ()
    beside = [part for part in common if any(one.shape in shapes and part in one.url.lower() for one in evidence.plain)]
    exact = (_exactly(evidence, part, (400, 403, 404, 405, 501), "not decoded") for part in beside)
    found = [one for one in exact if one]
    if not found:
        return None
    names = {name: " or ".join(str(one.values[name]) for one in found) for name in ("part", "character")}
    return replace(found[0], values={**found[0].values, **names})


def missing_routes(evidence: Evidence) -> Likely | None:
    plain = [*evidence.plain, *evidence.unknown]
    operations: dict[str, list[Seen]] = {}
    for one in plain:
        operations.setdefault(_operation(one), []).append(one)
    existing = {_operation(one) for one in evidence.seen.values() if one.status == 200}
    gone = {name: asked for name, asked in operations.items() if name not in existing and _alike_for_all(asked)}
    if not gone:
        return None
    for name, asked in operations.items():  # below /me no id can be made up: the same path below /users shows it
        sibling = gone.get(f"user{name[2:]}") if name.startswith("me") else None
        if sibling and {one.status for one in asked} == {one.status for one in sibling}:
            gone[name] = asked
    alike = [one for asked in gone.values() for one in asked]
    shapes, statuses = {one.shape for one in alike}, {one.status for one in alike}
    there = [one for one in evidence.seen.values() if one.shape in shapes and one.status in statuses]
    explains = [verdict for verdict in evidence.naming(there) if shape_of(verdict) in shapes]
    if len(gone) == len(operations):  # so that nothing was evaluated, of several paths together neither
        explains += [verdict for verdict in evidence.verdicts if verdict["outcome"] == Outcome.INCONCLUSIVE]
    names = places(sorted(gone)) if len(gone) < len(operations) else "--base-url first, then at each path below it"
    about = {"gone": len(gone), "operations": len(operations), "names": names}
    return Likely(explains, alike, plain, about)


def any_id_is_found(evidence: Evidence) -> Likely | None:
    """Whatever id is in the path, or in one place of it, some operations respond as for an owner with a photo."""
    asked: dict[tuple[str, str], list[Seen]] = {}
    for one in evidence.unknown:
        asked.setdefault((_operation(one), one.owner.rpartition(".")[2]), []).append(one)
    there = [key for key, every in asked.items() if all(one.status == 200 for one in every)]
    found, operations = [one for key in there for one in asked[key]], {name for name, _ in there}
    known = [one for one in evidence.plain if _operation(one) in operations]
    lacking = evidence.naming(known, lambda name: name in ("picture.absent-is-404", "placeholder.is-not-a-photo"))
    explains = [*evidence.naming(found), *lacking, *evidence.of("relation.not-another-owner")]
    names = f"{', '.join(dict.fromkeys(label for _, label in there))} at {places(one.shape for one in found)}"
    return Likely(explains, found, found, {"names": names}) if found else None


def query_string(evidence: Evidence) -> Likely | None:
    """With a query string nothing is found that is there without one: routes match the whole URL."""
    opened = {f"{one.url}?" for one in evidence.plain if one.status == 200}
    sent = (one for one in evidence.seen.values() if one.credential == "token")
    asked = [one for one in sent if "".join(one.url.partition("?")[:2]) in opened]
    if len(asked) < FEWEST or any(one.status != 404 for one in asked):
        return None
    return Likely(evidence.naming(asked, lambda name: name.startswith("option.")), asked, asked)


def nothing_matches(evidence: Evidence) -> Likely | None:
    """All photos are served, and whatever id exists nowhere receives one and the same 5xx."""
    status, count = most_common(one.status for one in evidence.unknown)
    served = [one.status == 200 for one in evidence.plain if one.state == State.PRESENT]
    if not status or status < 500 or count < max(len(evidence.unknown), FEWEST) or not served or not all(served):
        return None
    alike = [one for one in evidence.seen.values() if one.status == status]
    explains = evidence.naming(alike, lambda name: name == "http.never-5xx")
    return Likely(explains, evidence.unknown, evidence.unknown, {"status": status})


def _alike_for_all(asked: list[Seen]) -> bool:
    """Whether known and unknown owners get one and the same status, that of a missing route."""
    statuses, states = {one.status for one in asked}, {one.state for one in asked}
    return len(statuses) == 1 and statuses <= {404, 405, 501} and {State.PRESENT, State.UNKNOWN} <= states


def other_edition(evidence: Evidence) -> Likely | None:
    """The ids are in lower case (2023), or no placeholder, no `@odata.id` and other ids (the service)."""
    if not str(evidence.document["edition"]).startswith("v1.0-2016"):
        return None
    names = ("metadata.id-matches-dimensions", "annotation.id-is-photo-url", "placeholder.status-is-expected")
    ids, links, placeholders = map(evidence.of, names)
    if links and placeholders and all("404" in actual(each) for each in placeholders):
        better, explains = "observed", [*ids, *links, *placeholders]
    elif ids and all(_SMALL.search(actual(each)) for each in ids) and not links:
        small = [each for each in evidence.of("placeholder.id-is-1x1") if _SMALL.search(actual(each))]
        better, explains = "v1.0-2024", [*ids, *small]
    else:
        return None
    refuted = any(name == names[0 if better != "observed" else 2] for name, _ in evidence.holds)
    violated = [each for each in evidence.verdicts if each["outcome"] == Outcome.VIOLATES]
    if refuted or len(explains) < len(violated) / 4:
        return None  # most of what is violated is so in either edition
    rules = ", ".join(dict.fromkeys(each["requirement"] for each in explains))
    against = "an id with a capital X" if better != "observed" else "a placeholder for an owner without a photo"
    return Likely(explains, explains, violated, {"better": better, "against": against, "rules": rules})


RULES: dict[str, Rule] = {
    "no-response": no_response,
    "one-redirect": partial(_every_response, trait=_redirected),
    "backend-down": partial(_every_response, trait=lambda one: one.status in (502, 503, 504) and one.status),
    "one-web-page": partial(_every_response, trait=lambda one: one.media_type == "text/html" and one.status),
    "compressed": compressed,
    "wrong-version": wrong_version,
    "encoded-slash": partial(_exactly, part="%2f", statuses=range(600)),
    "encoded-dollar": partial(_exactly, part="%24value"),
    "folder-path-case": partial(_exactly, part="/contactfolders/"),
    "missing-routes": missing_routes,
    "nothing-matches": nothing_matches,
    "any-id-is-found": any_id_is_found,
    "query-string": query_string,
    "user-key": partial(_exactly, part="%40"),
    "encoded-character": encoded_character,
    "other-edition": other_edition,
}
