"""The causes of a run: likely causes first, and what they do not explain by requirement and kind of finding."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..model import Level, Outcome
from . import access, evidence, photo_rules, routes
from .evidence import WORST_FIRST, Document, Evidence, Likely, Seen, VerdictData, owner_of, place_of, places

RULES = {**routes.RULES, **access.RULES, **photo_rules.RULES}
"""By cause, in the order in which they are tried: what an earlier one explains, a later one does not."""
_OF_VALUES = re.compile(r"[\d@/\"'()\[\]]")
"""Characters of words that differ from owner to owner and from run to run: numbers, addresses, ids, quotes."""
_PAIR = re.compile(r"^(?:picture|metadata)\.(?=answers-200$)")
_CALLER = re.compile(r"\b(?:user|identity)-\d+\b")
MOST = 5
"""Callers that a title names beside the first."""
_PROPERTY = re.compile(r"\$\['([^']+)'\]")

_Group = tuple[str, Likely | None, Sequence[VerdictData]]
"""The id of a cause, what is likely of it, and the verdicts that it explains."""
_Alike = Sequence[VerdictData]
"""Verdicts of one requirement with one kind of finding, or about properties that are wrong alike."""


def attach(document: dict[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Put `causes` into the document, and into each verdict with a cause its id; `entries` are those of the HAR."""
    document["causes"] = causes(document, evidence.seen(entries) if Evidence(document, {}).verdicts else {})


def causes(document: Document, seen: Mapping[str, Seen]) -> list[dict[str, Any]]:
    """The causes of a document as data, most important first; each verdict with a cause gets its id."""
    about = Evidence(document, seen)
    groups = _groups(about)
    for identity, _, verdicts in groups:
        for verdict in verdicts:
            verdict["cause"] = identity
    blocked = evidence.blocked_by(document)
    return sorted((_cause(group, about, blocked) for group in groups), key=_importance)


def _groups(about: Evidence) -> list[_Group]:
    rest = {id(verdict): verdict for verdict in about.verdicts}
    found: list[_Group] = []
    for name, rule in RULES.items() if about.seen and rest else ():
        if likely := rule(about):
            left = [rest[each] for each in dict.fromkeys(map(id, likely.explains)) if each in rest]
            if left and min(map(_severity, left)) == min(map(_severity, likely.explains)):
                found.append((f"likely.{name}", likely, [rest.pop(id(verdict)) for verdict in left]))
    groups = alike(rest.values())
    named = Counter(verdicts[0]["requirement"] for verdicts in groups)
    for verdicts in groups:
        name = verdicts[0]["requirement"]
        key = repr(_key(verdicts[0]))
        suffix = "." + hashlib.sha256(key.encode()).hexdigest()[:6] if named[name] > 1 else ""
        found.append((name + suffix, None, verdicts))
    return found


def _cause(group: _Group, about: Evidence, blocked: Mapping[tuple[str, str], Counter[str]]) -> dict[str, Any]:
    identity, likely, verdicts = group
    worst = min(verdicts, key=_severity)
    of_worst = [verdict for verdict in verdicts if verdict["outcome"] == worst["outcome"]]
    example = _example(of_worst, about.seen)
    of_worst.sort(key=lambda verdict: example not in verdict["exchanges"])  # what the curl line repeats
    pairs = {(verdict["requirement"], verdict["variant"]) for verdict in verdicts}
    blocks = sum((blocked.get(pair, Counter()) for pair in pairs), Counter[str]())
    outcomes = evidence.outcome_counts(verdicts)
    says = about.document.get("requirements", {}).get(worst["requirement"], {}).get("sentence") or worst["requirement"]
    failed = worst["outcome"] in (Outcome.VIOLATES, Outcome.DEPARTS)
    cause: dict[str, Any] = {
        "id": identity,
        "title": _properties_in_words(verdicts) or "Not met: " + says.partition("; ")[0].rstrip(".") + "."
        if failed
        else says,
        "hint": _advice(of_worst, about),
        "level": str(max((verdict["level"] for verdict in of_worst), key=[Level.SHOULD, Level.MUST].index)),
        "outcome": worst["outcome"],
        "requirements": list(dict.fromkeys(verdict["requirement"] for verdict in verdicts)),
        "cites": list(dict.fromkeys(verdict["cites"] for verdict in verdicts)),
        "verdicts": sum(outcomes.values()),
        "outcomes": {outcome: outcomes[outcome] for outcome in WORST_FIRST if outcomes[outcome]},
        "operations": list(dict.fromkeys(map(place_of, verdicts))),
        "exchange": example,
        "findings": _findings(of_worst),
        "reason": worst["reason"],
        "blocks": dict(sorted(blocks.items())),
    }
    if likely:
        cause |= _texts(identity, likely)
    elif worst["outcome"] == Outcome.INCONCLUSIVE and worst["reason"]:
        cause |= {"title": _reasons(of_worst), "reason": None}  # the reason is the cause, and no requirement's own
    return cause


