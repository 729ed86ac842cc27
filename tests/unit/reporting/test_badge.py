from __future__ import annotations

import json

import pytest

from conformance.reporting import ci
from conformance.reporting.run import Run
from tests.unit.reporting import runs


@pytest.mark.parametrize(
    ("faulty", "message", "colour"),
    [(True, "does not conform 642/724", "red"), (False, "conforms 740/740", "brightgreen")],
)
def test_the_badge_says_the_verdict(faulty: bool, message: str, colour: str) -> None:
    """Word, numbers and colour follow the verdict; the members are those of a shields.io endpoint."""
    data = json.loads(ci.badge(Run(runs.run(faulty=faulty)[0])))
    assert data == {
        "schemaVersion": 1,
        "label": "profilePhoto v1.0-2016",
        "message": message,
        "color": colour,
        "isError": faulty,
    }
