"""The causes of a run: likely causes first, and what they do not explain by requirement and kind of finding."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..model import Level, Outcome
from . import access, alike, evidence, photo_rules, routes
from .evidence import WORST_FIRST, Document, Evidence, Likely, Rule, Seen, VerdictData, places, shape_of

RULES: tuple[Rule, ...] = (
    routes.no_response, routes.one_redirect, routes.backend_down, routes.one_web_page, routes.wrong_version,
    routes.encoded_slash, routes.encoded_dollar, routes.folder_path_case, routes.missing_routes, routes.user_key,
    routes.encoded_character, routes.other_edition,
    access.shared_cache, access.no_credential_checked, access.application_token, access.missing_scope,
    access.stale_cache, photo_rules.octet_stream, photo_rules.text_decoder, photo_rules.base64_body,
    photo_rules.image_proxy, photo_rules.one_picture_for_all,
)  # fmt: skip
"""In the order in which they are tried: what an earlier one explains, a later one does not."""

_Group = tuple[str, Likely | None, Sequence[VerdictData]]
"""The id of a cause, what is likely of it, and the verdicts that it explains."""


def attach(document: dict[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Put `causes` into the document, and into each verdict with a cause its id; `entries` are those of the HAR."""
    document["causes"] = causes(document, evidence.seen(entries) if Evidence(document, {}).verdicts else {})


def causes(document: Document, seen: Mapping[str, Seen]) -> list[dict[str, Any]]:
    """The causes of a document as data, most important first; each verdict with a cause gets its id."""
    groups, blocked = _groups(Evidence(document, seen)), evidence.blocked_by(document)
    for identity, _, verdicts in groups:
        for verdict in verdicts:
            verdict["cause"] = identity
    return sorted((_cause(group, document, seen, blocked) for group in groups), key=_importance)


def _groups(about: Evidence) -> list[_Group]:
    rest = {id(verdict): verdict for verdict in about.verdicts}
    found: list[_Group] = []
    for rule in RULES if about.seen and rest else ():
        if likely := rule(about):
            taken = [rest.pop(each) for each in dict.fromkeys(map(id, likely.explains)) if each in rest]
            found += [("likely." + rule.__name__.replace("_", "-"), likely, taken)] if taken else []
    groups = alike.groups(rest.values())
    named = Counter(verdicts[0]["requirement"] for verdicts in groups)
    for verdicts in groups:
        name = verdicts[0]["requirement"]
        key = repr(alike.key(verdicts[0]))
        suffix = "." + hashlib.sha256(key.encode()).hexdigest()[:6] if named[name] > 1 else ""
        found.append((name + suffix, None, verdicts))
    return found


def _cause(
    group: _Group, document: Document, seen: Mapping[str, Seen], blocked: Mapping[tuple[str, str], Counter[str]]
) -> dict[str, Any]:
    identity, likely, verdicts = group
    worst = min(verdicts, key=_severity)
    of_worst = [verdict for verdict in verdicts if verdict["outcome"] == worst["outcome"]]
    pairs = {(verdict["requirement"], verdict["variant"]) for verdict in verdicts}
    blocks = sum((blocked.get(pair, Counter()) for pair in pairs), Counter[str]())
    outcomes = evidence.tally(verdicts)
    says = document.get("requirements", {}).get(worst["requirement"], {}).get("sentence") or worst["requirement"]
    failed = worst["outcome"] in (Outcome.VIOLATES, Outcome.DEPARTS)
    cause: dict[str, Any] = {
        "id": identity,
        "title": alike.properties_in_words(verdicts) or "Not met: " * failed + says,
        "hint": _advice(of_worst, document),
        "level": str(max((verdict["level"] for verdict in of_worst), key=[Level.SHOULD, Level.MUST].index)),
        "outcome": worst["outcome"],
        "requirements": list(dict.fromkeys(verdict["requirement"] for verdict in verdicts)),
        "cites": list(dict.fromkeys(verdict["cites"] for verdict in verdicts)),
        "verdicts": sum(outcomes.values()),
        "outcomes": {outcome: outcomes[outcome] for outcome in WORST_FIRST if outcomes[outcome]},
        "operations": list(dict.fromkeys(shape_of(each) or each["variant"] for each in verdicts)),
        "exchange": _example(of_worst, seen),
        "findings": _findings(of_worst),
        "reason": worst["reason"],
        "blocks": dict(sorted(blocks.items())),
    }
    if likely:
        cause |= _texts(identity, likely)
    elif worst["outcome"] == Outcome.INCONCLUSIVE and worst["reason"]:
        cause |= {"title": worst["reason"], "reason": None}  # the reason is the cause, and no requirement's own
    return cause


