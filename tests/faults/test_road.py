"""A few faults over the whole road: a server that has them, and the suite as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.faults import FAULTS
from tests.suite import server, suite


@pytest.mark.parametrize(
    "name",
    [
        "error.echoes-token-in-message",
        "operation.key-not-taken.user.upn",
        "relation.cached-photo.user-contact",
    ],
)
def test_a_fault_wakes_the_same_over_http(name: str, tmp_path: Path) -> None:
    """The suite, asking a server with one fault, finds what the matrix finds without a socket."""
    with server(tmp_path, name) as running:
        outcome = suite(
            f"--base-url={running.base_url}",
            f"--target={running.target}",
            "--explore=0",
            reports=tmp_path / "reports",
            env=dict(running.tokens),
        )

    assert outcome.code in (0, 1), outcome.said[-2000:]
    assert outcome.bad == FAULTS[name].wakes
