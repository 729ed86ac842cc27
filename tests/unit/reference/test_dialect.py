"""Metadata as each edition writes it, held against the page's two samples; sizes of a photo."""

from __future__ import annotations

import pytest

from conformance import spec
from conformance.reference.dialect import Address, dialect_of, literal, metadata, of_size, size_list
from conformance.reference.entities import TENANT
from conformance.reference.generated_pictures import Photo
from conformance.reference.responses_sent import Refusal

SAMPLES = spec.load().document["components"]["examples"]
PAGE = Address("https://graph.microsoft.com/v1.0", (("users", "ddfcd489-628b-7d04-b48b-20075df800e5"),), mine=True)
PHOTO = Photo("page", 240, 240)


def test_metadata_of_a_photo_is_the_pages_sample() -> None:
    """For the page's own user the answer equals the first sample, member for member and in order, but for its tag."""
    got = metadata(PHOTO, PAGE, dialect_of("v1.0-2016"))
    wanted = SAMPLES["withPhoto"]["value"] | {"@odata.mediaEtag": got["@odata.mediaEtag"]}
    assert list(wanted.items()) == list(got.items())


def test_metadata_of_no_photo_is_the_pages_sample() -> None:
    """For the page's own user without a photo the answer equals the second sample, in order."""
    got = metadata(None, PAGE, dialect_of("v1.0-2016"))
    assert list(SAMPLES["withoutPhoto"]["value"].items()) == list(got.items())


@pytest.mark.parametrize(
    ("edition", "name", "pixel"), [("v1.0-2016", "240X240", "1X1"), ("v1.0-2023", "240x240", "1x1")]
)
def test_ids_are_written_as_in_the_edition(edition: str, name: str, pixel: str) -> None:
    """The id's letter is the edition's, for the placeholder too."""
    assert name == metadata(PHOTO, PAGE, dialect_of(edition))["id"]
    assert pixel == metadata(None, PAGE, dialect_of(edition))["id"]


def test_the_observed_service_speaks_differently() -> None:
    """Observed: `default` for the id, the user's own collection for `/me`, a weak tag of 64 digits, no @odata.id."""
    got = metadata(PHOTO, PAGE, dialect_of("observed"))
    assert {
        "@odata.context": f"{PAGE.base_url}/$metadata#users('ddfcd489-628b-7d04-b48b-20075df800e5')/photo/$entity",
        "@odata.mediaContentType": "image/jpeg",
        "@odata.mediaEtag": f'W/"{PHOTO.sha256}"',
        "id": "default",
        "width": 240,
        "height": 240,
    } == got


def test_strong_tags_are_eight_digits_in_quotes() -> None:
    """The page's editions have a strong entity-tag of eight hexadecimal digits."""
    assert f'"{PHOTO.sha256[:8].upper()}"' == dialect_of("v1.0-2016").tag(PHOTO)


def test_select_leaves_control_information_and_tells_itself_in_the_context() -> None:
    """A selection drops the other properties alone, and the context names it."""
    got = metadata(PHOTO, PAGE, dialect_of("v1.0-2016"), ("width",))
    assert {"width"} == {name for name in got if not name.startswith("@")}
    assert got["@odata.context"] == f"{PAGE.base_url}/$metadata#Me/photo(width)/$entity"


def test_addresses_name_every_key_on_the_way() -> None:
    """A contact in a folder is addressed by user, folder and contact, encoded, the tenant at the user's key."""
    address = Address("http://h/v1.0", (("users", "u"), ("contactFolders", "f/1="), ("contacts", "c+2=")))
    tail = "contactFolders('f%2F1=')/contacts('c%2B2=')/photo"
    assert f"http://h/v1.0/users('u@{TENANT}')/{tail}" == address.url()
    assert f"http://h/v1.0/$metadata#users('u')/{tail}/$entity" == address.context(dialect_of("v1.0-2016"))


def test_quotes_in_a_key_are_doubled() -> None:
    """A key's quote is doubled, and what is no URL character encoded."""
    assert literal("o'b#ë@x") == "o''b%23%C3%AB@x"


SMALL = Photo("seed", 64, 64)
ADDRESS = Address("http://h/v1.0", (("users", "u"),))


def test_a_size_that_is_kept_is_served_in_either_case() -> None:
    """`48x48` and `48X48` lead to the square of 48 pixels; without a size the photo is as it is."""
    assert Photo("seed", 48, 48) == of_size(SMALL, "48X48") == of_size(SMALL, "48x48")
    assert of_size(SMALL, None) == SMALL


def test_a_size_that_is_none_is_refused() -> None:
    """A size larger than the photo, or no square of the contract, is no image id."""
    refusals = [of_size(SMALL, size) for size in ("648x648", "50x50", "x")]
    assert [refusal.status for refusal in refusals if isinstance(refusal, Refusal)] == [404, 404, 404]


def test_all_sizes_are_listed_under_one_context() -> None:
    """The list has each size's metadata, and the context once."""
    listed = size_list(SMALL, ADDRESS, dialect_of("observed"), ())
    items = listed["value"]
    assert isinstance(items, list)
    assert [item["id"] for item in items] == ["48x48", "64x64"]
    assert listed["@odata.context"] == "http://h/v1.0/$metadata#users('u')/photos"


def test_no_photo_has_no_sizes() -> None:
    """The list is empty where there is no photo."""
    assert size_list(None, ADDRESS, dialect_of("v1.0-2023"), ())["value"] == []
