"""Random requests, drawn by schemathesis from the description."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from conformance.fuzzing.drawn_requests import GUID, Drawn, draw
from conformance.spec import EDITIONS, load
from tests.unit.fuzzing.odd import drawn

PROGRAM = (
    "from conformance.fuzzing.drawn_requests import draw; from conformance.spec import load; print(draw(load(), 2, 0))"
)


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_operation_has_as_many_as_are_wanted(edition: str) -> None:
    """Every operation of the edition has the requests that were asked for, numbered from 1."""
    found = Counter(one.operation for one in draw(load(edition), 3, 1))
    assert found == {operation.id: 3 for operation in load(edition).operations}


def test_the_same_seed_draws_the_same_in_every_process() -> None:
    """Neither the order of sets nor what was drawn before changes what a seed gives, and another seed does."""

    def said(hashes: str) -> str:
        command = [sys.executable, "-c", PROGRAM]
        return subprocess.run(
            command, env={"PYTHONHASHSEED": hashes}, capture_output=True, text=True, check=True, cwd=Path.cwd()
        ).stdout.strip()

    first, second, other = (repr(draw(load(), 2, seed)) for seed in (0, 0, 1))
    assert said("1") == said("2") == first == second != other


def test_a_request_asks_for_a_random_id_or_for_what_is_documented() -> None:
    """An id that is drawn is all that differs; else the query and the documented header are drawn."""
    for one in drawn():
        if one.parameter is not None:
            assert one == Drawn(one.operation, one.number, one.parameter, one.value)
        else:
            assert {name.lower() for name, _ in one.headers} <= {"client-request-id"}
            assert not any(GUID.fullmatch(value) for _, value in one.headers)
    assert any(one.query.startswith("$select=") for one in drawn())
    assert {bool(one.headers) for one in drawn() if one.parameter is None} == {True, False}


def test_what_the_description_does_not_allow_is_drawn_too() -> None:
    """Some `$select` names properties that do not exist."""
    selected = {name for one in drawn() for name in one.query.removeprefix("$select=").split(",") if one.query}
    assert {"id", "width", "height"} < selected


def test_nothing_is_drawn_for_nothing_and_nothing_is_left_behind(tmp_path: Path) -> None:
    """Zero requests import nothing, and drawing leaves no folder where it runs."""
    program = "import sys\nfrom conformance.fuzzing.drawn_requests import draw\nfrom conformance.spec import load\n"
    program += "draw(load(), 0, 0); print('schemathesis' in sys.modules); draw(load(), 1, 0)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(Path.cwd())}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == ("False\n", "", [])
