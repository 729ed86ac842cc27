"""The exit code that a document asks for."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.model import Outcome
from conformance.reporting.exit_code import exit_code


def document(told: dict[str, int], **changes: Any) -> dict[str, Any]:
    """A document of which only what the exit code looks at is there."""
    counts = {outcome.value: told.get(outcome.value, 0) for outcome in Outcome}
    usual = {"counts": counts, "interrupted": False, "fail_on": "must", "complete": False, "about": {"stale": []}}
    return usual | changes


@pytest.mark.parametrize(
    ("told", "changes", "code"),
    [
        ({"conforms": 3}, {}, 0),
        ({"conforms": 3, "departs": 1}, {}, 0),
        ({"known": 1}, {}, 0),
        ({"conforms": 3, "violates": 1}, {}, 1),
        ({"conforms": 3, "departs": 1}, {"fail_on": "should"}, 1),
        ({"conforms": 3, "not-exercised": 1}, {"complete": True}, 1),
        ({"conforms": 3}, {"about": {"stale": ["a line that matches nothing"]}}, 1),
        ({"conforms": 3, "violates": 1, "inconclusive": 9}, {}, 1),
        ({"violates": 1}, {"interrupted": True}, 2),
        ({"broken": 1, "violates": 1}, {}, 3),
        ({"not-exercised": 5, "blocked": 1}, {}, 5),
        ({"conforms": 3, "inconclusive": 1}, {}, 6),
    ],
)
def test_the_gravest_decides(told: dict[str, int], changes: dict[str, Any], code: int) -> None:
    """Interrupted, broken, violated, inconclusive, nothing exercised: in that order."""
    assert code == exit_code(document(told, **changes))
