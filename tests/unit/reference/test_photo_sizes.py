"""The sizes of a photo."""

from __future__ import annotations

from conformance.reference.dialect import Address, dialect_of
from conformance.reference.generated_pictures import Photo
from conformance.reference.photo_sizes import of_size, size_list
from conformance.reference.responses_sent import Refusal

PHOTO = Photo("seed", 64, 64)
ADDRESS = Address("http://h/v1.0", (("users", "u"),))


def test_a_size_that_is_kept_is_served_in_either_case() -> None:
    """`48x48` and `48X48` lead to the square of 48 pixels; without a size the photo is as it is."""
    assert Photo("seed", 48, 48) == of_size(PHOTO, "48X48") == of_size(PHOTO, "48x48")
    assert of_size(PHOTO, None) == PHOTO


def test_a_size_that_is_none_is_refused() -> None:
    """A size larger than the photo, or no square of the contract, is no image id."""
    refusals = [of_size(PHOTO, size) for size in ("648x648", "50x50", "x")]
    assert [refusal.status for refusal in refusals if isinstance(refusal, Refusal)] == [404, 404, 404]


def test_all_sizes_are_listed_under_one_context() -> None:
    """The list has each size's metadata, and the context once."""
    listed = size_list(PHOTO, ADDRESS, dialect_of("observed"), ())
    items = listed["value"]
    assert isinstance(items, list)
    assert [item["id"] for item in items] == ["48x48", "64x64"]
    assert listed["@odata.context"] == "http://h/v1.0/$metadata#users('u')/photos"


def test_no_photo_has_no_sizes() -> None:
    """The list is empty where there is no photo."""
    assert size_list(None, ADDRESS, dialect_of("v1.0-2023"), ())["value"] == []
