"""Where what is drawn at random is evaluated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.catalogue.selectors import Explored, is_drawn, shares
from conformance.model import Form, State
from conformance.spec import load


@pytest.mark.parametrize(("count", "ids", "request_kinds"), [(0, 0, 0), (1, 1, 0), (2, 1, 1), (5, 3, 2)])
def test_half_of_the_requests_ask_for_odd_ids(count: int, ids: int, request_kinds: int) -> None:
    """Of an operation with ids in its path half of the requests go to odd ones; of /me none can."""
    found = {one.variant: one for one in load().operations if one.form is Form.PHOTO}
    assert shares(found["group"], count) == (ids, request_kinds)
    assert shares(found["me"], count) == (0, count)


@pytest.mark.parametrize(("explore", "ids", "request_kinds"), [(0, 0, 0), (1, 12, 2), (2, 12, 14), (1000, 12, 14)])
def test_cells_do_not_grow_with_what_is_drawn(explore: int, ids: int, request_kinds: int) -> None:
    """There is a cell for each operation where something is drawn, however much, and however users are named."""
    edition = replace(load("v1.0-2016"), explore=explore)
    found = [list(Explored(state).cells("x.y", edition)) for state in (State.UNKNOWN, State.PRESENT)]

    assert [len(cells) for cells in found] == [ids, request_kinds]
    assert {cell.addressing for cells in found for cell in cells} <= {None}
    assert all(len({cell.name for cell in cells}) == len(cells) for cells in found)


def test_a_drawn_request_is_known_by_its_key() -> None:
    """Only the last part of a key tells that a probe was drawn."""
    assert is_drawn("user.photo.id/user-1.unknown-odd-quote/explore-12")
    assert not is_drawn("user.photo.id/explore-1/plain")
