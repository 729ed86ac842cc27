"""What a whole run comes to: exit code, headline and badge, decided in one place and in one order."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import NOT_ASKED, Level, Outcome
from .outcomes import EXERCISED, OUTCOMES
from .run import Run, plural


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The exit code, and in one line why: an outcome for mark and colour, a few words, a sentence of numbers."""

    exit_code: int
    outcome: Outcome
    words: str
    detail: str
    partly: str = ""
    """E.g. `shard 1 of 4, 4 of 14 operations`; empty where all operations showed a photo, and all was asked."""

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
    if run.document["interrupted"]:
        what = f"by then {numbers(run)}"
        if run.counts["violates"]:
            return Conclusion(2, Outcome.VIOLATES, "Interrupted, does not conform", what)
        return Conclusion(2, Outcome.INCONCLUSIVE, "Interrupted", what)
    if broken := run.counts["broken"]:
        what = f"{plural(broken, 'verdict')} could not be reached because of a bug in the suite"
        return Conclusion(3, Outcome.BROKEN, "The suite is broken", what)
    return _failed(run) or _not_evaluated(run) or _conforms(run)


def _failed(run: Run) -> Conclusion | None:
    n, document, stale = run.counts, run.document, run.document["about"]["stale"]
    what = numbers(run)
    if n["violates"]:
        outcome, words = Outcome.VIOLATES, "Does not conform"
    elif n["departs"] and document["fail_on"] == "should":
        outcome, words = Outcome.DEPARTS, "Departs"
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


def _not_evaluated(run: Run) -> Conclusion | None:
    if unclear := run.counts["inconclusive"]:
        what = f"{plural(unclear, 'verdict')} inconclusive; {numbers(run)}"
        return Conclusion(6, Outcome.INCONCLUSIVE, "Could not be evaluated", what, _partly(run))
    if not any(run.counts[outcome] for outcome in EXERCISED):
        what = f"no requirement of edition {run.document['edition']} was checked"
        return Conclusion(5, Outcome.NOT_EXERCISED, "Nothing was exercised", what)
    if not run.of_known_owners:
        what = f"{numbers(run)}; no response was about an owner known to have a photo or none"
        return Conclusion(5, Outcome.NOT_EXERCISED, "No photo was looked at", what)
    return None


def _conforms(run: Run) -> Conclusion:
    what, partly = numbers(run), _partly(run)
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
        parts.append("{:,} of {:,} pytest items".format(*selected))
    if shard := about.get("shard"):
        parts.append(f"shard {shard['number']} of {shard['of']}")
    if about["options"].get("sample"):
        parts.append("a sample of the owners")
    if reached.showing != reached.of_operations:
        parts.append(f"{reached.operations} of {reached.of_operations} operations tested")
    if reached.showing != reached.operations:
        parts.append(f"{reached.showing} of them for an owner with a photo")
    if missing := sum(count for reason, count, _ in run.not_exercised if reason == NOT_ASKED):
        parts.append(f"{missing:,} of {sum(run.counts.values()):,} verdicts not asked for")
    return ", ".join(parts)


def numbers(run: Run) -> str:
    """What became of the requirements, e.g. `9 of 61 MUST requirements violated in 14 of 14 operations; …`."""
    must, should = run.requirements[Level.MUST], run.requirements[Level.SHOULD]
    where = f" in {run.failing_operations} of {run.coverage.of_operations} operations" if must.failed else ""
    parts = [f"{_none(must.failed)} of {plural(must.of, 'MUST requirement')} violated{where}"]
    if should.of:
        parts.append(f"{_none(should.failed)} of {plural(should.of, 'SHOULD requirement')} departed from")
    if known := len({requirement for (requirement, _), *_ in run.known}):
        parts.append(f"{known:,} with known deviations")
    if blocked := must.blocked + should.blocked:
        parts.append(f"{plural(blocked, 'more requirement')} not checked, blocked by others that failed")
    if absent := must.not_exercised + should.not_exercised:
        word = "evaluated" if run.counts[Outcome.INCONCLUSIVE] else "exercised"
        parts.append(f"{plural(absent, 'requirement')} not {word}")
    return "; ".join(parts)


def _none(count: int) -> str:
    return f"{count:,}" if count else "none"
