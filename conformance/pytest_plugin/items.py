"""One pytest item a cell: it shows the verdicts of the run, and decides nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import pytest

from ..catalogue.requirement import Requirement
from ..model import Cell, Outcome, Verdict
from ..reporting.outcomes import counts_as, worst
from ..reporting.verdicts_file import as_data

Evaluated = Callable[[Cell], Sequence[Verdict]]

STOPS = (KeyboardInterrupt, pytest.exit.Exception)
"""What ends the whole session."""


class CellFailed(Exception):
    """How a cell fails: its text is what pytest shows, never a traceback."""


class RequirementItem(pytest.Item):
    """A requirement on one path shape in one state of its owners."""

    def __init__(
        self,
        *,
        requirement: Requirement,
        cell: Cell,
        evaluated: Evaluated,
        fail_on: str,
        complete: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.requirement = requirement
        self.cell = cell
        self.evaluated = evaluated
        self.fail_on = fail_on
        self.complete = complete
        self.verdicts: Sequence[Verdict] = ()

    def runtest(self) -> None:
        """Take the run's verdicts on this cell and end as the worst of them asks."""
        self.verdicts = self.evaluated(self.cell)
        if not self.verdicts:
            pytest.skip("the edition that the target follows does not ask for this")
        outcome = worst(verdict.outcome for verdict in self.verdicts)
        told = [verdict for verdict in self.verdicts if verdict.outcome is outcome]
        if outcome is Outcome.KNOWN:
            pytest.xfail(told[0].reason or "a known deviation")
        if counts_as(outcome, self.fail_on, complete=self.complete) in ("failed", "error"):
            raise CellFailed(in_words(self.requirement, told))
        if outcome in (Outcome.BLOCKED, Outcome.NOT_EXERCISED):
            _skip(told[0])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The judgement in plain words; a traceback only for what is our own fault."""
        if isinstance(excinfo.value, CellFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def row(self, clean: Callable[[str], str]) -> dict[str, Any]:
        """What a row of report.html is generated from."""
        outcome = worst(verdict.outcome for verdict in self.verdicts)
        first = next(verdict for verdict in self.verdicts if verdict.outcome is outcome)
        described = {
            "requirement": self.requirement.id, "sentence": self.requirement.sentence, "level": first.level,
            "cites": first.cites, "variant": first.variant, "form": first.form, "addressing": first.addressing,
            "state": first.state,
        }  # fmt: skip
        data: dict[str, Any] = json.loads(clean(json.dumps({"cell": described, "worst": as_data(first)})))
        return data

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, self.name


def evaluate_and_report(item: RequirementItem) -> None:
    """Judge an item and tell pytest, whose own protocol would set up and tear down what no cell has."""
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for when in ("setup", "call", "teardown"):
        call = pytest.CallInfo.from_call(item.runtest if when == "call" else _nothing, when, STOPS)
        make = hook.pytest_runtest_makereport if when == "call" else pytest.TestReport.from_item_and_call
        told = make(item=item, call=call)
        hook.pytest_runtest_logreport(report=told)
        if call.excinfo and told.failed:
            hook.pytest_exception_interact(node=item, call=call, report=told)  # --pdb
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _nothing() -> None:
    return None


def _skip(verdict: Verdict) -> NoReturn:
    pytest.skip(f"blocked by {verdict.blocked_by}" if verdict.blocked_by else verdict.reason or "not exercised")


def in_words(requirement: Requirement, verdicts: Sequence[Verdict]) -> str:
    """What is wrong, for the FAILURES section: the sentence, then each owner's findings."""
    first = verdicts[0]
    lines = [f"{requirement.sentence}  [{requirement.id}, {first.level} {first.cites}]"]
    for verdict in verdicts:
        lines.append(f"  {verdict.case}: {verdict.outcome}")
        lines += [f"    at {_safe(f.at)}: wanted {_safe(f.wanted)}, got {_safe(f.got)}" for f in verdict.findings]
        if verdict.reason:
            lines += [f"    {_safe(line)}" for line in verdict.reason.splitlines()]
    return "\n".join(lines)


def _safe(text: str) -> str:
    """Text from the wire without anything that a terminal or an encoder takes amiss."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text[:400]
    )
