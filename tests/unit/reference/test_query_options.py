"""Query options of metadata."""

from __future__ import annotations

import pytest

from conformance.reference.query_options import selected
from conformance.reference.responses_sent import Refusal


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ()),
        ("tag=mine&select=nothing", ()),
        ("$select=id", ("id",)),
        ("%24select=height%2C%20id", ("id", "height")),
        ("$select=*", ()),
        ("$format=json&$select=width", ("width",)),
    ],
)
def test_valid_options_are_read(query: str, names: tuple[str, ...]) -> None:
    """`$select` names properties, encoded or not; the client's own options are ignored."""
    assert names == selected(query)


@pytest.mark.parametrize(
    "query", ["$select=nothing", "$select=id,ID", "$select=", "$select=id&$select=width", "$nothing=1", "$format=xml"]
)
def test_options_that_cannot_be_used_are_refused(query: str) -> None:
    """An unknown property, an unknown option, one twice and another format answer 400."""
    refusal = selected(query)
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code) == (400, "BadRequest")
