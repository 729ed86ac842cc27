"""Where faults strike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.faults import FAULTS
from conformance.faults.places import (
    METADATA,
    PHOTOS,
    again,
    any_metadata,
    due,
    metadata,
    narrowed,
    no_picture,
    nonsense,
    picture,
    placeholder,
    selecting,
    uncredited,
    unexercised,
    unpermitted,
)
from conformance.model import Place, State
from tests.in_process import conforming_run
from tests.proof.faults.matrix import matrix

Where = Callable[[Place], bool]
CORNERS: list[Where] = [picture, metadata, no_picture, placeholder, unexercised, uncredited, unpermitted]


def _places() -> list[Place]:
    return [place for _, place, _ in matrix().conforming.good.values() if place]


def test_every_place_is_in_one_corner() -> None:
    """The corners divide the contract: each place is in exactly one of them."""
    assert {sum(where(place) for where in CORNERS) for place in _places()} == {1}


@pytest.mark.parametrize("where", [*CORNERS, selecting, nonsense, again(picture), again(placeholder)])
def test_there_is_somebody_in_each_corner(where: Where) -> None:
    """No predicate is about nothing."""
    assert any(map(where, _places()))


def test_the_shapes_are_the_contracts() -> None:
    """The path shapes by name are the twenty of the contract."""
    assert {*PHOTOS, *METADATA} == {shape.key for shape in matrix().plan.edition.shapes}


def test_each_fault_can_be_had_in_a_later_edition() -> None:
    """No fault fails at the paths of sizes, the size that no photo is kept in among them."""
    good = conforming_run("observed").good.values()
    sized = [(place, exchange.answer) for _, place, exchange in good if place and "size" in place.shape.variant]
    assert State.UNKNOWN in {place.state for place, _ in sized if "adele" in place.owner}
    for fault in FAULTS.values():
        apply = fault.fresh() if fault.fresh else None
        assert all(apply(place, answer) for place, answer in sized if apply and answer), fault.name


def test_a_narrowed_place_is_of_its_variant_and_addressing() -> None:
    """Narrowing keeps these variants and this addressing alone."""
    where = narrowed(any_metadata, variants=("user", "group"), addressing="upn")

    assert {place.shape.key for place in _places() if where(place)} == {"user.metadata.upn"}


def test_what_is_due_needs_a_token_and_a_scope() -> None:
    """Where somebody may not ask, nothing is due."""
    assert not any(due(place) and (uncredited(place) or unpermitted(place)) for place in _places())
