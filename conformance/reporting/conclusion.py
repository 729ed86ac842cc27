"""What a whole run comes to: exit code, headline and badge, decided in one place and in one order."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Outcome
from .outcomes import OUTCOMES
from .run import Run, plural


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The exit code, and in one line why: an outcome for mark and colour, a few words, a sentence of numbers."""

    exit_code: int
    outcome: Outcome
    words: str
    detail: str
    partly: str = ""
    """E.g. `shard 1 of 4, 4 of 14 operations`; empty where all operations were tested with known owners."""

    @property
    def colour(self) -> str:
        """Of the badge; the bright green is for a run on all operations alone."""
        colour = OUTCOMES[self.outcome].colour
        return "yellowgreen" if self.partly and self.outcome is Outcome.CONFORMS else colour

    def __str__(self) -> str:
        return f"{self.words}: {self.detail}"


def concluded(run: Run) -> Conclusion:
    """The first of these that holds: interrupted 2, broken 3, failed 1, inconclusive 6, nothing evaluated 5, else 0."""
    if run.unfinished:
        return Conclusion(2, Outcome.INCONCLUSIVE, "Not finished", "the run is still going on, or was killed")
    return _interrupted(run) or _broken(run) or _failed(run) or _not_evaluated(run) or _conforms(run)


def _interrupted(run: Run) -> Conclusion | None:
    if not run.document["interrupted"]:
        return None
    what = f"{plural(run.asked, 'verdict')} reached before the run was interrupted, "
    if violated := run.counts["violates"]:
        what += f"{violated:,} of them violate edition {run.document['edition']}"
        return Conclusion(2, Outcome.VIOLATES, "Interrupted, does not conform", what)
    return Conclusion(2, Outcome.INCONCLUSIVE, "Interrupted", what + "none of them a violation")


def _broken(run: Run) -> Conclusion | None:
    if not run.counts["broken"]:
        return None
    what = f"{plural(run.counts['broken'], 'verdict')} could not be reached because of a bug in the suite"
    return Conclusion(3, Outcome.BROKEN, "The suite is broken", what)


def _failed(run: Run) -> Conclusion | None:
    n, document, stale = run.counts, run.document, run.document["about"]["stale"]
    if n["violates"]:
        found = plural(sum(cause["outcome"] == Outcome.VIOLATES for cause in run.causes), "cause")
        outcome, words = Outcome.VIOLATES, "Does not conform"
        what = f"{found}, {_of_those_asked(run, 'violates', 'violate')}{_aside(run)}"
    elif n["departs"] and document["fail_on"] == "should":
        outcome, words = Outcome.DEPARTS, "Departs"
        what = _of_those_asked(run, "departs", "depart from")
    elif stale:
        outcome, words = Outcome.KNOWN, "Stale"
        one, more = "known deviation no longer occurs or has expired", "known deviations no longer occur"
        what = plural(len(stale), one, more)
    elif n["not-exercised"] and document["complete"]:
        outcome, words = Outcome.NOT_EXERCISED, "Incomplete"
        what = f"{plural(n['not-exercised'], 'verdict')} not exercised, and a complete run was asked for"
    else:
        return None
    return Conclusion(1, outcome, words, what, _partly(run))


def _of_those_asked(run: Run, outcome: str, verb: str) -> str:
    edition = run.document["edition"]
    return f"{plural(run.counts[outcome], 'verdict')} of {run.asked:,} {verb} edition {edition}"


def _not_evaluated(run: Run) -> Conclusion | None:
    if unclear := run.counts["inconclusive"]:
        what = f"{plural(unclear, 'verdict')} inconclusive, {run.asked:,} reached, none of them a violation"
        return Conclusion(6, Outcome.INCONCLUSIVE, "Could not be evaluated", what, _partly(run))
    if not run.asked:
        what = f"no verdict on edition {run.document['edition']} was reached"
        return Conclusion(5, Outcome.NOT_EXERCISED, "Nothing was exercised", what)
    if not (run.of_known_owners or _selected_with_token(run)):
        what = f"{_numbers(run)}, none of them of a known owner"
        return Conclusion(5, Outcome.NOT_EXERCISED, "No photo was looked at", what)
    return None


def _selected_with_token(run: Run) -> bool:
    """Whatever was selected rests on responses about known owners, where there is a token that opens them."""
    return "selected" in run.document["about"] and bool(run.document["target"]["callers"])


def _conforms(run: Run) -> Conclusion:
    what, partly = _numbers(run), _partly(run)
    outcome, words = Outcome.CONFORMS, "Conforms"
    if run.counts["known"]:
        outcome, words = Outcome.KNOWN, "Conforms but for known deviations"
    elif run.document["about"].get("selected"):
        words = "Conforms in what was selected"
    elif partly:
        words = "Conforms in what was tested"
    return Conclusion(0, outcome, words, f"{what}; {partly}" if partly else what, partly)


def _partly(run: Run) -> str:
    about, reached, parts = run.document["about"], run.coverage, []
    if selected := about.get("selected"):
        parts.append("{:,} of {:,} items".format(*selected))
    if shard := about.get("shard"):
        parts.append(f"shard {shard['number']} of {shard['of']}")
    if about["options"].get("sample"):
        parts.append("a sample of the owners")
    if reached.operations != reached.of_operations:
        parts.append(f"{reached.operations} of {reached.of_operations} operations")
    return ", ".join(parts)


def _numbers(run: Run) -> str:
    conforming, edition = run.counts["conforms"], run.document["edition"]
    return f"{conforming:,} of {run.asked:,} verdicts on edition {edition}{_aside(run)}"


def _aside(run: Run) -> str:
    words = {
        "departs": "departing from a SHOULD",
        "known": "known",
        "blocked": "blocked",
        "inconclusive": "inconclusive",
        "not-exercised": "not exercised",
    }
    counted = ", ".join(f"{run.counts[outcome]:,} {word}" for outcome, word in words.items() if run.counts[outcome])
    return f" ({counted})" if counted else ""
