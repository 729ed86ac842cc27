"""What the rules of likely causes look at: the verdicts that need a cause, and the exchanges behind them."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from ..model import Outcome, State

Document = Mapping[str, Any]
"""What `verdicts.json` holds."""
VerdictData = dict[str, Any]
"""One member of its `verdicts`."""

WORST_FIRST = (Outcome.BROKEN, Outcome.VIOLATES, Outcome.INCONCLUSIVE, Outcome.DEPARTS)
"""Outcomes that need a cause: a reader has to act on them."""
FEWEST = 4
"""Responses that a statement about all of them needs."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and its response, read from a HAR entry."""

    id: str
    url: str
    status: int
    """0: no response."""
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes
    shape: str
    state: str
    owner: str
    kind: str
    caller: str
    credential: str
    failure: str = ""
    """The kind of failure; empty where the response is whole."""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def person(self) -> str:
        """The label of the photo's owner, without the size."""
        return self.owner.partition(".size-")[0]

    @property
    def variant(self) -> str:
        return self.shape.partition(".")[0]

    @property
    def photo(self) -> bool:
        return ".photo" in self.shape


@dataclass(frozen=True)
class Evidence:
    """All that a rule may look at."""

    document: Document
    seen: Mapping[str, Seen]
    """By exchange id."""

    @cached_property
    def verdicts(self) -> list[VerdictData]:
        """The verdicts that need a cause."""
        return [verdict for verdict in self.document["verdicts"] if verdict["outcome"] in WORST_FIRST]

    @cached_property
    def plain(self) -> list[Seen]:
        """Requests with a token and without options, for owners that exist."""
        known = (one for one in self.seen.values() if one.state in (State.PRESENT, State.ABSENT))
        return [one for one in known if one.kind == "plain" and one.credential == "token"]

    @cached_property
    def unknown(self) -> list[Seen]:
        """Plain requests for owners that exist nowhere."""
        return [one for one in self.seen.values() if one.kind == "plain" and one.state == State.UNKNOWN]

    @cached_property
    def pictures(self) -> list[Seen]:
        """Responses that should be a picture, with their bytes."""
        found = (one for one in self.plain if one.photo and one.status == 200)
        return [one for one in found if one.state == State.PRESENT and one.body]

    @cached_property
    def holds(self) -> dict[tuple[str, str], dict[str, str]]:
        """The places in which a requirement holds, each with the first owner there, by its id and state."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for verdict in self.document["verdicts"]:
            if verdict["outcome"] == Outcome.CONFORMS:
                there = found.setdefault((verdict["requirement"], verdict["state"]), {})
                there.setdefault(place_of(verdict), owner_of(verdict))
        return found

    def naming(self, exchanges: Iterable[Seen], requirements: Callable[[str], bool] = bool) -> list[VerdictData]:
        """The verdicts of these requirements whose own exchange is among these."""
        wanted = {one.id for one in exchanges}
        return [
            verdict
            for verdict in self.verdicts
            if requirements(verdict["requirement"]) and not wanted.isdisjoint(verdict["exchanges"])
        ]

    def of(self, *requirements: str) -> list[VerdictData]:
        """The verdicts of these requirements that found something: one that is inconclusive shows nothing of it."""
        return [verdict for verdict in self.verdicts if verdict["requirement"] in requirements and verdict["findings"]]


@dataclass(frozen=True, slots=True)
class Likely:
    """The evidence for a likely cause; its texts are in `likely.toml`."""

    explains: Sequence[VerdictData]
    """Those that show it best first; one may occur twice."""
    some: Sequence[object]
    """Responses or verdicts that are as the cause would have them …"""
    of: Sequence[object] | None
    """… out of these; None: the text needs no such number."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What the texts name."""


Rule = Callable[[Evidence], Likely | None]
"""Gives the evidence for a likely cause, or None."""


def failed(one: Seen) -> bool:
    """Whether a plain request got something else than what its owner's state calls for, in any edition."""
    if one.state == State.PRESENT:
        return one.status != 200
    return one.status != 404 and (one.photo or one.status != 200)


