"""The building blocks of faults."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from conformance.faults.making import answered, edited, header, put, redrawn, refused, renamed, silhouette
from conformance.model import Answer

METADATA = Answer(200, (("Content-Type", "application/json"), ("ETag", '"1"')), b'{"id": "48X48", "width": 48}')


def test_a_header_is_replaced_whatever_its_case() -> None:
    """A field stands once after it was set, and not at all after it was taken away."""
    assert header(METADATA, "content-type", "text/html").headers == (("ETag", '"1"'), ("content-type", "text/html"))
    assert header(METADATA, "etag", None).header("ETag") is None


def test_a_property_is_put_where_it_is() -> None:
    """A value is put in place of another one, or made of it; what is not there is not added."""
    assert json.loads(put(METADATA, "width", lambda value: value + 1).body) == {"id": "48X48", "width": 49}
    assert put(METADATA, "height", 1) is METADATA


def test_a_property_is_renamed_or_taken_away() -> None:
    """A property keeps its value under another name, or is gone."""
    assert json.loads(renamed(METADATA, "id", "ID").body) == {"width": 48, "ID": "48X48"}
    assert json.loads(renamed(METADATA, "id", None).body) == {"width": 48}


def test_refusals_are_not_edited() -> None:
    """An answer that is no 200 is left as it is."""
    refusal = refused(METADATA, 404)

    assert edited(refusal, dict.clear) is refusal


@pytest.mark.parametrize(("status", "body"), [(201, METADATA.body), (204, b"")])
def test_other_successes_keep_the_body(status: int, body: bytes) -> None:
    """Another success has the same body, and 204 none."""
    other = answered(METADATA, status)

    assert (other.status, other.body) == (status, body)


def test_a_redirect_says_where_to() -> None:
    """A refusal is an OData error; a redirect has a Location."""
    other = answered(METADATA, 302)

    assert set(json.loads(other.body)) == {"error"}
    assert other.header("Location")


@pytest.mark.parametrize(
    ("form", "scale", "grow", "wanted"),
    [
        ("GIF", None, 0, ("GIF", 48, 48)),
        (None, (1, 2), 0, ("PNG", 24, 24)),
        (None, None, 1, ("PNG", 49, 48)),
        ("WEBP", None, 0, ("WEBP", 48, 48)),
    ],
)
def test_a_picture_is_redrawn(
    form: str | None, scale: tuple[int, int] | None, grow: int, wanted: tuple[str, int, int]
) -> None:
    """A picture comes in another format or size, and always in other bytes."""
    body = redrawn(silhouette(), form, scale, grow)

    with Image.open(io.BytesIO(body)) as image:
        assert (image.format, image.width, image.height) == wanted
    assert body != silhouette()