def _reasons(verdicts: Sequence[VerdictData]) -> str:
    """The first reason, and which callers the others name in the same place."""
    first, *others = dict.fromkeys(verdict["reason"] for verdict in verdicts)
    named = {label for reason in others for label in _CALLER.findall(reason)} - {*_CALLER.findall(first)}
    listed = sorted(named)[:MOST] + ([f"{len(named) - MOST} more"] if len(named) > MOST else [])
    return f"{first} (likewise: {', '.join(listed)})" if named else first


def _advice(verdicts: Sequence[VerdictData], about: Evidence) -> str:
    """What to do about verdicts of one requirement, from what they found and from where it holds."""
    worst = verdicts[0]
    if worst["outcome"] == Outcome.BROKEN:
        return "This is a bug in the suite, not in the target: please report it with this text."
    if worst["outcome"] == Outcome.INCONCLUSIVE:
        return "This is not counted against the target: correct what is named here, and run again."
    about_same = dict.fromkeys((verdict["requirement"], verdict["state"]) for verdict in verdicts)
    holds = dict(kept for each in about_same for kept in about.holds.get(each, {}).items())
    wrong, owners, where = set(map(place_of, verdicts)), {"", *map(owner_of, verdicts)}, ""
    found = _findings(verdicts)
    by_owner = not worst["requirement"].startswith(("http.", "error.", "odata.", "credentials."))
    if by_owner and wrong <= holds.keys() and owners.isdisjoint(holds[each] for each in wrong):
        which = ": correct the server, or the target file" if any(each["at"] == "status" for each in found) else ""
        where = f" (correct for {holds[place_of(worst)]} there{which})"
    elif right := [shape for shape in holds if shape not in wrong]:
        where = f" (correct at {places(right)})"
    return f"Fix {_in_words(found)}{where}."


def _in_words(findings: Sequence[Mapping[str, str]]) -> str:
    """What was expected, and what was there: locations with the same of both together."""
    alike: dict[str, list[str]] = {}
    for finding in findings:
        what = f"expected {finding['wanted']}, actual {finding['got']}"
        alike.setdefault(what, []).append(f"`{finding['at']}`")
    return "; ".join(f"{', '.join(locations)}: {what}" for what, locations in alike.items())


@cache
def texts() -> dict[str, dict[str, str]]:
    """What each rule says, by its name."""
    read = tomllib.loads(Path(__file__).with_name("likely.toml").read_text("utf-8"))
    common = {name: read.pop(name) for name in ("supports", "refutes")}
    return {name: common | own for name, own in read.items()}


def _texts(identity: str, likely: Likely) -> dict[str, str]:
    """Title, hint, and the evidence for and against a likely cause."""
    templates = texts()[identity.removeprefix("likely.")]
    found = {name: template.format_map(likely.values) for name, template in templates.items()}
    share = f"{len(likely.some):,}" + ("" if likely.of is None else f" of {len(likely.of):,}")
    return {**found, "supports": f"{share} {found['supports']}"}


