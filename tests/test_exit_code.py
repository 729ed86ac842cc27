"""The exit code: of all that a run came to, the gravest decides."""

from __future__ import annotations

import pytest

from conformance.exit_code import exit_code
from conformance.model import Outcome


@pytest.mark.parametrize(
    ("found", "told", "code"),
    [
        (["conforms"], {}, 0),
        (["conforms", "departs", "known", "blocked", "not-exercised"], {}, 0),
        (["known"], {}, 0),
        (["conforms", "departs"], {"fail_on": "should"}, 1),
        (["conforms", "not-exercised"], {"complete": True}, 1),
        (["conforms"], {"about": {"stale": ["a line"]}}, 1),
        (["violates", "inconclusive"], {}, 1),
        (["conforms", "inconclusive"], {}, 6),
        (["not-exercised", "blocked"], {}, 5),
        ([], {}, 5),
        (["broken", "violates"], {}, 3),
        (["broken"], {"interrupted": True}, 2),
    ],
)
def test_the_gravest_decides(found: list[str], told: dict[str, object], code: int) -> None:
    """Interrupted, broken, failed, not judged, nothing exercised, in this order."""
    counts = {outcome.value: found.count(outcome) for outcome in Outcome}
    document = {"interrupted": False, "fail_on": "must", "complete": False, "about": {"stale": []}, "counts": counts}

    assert exit_code(document | told) == code
