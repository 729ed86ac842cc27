"""Faults in whole runs: a server that has them, and all requests of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import check
from conformance.faults import FAULTS, names
from tests.suite import server, some_owners

COUNT = 4
"""The matrix shows every fault in process; so many, and those of `test_own`, show that HTTP changes nothing."""


def sample() -> list[str]:
    """Faults that a server can have, one each of evenly spread families; the same in every run."""
    families = {FAULTS[name].family: name for name in names()}
    last = list(families.values())
    return [last[len(last) * number // COUNT] for number in range(COUNT)]


@pytest.mark.parametrize("name", sample())
def test_a_fault_is_named_the_same_over_http(name: str, tmp_path: Path) -> None:
    """A run on a server with one fault finds what the matrix finds without a socket."""
    with server(tmp_path, name) as running:
        report = check(target=some_owners(running, 3), tokens=running.tokens)
    bad = {v["requirement"] for v in report.document["verdicts"] if v["outcome"] in ("violates", "departs")}

    assert report.exit_code in (0, 1), str(report)
    assert bad == FAULTS[name].expected
