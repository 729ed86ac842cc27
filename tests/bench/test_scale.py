"""What a run costs grows with the owners evenly, and what it reports does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.scale import MEGABYTE, measured


def items(folder: Path) -> int:
    return (folder / "reports" / "junit.xml").read_text("utf-8").count("<testcase ")


@pytest.mark.slow
def test_items_and_report_do_not_grow_with_the_directory(tmp_path: Path) -> None:
    """With 100 users more there are as many items as with 10, a page of the same size, and memory is bounded."""
    some = ("--explore=0", "-k", "picture.is or placeholder.status")
    few, many = (measured(users, tmp_path / str(users), *some) for users in (10, 100))

    assert items(tmp_path / "10") == items(tmp_path / "100")
    assert many.verdicts > 2 * few.verdicts
    assert many.sizes["report.html"] < min(5 * MEGABYTE, 1.2 * few.sizes["report.html"])
    assert many.megabytes < 500
    assert many.cpu < few.cpu * 5


@pytest.mark.slow
def test_past_500_owners_what_is_alike_is_counted(tmp_path: Path) -> None:
    """With 500 more owners few verdicts and exchanges are listed, and all are counted."""
    cost = measured(500, tmp_path, "--explore=0", "-k", "picture or my-contacts")
    document = json.loads((tmp_path / "reports" / "verdicts.json").read_text("utf-8"))
    recording = json.loads((tmp_path / "reports" / "exchanges.har").read_text("utf-8"))["log"]

    assert cost.verdicts > 3000
    assert cost.listed < 400
    assert cost.verdicts == sum(1 + verdict.get("more", 0) for verdict in document["verdicts"])
    assert len(recording["entries"]) < 1000 < len(recording["_photo_conformance"]["left_out"])
    assert "more than 500" in document["notes"][-1]
