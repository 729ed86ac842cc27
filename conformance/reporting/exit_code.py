"""The exit code of a run (see README: exit codes)."""

from __future__ import annotations

from typing import Any

from ..model import Outcome


def exit_code(document: dict[str, Any]) -> int:
    """The exit code that a document's outcomes ask for."""
    counts = {outcome: document["counts"][outcome] for outcome in Outcome}
    if document["interrupted"]:
        return 2
    if counts[Outcome.BROKEN]:
        return 3
    should = document["fail_on"] == "should" and counts[Outcome.DEPARTS]
    gaps = document["complete"] and counts[Outcome.NOT_EXERCISED]
    if counts[Outcome.VIOLATES] or should or gaps or document["about"]["stale"]:
        return 1
    if counts[Outcome.INCONCLUSIVE]:
        return 6
    exercised = (Outcome.CONFORMS, Outcome.DEPARTS, Outcome.KNOWN)
    return 0 if any(counts[outcome] for outcome in exercised) else 5
