"""Verdicts that are only counted count in every report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.causes import grouping
from conformance.model import Finding, Form, Level, Outcome, State, Verdict
from conformance.reporting import html_page, run_comparison, verdicts_file
from conformance.reporting.conclusion import concluded
from conformance.reporting.run import Run
from conformance.reporting.templates import rendered
from tests.unit.reporting.runs import document

PLACE = "group.photo.present"


def verdict(outcome: Outcome, case: str = "group-1", **options: Any) -> Verdict:
    return Verdict(
        "picture.is-a-picture", Level.MUST, "S27a", "group", Form.PHOTO, None, State.PRESENT, f"{PLACE}/{case}",
        outcome, **options,
    )  # fmt: skip


TEN = document([verdict(Outcome.CONFORMS, more=9)])
BAD = verdict(Outcome.VIOLATES, "group-7", findings=(Finding("body", "a picture", "HTML"),))


def test_counts_and_headline_count_them() -> None:
    """Ten verdicts of which one is listed are ten in the counts and the matrix, and one requirement in the headline."""
    assert 10 == TEN["counts"]["conforms"] == Run(TEN).counts["conforms"]
    assert "none of 1 MUST requirement violated" in str(concluded(Run(TEN)))
    assert {"10 conforms"} == {str(square) for _, row in Run(TEN).matrix.rows for square in row if square.outcome}
    assert "10" in "\n".join(rendered("terminal.txt", run=Run(TEN)).splitlines()).split()


def test_causes_count_them() -> None:
    """A cause that many verdicts have in common tells how many, though one is listed."""
    found = document([verdict(Outcome.INCONCLUSIVE, reason="unreachable", more=99)])
    grouping.attach(found, {})

    assert [100] == [cause["verdicts"] for cause in Run(found).causes]


def test_an_opened_row_says_how_many_more() -> None:
    """A row of report.html tells the verdict that is listed, and how many more there are."""
    data = html_page.embedded(Run(TEN))

    assert 1 == len(json.loads(data)["rows"])
    assert "],9,[]," in data


def test_the_document_is_read_back(tmp_path: Path) -> None:
    """A verdicts.json that counts is one of ours; a count that is none is not."""
    path = tmp_path / "verdicts.json"
    path.write_text(verdicts_file.text(TEN))

    assert 10 == Run(verdicts_file.read(path)).counts["conforms"]


def test_what_is_only_counted_can_get_worse() -> None:
    """A case that was counted among those that conform and violates now is worse, not new."""
    later = document([verdict(Outcome.CONFORMS, more=8), BAD])
    found = run_comparison.compare(TEN, later)

    assert [("conforms → violates", f"{PLACE}/group-7")] == [(each.words, each.case) for each in found.groups["worse"]]
    assert ((), ()) == (found.groups["new"], found.groups["gone"])
    assert [f"{PLACE}/group-7"] == [each.case for each in run_comparison.compare(later, TEN).groups["better"]]