def _findings(verdicts: Sequence[VerdictData]) -> list[dict[str, str]]:
    """One finding for each location, of the first verdict that has it; five at most.

    Another of it where another requirement expects something else of the same value.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for verdict in verdicts:
        for finding in verdict["findings"] if len(found) < 5 else ():
            known = [each for (at, _), each in found.items() if at == finding["at"]]
            if all(each["got"] == finding["got"] and each["wanted"] != finding["wanted"] for each in known):
                found.setdefault((finding["at"], verdict["requirement"]), dict(finding))
    return list(found.values())[:5]


def _severity(verdict: Mapping[str, Any]) -> tuple[int, bool]:
    return WORST_FIRST.index(Outcome(verdict["outcome"])), verdict["level"] != Level.MUST


def _importance(cause: Mapping[str, Any]) -> tuple[object, ...]:
    """Roots first: the worst outcome, likely causes before single requirements, then what blocks and hits most."""
    single = not cause["id"].startswith("likely.")
    return *_severity(cause), single, -sum(cause["blocks"].values()), -cause["verdicts"], cause["id"]


def _example(verdicts: Sequence[VerdictData], seen: Mapping[str, Seen]) -> str | None:
    """An exchange that shows it: of user-1 where there is one, and a picture's where the picture is the evidence."""
    known: list[str] = []
    for verdict in verdicts:
        of_picture = "picture" in f"{verdict['requirement']} {[each['at'] for each in verdict['findings']]}"
        own = [each for each in verdict["exchanges"] if each in seen]
        known += [each for each in own if seen[each].photo == of_picture][:1] or own[:1]
    return next((each for each in known if "/user-1/" in each), known[0] if known else None)


def alike(verdicts: Iterable[VerdictData]) -> list[_Alike]:
    """The verdicts that one thing is behind, together."""
    found: dict[tuple[object, ...], list[VerdictData]] = {}
    for verdict in verdicts:
        found.setdefault(_key(verdict), []).append(verdict)
    return _joined(_joined(found.values(), _same_property), _siblings)


def _key(verdict: VerdictData) -> tuple[object, ...]:
    """Requirement and kind of finding: statuses differ in kind, values and properties do not.

    Of what is inconclusive the reason alone, whatever was asked.
    """
    reason = kind_of_text(verdict["reason"] or "")
    if verdict["outcome"] == Outcome.INCONCLUSIVE:
        return verdict["outcome"], reason
    statuses = {each["got"][:3] for each in verdict["findings"] if each["at"].startswith("status")}
    return verdict["outcome"], _PAIR.sub("", verdict["requirement"]), tuple(sorted(statuses)), reason


def kind_of_text(text: str) -> str:
    """The text without values."""
    return " ".join("#" if _OF_VALUES.search(word) else word for word in text[:400].split())


def _joined(groups: Iterable[_Alike], marks: Callable[[_Alike], set[Any]]) -> list[_Alike]:
    """The groups, those with a mark in common as one."""
    found: list[tuple[set[Any], _Alike]] = []
    for group in groups:
        own = marks(group)
        others = [each for each in found if not own.isdisjoint(each[0])]
        together = (own.union(*(each[0] for each in others)), [*(one for each in others for one in each[1]), *group])
        place = found.index(others[0]) if others else len(found)
        found = [each for each in found if each not in others]
        found.insert(place, together)
    return [group for _, group in found]


def _same_property(group: _Alike) -> set[tuple[str, str, str]]:
    """Outcome, property and kind of value: `width` as a string is one thing, with a photo and without."""
    return {
        (verdict["outcome"], finding["at"], _kind(finding["got"]))
        for verdict in group
        for finding in verdict["findings"]
        if _PROPERTY.fullmatch(finding["at"])
    }


def _siblings(group: _Alike) -> set[tuple[str, str, frozenset[str]]]:
    """Outcome, kind of value and responses: `width` and `height` as strings, in the same responses, are one thing."""
    responses = frozenset(each for verdict in group for each in verdict["exchanges"])
    return {(outcome, kind, responses) for outcome, _, kind in _same_property(group)}


def _kind(value: str) -> str:
    return re.sub(r"\d+", "#", value).replace("'", '"')


def _properties_in_words(group: _Alike) -> str:
    """What is wrong with properties, where several requirements are about it; empty where none or one is."""
    found = _findings(group)
    named = [{**each, "at": match[1]} for each in found if (match := _PROPERTY.fullmatch(each["at"]))]
    if len({verdict["requirement"] for verdict in group}) < 2 or len(named) < len(found) or not named:
        return ""
    if all(finding["got"] == "missing" for finding in named):
        return ", ".join(dict.fromkeys(f"`{finding['at']}`" for finding in named)) + ": missing"
    return _in_words(named)
