"""What a whole run comes to: exit code, headline and badge, decided in one place and in one order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..model import Outcome
from .causes import of_outcome
from .cells import Document, selected, stale, tally, unfinished
from .outcomes import EXERCISED, OUTCOMES
from .overview import coverage, of_known_owner, plural


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The exit code, and in one line why: an outcome for mark and colour, a few words, a sentence of numbers."""

    exit_code: int
    outcome: Outcome
    words: str
    detail: str
    partly: str = ""
    """E.g. `4 of 14 operations`; empty where all were tested with a known owner."""

    @property
    def colour(self) -> str:
        """Of the badge; the bright green is for a run on all operations alone."""
        colour = OUTCOMES[self.outcome].colour
        return "yellowgreen" if self.partly and self.outcome is Outcome.CONFORMS else colour

    def __str__(self) -> str:
        return f"{self.words}: {self.detail}"


def concluded(document: Document) -> Conclusion:
    """The first of these that holds: interrupted 2, broken 3, failed 1, inconclusive 6, nothing evaluated 5, else 0."""
    n = tally(document["verdicts"])
    if unfinished(document):
        return Conclusion(2, Outcome.INCONCLUSIVE, "Not finished", "the run is still going on, or was killed")
    found = _interrupted(document, n) or _broken(n) or _failed(document, n) or _not_evaluated(document, n)
    return found or _conforms(document, n)


def _interrupted(document: Document, n: Counter[str]) -> Conclusion | None:
    if not document["interrupted"]:
        return None
    what = f"{plural(_asked(n), 'verdict')} reached before the run was interrupted, "
    if n["violates"]:
        violated = f"{n['violates']:,} of them violate edition {document['edition']}"
        return Conclusion(2, Outcome.VIOLATES, "Interrupted, does not conform", what + violated)
    return Conclusion(2, Outcome.INCONCLUSIVE, "Interrupted", what + "none of them a violation")


def _broken(n: Counter[str]) -> Conclusion | None:
    if not n["broken"]:
        return None
    what = f"{plural(n['broken'], 'verdict')} could not be reached because of a bug in the suite"
    return Conclusion(3, Outcome.BROKEN, "The suite is broken", what)


def _failed(document: Document, n: Counter[str]) -> Conclusion | None:
    asked, edition = _asked(n), document["edition"]
    if n["violates"]:
        found = of_outcome(document, Outcome.VIOLATES)
        what = f"{plural(found, 'cause')}, {plural(n['violates'], 'verdict')} of {asked:,} violate edition {edition}"
        return Conclusion(1, Outcome.VIOLATES, "Does not conform", what + _aside(n), _partly(document))
    if n["departs"] and document.get("fail_on") == "should":
        what = f"{plural(n['departs'], 'verdict')} of {asked:,} depart from edition {edition}"
        return Conclusion(1, Outcome.DEPARTS, "Departs", what, _partly(document))
    if old := stale(document):
        what = plural(len(old), "known deviation no longer occurs or has expired", "known deviations no longer occur")
        return Conclusion(1, Outcome.KNOWN, "Stale", what, _partly(document))
    if n["not-exercised"] and document.get("complete"):
        what = f"{plural(n['not-exercised'], 'verdict')} not exercised, and a complete run was asked for"
        return Conclusion(1, Outcome.NOT_EXERCISED, "Incomplete", what, _partly(document))
    return None


def _not_evaluated(document: Document, n: Counter[str]) -> Conclusion | None:
    asked, edition = _asked(n), document["edition"]
    if n["inconclusive"]:
        what = f"{plural(n['inconclusive'], 'verdict')} inconclusive, {asked:,} reached, none of them a violation"
        return Conclusion(6, Outcome.INCONCLUSIVE, "Could not be evaluated", what, _partly(document))
    if not asked:
        what = f"no verdict on edition {edition} was reached"
        return Conclusion(5, Outcome.NOT_EXERCISED, "Nothing was exercised", what)
    if not _of_known_owners(document):
        what = f"{_numbers(document, n)}, none of them of a known owner"
        return Conclusion(5, Outcome.NOT_EXERCISED, "No photo was looked at", what)
    return None


def _of_known_owners(document: Document) -> bool:
    """Whether a picture or metadata of a known owner, or their lack of one, was evaluated.

    Whatever was selected rests on such responses, where there is a token that opens them.
    """
    if selected(document) and document["target"].get("callers"):
        return True
    return any(map(of_known_owner, document["verdicts"]))


def _conforms(document: Document, n: Counter[str]) -> Conclusion:
    what, partly = _numbers(document, n), _partly(document)
    outcome, words = Outcome.CONFORMS, "Conforms"
    if n["known"]:
        outcome, words = Outcome.KNOWN, "Conforms but for known deviations"
    elif part := selected(document):
        words, what = "Conforms in what was selected", f"{what}; {part[0]:,} of {part[1]:,} items"
    elif partly:
        words = "Conforms in what was tested"
    return Conclusion(0, outcome, words, f"{what}; {partly}" if partly else what, partly)


def _partly(document: Document) -> str:
    reached = coverage(document)
    if reached.operations == reached.of_operations:
        return ""
    return f"{reached.operations} of {reached.of_operations} operations"


def _numbers(document: Document, n: Counter[str]) -> str:
    return f"{n['conforms']:,} of {_asked(n):,} verdicts on edition {document['edition']}{_aside(n)}"


def _asked(n: Counter[str]) -> int:
    return sum(n[outcome] for outcome in EXERCISED)


def _aside(n: Counter[str]) -> str:
    words = {
        "departs": "departing from a SHOULD",
        "known": "known",
        "blocked": "blocked",
        "inconclusive": "inconclusive",
        "not-exercised": "not exercised",
    }
    counted = ", ".join(f"{n[outcome]:,} {word}" for outcome, word in words.items() if n[outcome])
    return f" ({counted})" if counted else ""
