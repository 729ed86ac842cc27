"""Faults over the whole road: a server that has them, and the suite as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.faults import FAULTS, names
from tests.suite import server, suite

EACH = 3
"""Faults of each family that go the whole road."""


def sample() -> list[str]:
    """Some faults of every family that a server can have, evenly spread over the family; the same in every run."""
    families: dict[str, list[str]] = {}
    for name in names():
        families.setdefault(FAULTS[name].family, []).append(name)
    return [found[len(found) * number // EACH] for found in families.values() for number in range(EACH)]


def test_the_sample_has_forty_faults_of_every_family() -> None:
    """At least 40 faults, and at least one of each family, go the whole road."""
    assert len(set(sample())) >= 40
    assert {FAULTS[name].family for name in names()} == {FAULTS[name].family for name in sample()}


@pytest.mark.parametrize("name", sample())
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
    assert outcome.bad == FAULTS[name].expected
