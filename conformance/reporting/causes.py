"""The causes of a document, as the reports show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..causes import grouping
from ..causes.evidence import Document, VerdictData, shape_of, weight
from ..model import Outcome
from . import curl
from .cells import notes
from .exchanges import Exchanges, asked_as

CauseData = Mapping[str, Any]
"""One member of `causes` in `verdicts.json`."""


def causes(document: Document) -> Sequence[CauseData]:
    """The causes that the document holds; without them they are found from its verdicts alone."""
    held = document.get("causes")
    return held if isinstance(held, list) else grouping.causes(document, {})


def of_outcome(document: Document, outcome: Outcome) -> int:
    """How many causes have this as their worst outcome."""
    return sum(cause["outcome"] == outcome for cause in causes(document))


def counted(cause: CauseData) -> str:
    """How many verdicts it explains, e.g. `8 verdicts (5 violates, 3 departs)`."""
    ended = ", ".join(f"{count:,} {outcome}" for outcome, count in cause["outcomes"].items())
    words = "1 verdict" if cause["verdicts"] == 1 else f"{cause['verdicts']:,} verdicts"
    return f"{words} ({ended})" if len(cause["outcomes"]) > 1 else words


def blocking(cause: CauseData, shown: int = 3) -> str:
    """What it blocks, e.g. `198 verdicts: metadata.is-json, metadata.is-one-object, error.has-envelope and 42 more`."""
    names = sorted(cause["blocks"], key=cause["blocks"].__getitem__, reverse=True)
    total = sum(cause["blocks"].values())
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"{total:,} {'verdict' if total == 1 else 'verdicts'}: {', '.join(names[:shown])}{more}"


def other_notes(document: Document) -> list[str]:
    """What a reader should know of the run that no cause says already."""
    said = {text for cause in causes(document) for text in (cause["title"], cause["reason"])}
    return [note for note in notes(document) if note not in said]


def reproduced(cause: CauseData, exchanges: Exchanges) -> tuple[str, str]:
    """The caller that sent the cause's exchange, and the curl line that repeats it; both empty without one."""
    entry = exchanges.get(cause["exchange"] or "")
    return (asked_as(entry), curl.line(entry)) if entry else ("", "")


def known(document: Document) -> list[tuple[str, str, int, str]]:
    """The known deviations that occurred: requirement, reason, how many verdicts, and where."""
    found: dict[tuple[str, str], list[VerdictData]] = {}
    for verdict in document["verdicts"]:
        if verdict["outcome"] == Outcome.KNOWN:
            found.setdefault((verdict["requirement"], verdict["reason"] or ""), []).append(verdict)
    return [
        (*key, sum(map(weight, alike)), places(shape_of(each) or each["variant"] for each in alike))
        for key, alike in found.items()
    ]


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
