"""Known deviations: what a target is known to do differently, who is responsible, and until when.

A listed verdict that violates or departs becomes `known`. A line that matches no such verdict any more, or that has
expired, fails the run, so that the file stays up to date.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ..model import Cell, Outcome, UsageProblem, Verdict
from ..reporting.outcomes import BAD
from ..target import toml_file

_MAY_HOLD = (Outcome.KNOWN, Outcome.BLOCKED, Outcome.INCONCLUSIVE, Outcome.BROKEN)
"""Outcomes of a listed verdict that do not show whether the deviation is gone."""


@dataclass(frozen=True)
class Deviation:
    """One line of the file."""

    requirement: str
    reason: str
    owner: str
    cases: tuple[str, ...] = ("*",)
    """Globs over a verdict's `case`."""
    expires: date | None = None
    """The last day on which it applies."""
    flaky: bool = False
    """It comes and goes: it need not show in every run."""

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [re.compile(fnmatch.translate(glob)) for glob in self.cases]

    def lists(self, verdict: Verdict) -> bool:
        """Whether the verdict is one of those that the line is about."""
        return verdict.requirement == self.requirement and any(one.match(verdict.case) for one in self._patterns)

    def may_list(self, place: str) -> bool:
        """Whether the line may match any owner at a place, e.g. `user.photo.id.present`."""
        for glob in self.cases:
            head, sign, _ = glob.partition("/")
            of_owners = not sign and (not glob.endswith("*") or fnmatch.fnmatchcase(f"{place}/", glob))
            if of_owners or fnmatch.fnmatchcase(place, head):
                return True
        return False

    @property
    def name(self) -> str:
        """How it is called where it fails the run."""
        return f"{self.requirement} at {', '.join(self.cases)}, known to {self.owner} ({self.reason})"

    @property
    def words(self) -> str:
        """The reason of a verdict that this line makes known."""
        return f"{self.reason} (known to {self.owner}" + (f", until {self.expires})" if self.expires else ")")


@dataclass(frozen=True)
class Deviations:
    """All lines of a file, on one day."""

    lines: tuple[Deviation, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def _expired(self, line: Deviation) -> bool:
        return line.expires is not None and line.expires < self.today

    def applied(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """The verdicts; those that violate or depart and are listed are known. What they block stays blocked."""
        found = []
        for verdict in verdicts:
            listed = (line for line in self.lines if line.lists(verdict) and not self._expired(line))
            line = next(listed, None) if verdict.outcome in BAD else None
            found.append(replace(verdict, outcome=Outcome.KNOWN, reason=line.words) if line else verdict)
        return found

    def stale(
        self, verdicts: Collection[Verdict], others: Collection[Cell] = (), *, sampled: bool = False
    ) -> list[str]:
        """A sentence for each line that has expired, or that matches no deviation any more.

        `verdicts`: all of the run, known deviations applied. `others`: cells that were not selected; `sampled`: not all
        owners were. A line that may match one of those is not stale.
        """
        found = []
        for line in self.lines:
            own = [verdict for verdict in verdicts if verdict.requirement == line.requirement]
            if own and self._expired(line):
                found.append(f"{line.name}: it expired on {line.expires}, and is not applied")
            elif own and not line.flaky and not sampled and (why := _gone(line, own, others)):
                found.append(f"{line.name}: {why}")
        return found


def _gone(line: Deviation, own: Iterable[Verdict], others: Iterable[Cell]) -> str | None:
    """Why the line is stale, by the verdicts on its requirement; None where it is not, or where that is unknown."""
    if any(cell.requirement == line.requirement and line.may_list(cell.place) for cell in others):
        return None
    listed = {verdict.outcome for verdict in own if line.lists(verdict)}
    if listed:
        gone = Outcome.CONFORMS in listed and listed.isdisjoint(_MAY_HOLD)
        return "nothing that it lists violates any more" if gone else None
    unknown = [verdict.case.removesuffix("/none") for verdict in own if verdict.outcome is Outcome.NOT_EXERCISED]
    return None if any(map(line.may_list, unknown)) else "there is no such case"


def read(path: Path, known: Iterable[str]) -> Deviations:
    """Read a file of known deviations. `known`: ids of all requirements.

    Raises:
        UsageProblem: it cannot be read, is no TOML, or says something that its schema does not know.
    """
    name = f"known deviations {path}"
    data = toml_file.read(path, name)
    toml_file.check(data, "deviations", name)
    try:
        lines = tuple(_line(item) for item in data.get("deviation", []))
    except ValueError:
        raise UsageProblem(f"{name}: expires: expected a day that there is, YYYY-MM-DD") from None
    ids = list(known)
    for line in lines:
        if line.requirement not in ids:
            near = difflib.get_close_matches(line.requirement, ids, n=1, cutoff=0.4)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageProblem(f"{name}: there is no requirement {line.requirement}{hint}")
    return Deviations(lines)


def _line(item: dict[str, Any]) -> Deviation:
    expires = item.get("expires")
    day = date.fromisoformat(expires) if isinstance(expires, str) else expires
    return Deviation(**{**item, "cases": tuple(item.get("cases", ["*"])), "expires": day})
