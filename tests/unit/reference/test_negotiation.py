"""The Accept header, as far as the reference server supports it."""

from __future__ import annotations

import pytest

from conformance.reference.negotiation import acceptable
from conformance.reference.responses_sent import ServiceRequest


def takes(*accept: str) -> bool:
    return acceptable(ServiceRequest("GET", "/v1.0/me/photo", tuple(("accept", value) for value in accept)))


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "image/*", "image/png", "application/json;odata.metadata=full", "application/octet-stream, text/plain",
     "text/html, */*;q=0.1", "APPLICATION/JSON", "application/x-nothing, image/webp;q=0.5"],
)  # fmt: skip
def test_whatever_leaves_a_choice_is_taken(accept: str) -> None:
    """JSON, bytes and pictures are taken for each other, whatever else is named beside them."""
    assert takes(accept)


@pytest.mark.parametrize(
    "accept", ["application/x-nothing", "text/html", "*/*;q=0", "image/*; q=0.000, application/x-y", ";"]
)
def test_what_leaves_no_choice_is_not(accept: str) -> None:
    """A header that names only what is not served, or with a weight of nothing, cannot be met."""
    assert not takes(accept)


def test_without_the_header_anything_is_taken() -> None:
    """A request without Accept takes whatever comes (RFC 9110 12.5.1)."""
    assert takes()


def test_fields_are_read_together() -> None:
    """Two Accept fields are one list."""
    assert takes("application/x-nothing", "application/json")
