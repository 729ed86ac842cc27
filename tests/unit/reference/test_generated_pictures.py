"""The reference server's pictures."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from conformance.reference.generated_pictures import SQUARES, Photo
from tests.unit.reference.owners import PHOTOS


@pytest.mark.parametrize("owner", PHOTOS)
def test_a_picture_is_what_its_recipe_says(owner: str) -> None:
    """A picture decodes whole, in the type and size that its recipe says."""
    photo = PHOTOS[owner]
    with Image.open(io.BytesIO(photo.data)) as picture:
        picture.load()
        assert (photo.width, photo.height, photo.media_type) == (*picture.size, Image.MIME[picture.format or ""])


def test_pictures_of_different_owners_differ() -> None:
    """No two owners of the default directory share a picture's bytes."""
    assert len(PHOTOS) == len({photo.sha256 for photo in PHOTOS.values()})


def test_a_recipe_gives_the_same_bytes_again() -> None:
    """The same recipe gives the same bytes in another object."""
    assert Photo("seed", 48, 48).data == Photo("seed", 48, 48).data


def test_the_default_directory_has_squares_both_types_and_one_that_is_no_square() -> None:
    """The directory's pictures are of several squares, of both types, and not all square."""
    shapes = {(photo.width, photo.height) for photo in PHOTOS.values()}
    assert len({width for width, height in shapes if width == height and width in SQUARES}) >= 8
    assert any(width != height for width, height in shapes)
    assert {"image/jpeg", "image/png"} == {photo.media_type for photo in PHOTOS.values()}


def test_a_photo_is_kept_in_all_smaller_squares() -> None:
    """A photo of 240 pixels is kept in the five squares up to its own size."""
    assert [photo.width for photo in Photo("seed", 240, 240).sizes()] == [48, 64, 96, 120, 240]