def _advice(verdicts: Sequence[VerdictData], document: Document) -> str:
    """What to do about verdicts of one requirement, from what they found and from where it holds."""
    worst = verdicts[0]
    if worst["outcome"] == Outcome.BROKEN:
        return "This is a bug in the suite, not in the target: please report it with this text."
    if worst["outcome"] == Outcome.INCONCLUSIVE:
        return "Nothing is known to be wrong there: see to what the reason names, and run again."
    finding, names = worst["findings"][0], {verdict["requirement"] for verdict in verdicts}
    locations = ", ".join(f"`{each['at']}`" for each in _findings(verdicts))
    holds = [
        shape_of(verdict) or verdict["variant"]
        for verdict in document["verdicts"]
        if verdict["outcome"] == Outcome.CONFORMS and verdict["requirement"] in names
    ]
    wrong = {shape_of(verdict) or verdict["variant"] for verdict in verdicts}
    if right := [shape for shape in holds if shape not in wrong]:
        where = f"correct at {places(right)}"
    else:
        where = "correct for other owners at the same paths" if holds else "correct nowhere"
    return f"Fix {locations}: expected {finding['wanted']}, actual {finding['got']} ({where})."


@cache
def texts() -> dict[str, dict[str, str]]:
    """What each rule says, by its name."""
    return tomllib.loads(Path(__file__).with_name("likely.toml").read_text("utf-8"))


def _texts(identity: str, likely: Likely) -> dict[str, str]:
    """Title, hint, and what speaks for and against a likely cause."""
    templates = texts()[identity.removeprefix("likely.")]
    found = {name: template.format_map(likely.values) for name, template in templates.items()}
    share = f"{len(likely.some):,}" + ("" if likely.of is None else f" of {len(likely.of):,}")
    return {**found, "supports": f"{share} {found['supports']}"}


def _findings(verdicts: Sequence[VerdictData]) -> list[dict[str, str]]:
    """One finding for each location, of the first verdict that has it; five at most."""
    found: dict[str, dict[str, str]] = {}
    for verdict in verdicts:
        for finding in verdict["findings"] if len(found) < 5 else ():
            found.setdefault(finding["at"], dict(finding))
    return list(found.values())[:5]


def _severity(verdict: Mapping[str, Any]) -> tuple[int, bool]:
    return WORST_FIRST.index(Outcome(verdict["outcome"])), verdict["level"] != Level.MUST


def _importance(cause: Mapping[str, Any]) -> tuple[object, ...]:
    """Roots first: the worst outcome, likely causes before single requirements, then what blocks and hits most."""
    single = not cause["id"].startswith("likely.")
    return *_severity(cause), single, -sum(cause["blocks"].values()), -cause["verdicts"], cause["id"]


def _showing(verdict: VerdictData, seen: Mapping[str, Seen]) -> list[str]:
    """The verdict's exchanges, the picture's first where the picture is the evidence."""
    of_picture = "picture" in f"{verdict['requirement']} {[each['at'] for each in verdict['findings']]}"
    return sorted(
        (each for each in verdict["exchanges"] if each in seen), key=lambda each: seen[each].photo != of_picture
    )


def _example(verdicts: Sequence[VerdictData], seen: Mapping[str, Seen]) -> str | None:
    """An exchange that shows it: of user-1 or the signed-in user where there is one."""
    known = [each for verdict in verdicts for each in _showing(verdict, seen)[:1]]
    return next((each for each in known if "/user-1/" in each), known[0] if known else None)
