"""The answers that the description documents."""

from __future__ import annotations

import pytest

from conformance.model import Form
from conformance.spec import EDITIONS, load
from conformance.spec.responses import documented


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_operation_documents_its_answers(edition: str) -> None:
    """Each operation has 200 and the refusals that a client has to expect, with their media types."""
    for operation in load(edition).operations:
        found = documented(edition, operation)

        assert set(found) == {200, 400, 401, 403, 404, 406, 414, 429, 431, 501, 503}
        assert {frozenset({"application/json"})} == {types for status, types in found.items() if status >= 400}


def test_media_types_are_those_of_the_form() -> None:
    """Metadata is JSON, bytes are pictures of several types."""
    photo, metadata = (
        documented("v1.0-2016", load().operation("me", form))[200] for form in (Form.PHOTO, Form.METADATA)
    )

    assert metadata == {"application/json"}
    assert {"image/jpeg", "image/png"} < photo