def most_common(values: Iterable[Any]) -> tuple[Any, int]:
    """The value that comes most often, and how often."""
    return next(iter(Counter(values).most_common(1)), (None, 0))


def actual(verdict: VerdictData) -> str:
    """What its first finding found; empty where it has none."""
    return next((str(finding["got"]) for finding in verdict["findings"]), "")


def weight(verdict: VerdictData) -> int:
    """How many verdicts it stands for: itself, and those alike that are only counted."""
    return 1 + int(verdict.get("more", 0))


def outcome_counts(verdicts: Iterable[VerdictData]) -> Counter[str]:
    """How many verdicts ended in each outcome, those that are only counted too."""
    found: Counter[str] = Counter()
    for verdict in verdicts:
        found[verdict["outcome"]] += weight(verdict)
    return found


def blocked_by(document: Document) -> dict[tuple[str, str], Counter[str]]:
    """What is blocked, and how often, by the requirement and the variant that block it."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for verdict in document["verdicts"]:
        if verdict["blocked_by"]:
            by = found.setdefault((verdict["blocked_by"], verdict["variant"]), Counter())
            by[verdict["requirement"]] += weight(verdict)
    return found


def shape_of(verdict: VerdictData) -> str | None:
    """The path shape's key, e.g. `user.photo.upn`; None for a relation of both forms."""
    if verdict["form"] is None:
        return None
    return ".".join(part for part in (verdict["variant"], verdict["form"], verdict["addressing"]) if part)


def place_of(verdict: VerdictData) -> str:
    """The path shape's key; of a relation of both forms the variant."""
    return shape_of(verdict) or str(verdict["variant"])


def owner_of(verdict: VerdictData) -> str:
    """The label of the owner, or of what else its case is about."""
    return str(verdict["case"]).partition("/")[2]


def places(shapes: Iterable[str], everything: Sequence[str] = ()) -> str:
    """Path shapes in few words, e.g. `metadata of me, user (id, upn); photo of group`."""
    asked = list(dict.fromkeys(shapes))
    if everything and set(asked) >= set(everything):
        return f"all {len(everything)} path shapes"
    keys: dict[tuple[str, str], list[str]] = {}
    for shape in asked:
        variant, form, addressing = [*shape.split("."), "", ""][:3]
        keys.setdefault((variant, form), []).extend([addressing] if addressing else [])
    forms: dict[str, list[str]] = {}
    for (variant, form), addressings in keys.items():
        name = f"{variant} ({addressings[0]})" if len(addressings) == 1 else variant
        forms.setdefault(name, []).append(form)
    phrases: dict[str, list[str]] = {}
    for name, own in forms.items():
        words = " and ".join(sorted(filter(None, own)))
        phrases.setdefault(f"{words} of " if words else "", []).append(name)
    return "; ".join(words + ", ".join(names) for words, names in phrases.items())


def seen(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Seen]:
    """What HAR entries that the suite wrote hold, by their id; a body that several have is decoded once."""
    found: dict[str, Seen] = {}
    for identity, entry in entries.items():
        content = entry["response"]["content"]
        first = found.get(content.get("_same_as", ""))
        probe = entry.get("_probe", {})
        credential = probe.get("credential", {})
        found[identity] = Seen(
            id=identity,
            url=entry["request"]["url"],
            status=entry["response"]["status"],
            headers={each["name"].lower(): each["value"] for each in entry["response"]["headers"]},
            body=first.body if first else body_of(content, entries),
            shape=probe.get("shape", ""),
            state=probe.get("state", ""),
            owner=probe.get("owner", ""),
            kind=probe.get("question", ""),
            caller=credential.get("caller", ""),
            credential=credential.get("kind", "token") if probe else "",
            failure=_object(entry.get("_failure")).get("kind", ""),
        )
    return found


def body_of(content: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The bytes of a HAR `content`, also where an earlier entry holds them (`_same_as`); empty where none are kept."""
    if first := content.get("_same_as"):
        content = _object(_object(_object(entries.get(str(first))).get("response")).get("content"))
    text = content.get("text")
    if not isinstance(text, str):
        return b""
    if content.get("encoding") != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return b""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def path_of(url: str) -> str:
    """The path of a URL; empty where it cannot be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
