"""Drawing: seeded, bounded, and of every oddity."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from conformance.fuzzing.generate import deal, description
from conformance.fuzzing.oddities import IDS, QUESTIONS
from conformance.spec import EDITIONS, load
from tests.unit.fuzzing.odd import drawn


@pytest.mark.parametrize("edition", EDITIONS)
def test_so_many_requests_an_operation(edition: str) -> None:
    """Each operation of the edition gets the number that was asked for, counted from 1."""
    counted = Counter(one.operation for one in drawn(edition))

    assert counted == dict.fromkeys((operation.id for operation in load(edition).operations), 5)
    assert {one.number for one in drawn(edition)} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("seed", range(20))
def test_five_an_operation_have_every_oddity(seed: int) -> None:
    """Whatever the seed, the default number of requests has each oddity at some operation."""
    dealt = deal(load().operations, 5, random.Random(seed))

    assert {one.oddity.name for one in dealt} == {oddity.name for oddity in (*IDS, *QUESTIONS)}


def test_another_seed_draws_others() -> None:
    """Requests of another seed are hardly ever the same."""
    assert len(set(drawn(seed=1)) & set(drawn(seed=0))) < 5


def test_no_dot_segment_in_the_place_of_a_contact() -> None:
    """`..` for a contact may be resolved away, and then leads to his user's photo: it is never asked for (RFC 3986)."""
    asked = [one for seed in range(20) for one in deal(load("observed").operations, 9, random.Random(seed))]
    segments = {one.parameter for one in asked if one.oddity.name == "dot-segment"}

    assert segments == {"user-id", "group-id", "team-id"}


def test_the_description_has_an_operation_for_each_request() -> None:
    """schemathesis reads the contract's own paths, one a request, with one odd parameter or odd options."""
    wanted = deal(load().operations, 3, random.Random(0))
    paths = description(wanted)["paths"]

    assert len(paths) == len(wanted) == 3 * 14
    for one in wanted:
        odd = [p for p in paths[one.path]["get"]["parameters"] if p["schema"] != {"const": "known"}]
        assert one.path.endswith(one.operation.template)
        assert [part["in"] for part in odd][:1] == (["path"] if one.parameter else [odd[0]["in"]])
        assert odd
