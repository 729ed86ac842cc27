"""The annotations of the metadata: context, id, media type and entity-tag (OData JSON Format 4.5)."""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, SHOULD, BlockedBy, Findings, requirement
from ..media import odata_urls
from ..media.header_fields import weakly_equal
from ..media.pictures import Picture, canonical_type
from ..model import Finding
from .comparing import in_words, names_another
from .prerequisites import ENOUGH, REPEATABLE
from .selections import AT_PHOTO, AT_PHOTO_SELECTED, METADATA_AND_PHOTO, METADATA_BESIDE_PHOTO, PRESENT_METADATA

OBJECT = "metadata.is-one-object"
READABLE = (OBJECT, ENOUGH)
SAME_PHOTO = "permission.returns-same-photo"
MEDIA_TYPE, ETAG = "@odata.mediaContentType", "@odata.mediaEtag"
PEOPLE, GROUPS = ("me", "users"), ("groups",)
COLLECTIONS = {
    "user": (PEOPLE, PEOPLE),
    "group": (GROUPS, GROUPS),
    "team": (("teams", *GROUPS), ("teams", *GROUPS)),
    "contact": (("contacts",), (*PEOPLE, "contacts", "contactfolders")),
}
"""By kind of owner: the collections that hold one, and the words with which a path to them may begin."""


@requirement("annotation.context-is-photo-entity", MUST, cites="S33a", on=AT_PHOTO,
             needs=READABLE, yields_to=[SAME_PHOTO],
             schema="profilephoto#/$defs/contextUrl", at=["@odata.context"])  # fmt: skip
def test_the_context_is_a_photos() -> None:
    """`@odata.context` is a URL with `$metadata#` and a fragment that ends in `photo/$entity`."""


@requirement("annotation.context-names-the-collection", SHOULD, cites="S33b", on=AT_PHOTO,
             needs=["annotation.context-is-photo-entity"], yields_to=[SAME_PHOTO])  # fmt: skip
def test_the_context_names_the_owners_collection(answer: DecodedResponse) -> Findings:
    """The context's fragment names the owner's collection: `me` or `users`, `groups`, `contacts` in a folder or not."""
    if answer.status != 200:
        return
    fragment = odata_urls.context_fragment(str(answer.metadata["@odata.context"])) or ""
    wanted, roots = COLLECTIONS[answer.probe.shape.operation.owner]
    if odata_urls.last_collection(fragment) not in wanted or odata_urls.root(fragment) not in roots:
        names = " or ".join(name if name == "me" else f"{name}('…')" for name in wanted)
        yield Finding("$['@odata.context']", f"a fragment with {names} before /photo", f"#{fragment[:200]}")


@requirement("annotation.id-is-photo-url", MUST, cites="S34a", on=AT_PHOTO, needs=READABLE,
             yields_to=[SAME_PHOTO], schema="profilephoto#/$defs/photoUrl", at=["@odata.id"])  # fmt: skip
def test_the_odata_id_is_a_photos() -> None:
    """`@odata.id` is a URL whose path ends in `/photo`."""


@requirement("annotation.id-names-the-owner", MUST, cites="S34b", on=AT_PHOTO_SELECTED,
             needs=[*READABLE, "annotation.id-is-photo-url"],
             yields_to=[SAME_PHOTO, "relation.not-another-owner"])  # fmt: skip
def test_the_odata_id_names_no_other_owner(answer: DecodedResponse) -> Findings:
    """`@odata.id`, if present, does not name another owner than the one requested."""
    value = answer.metadata.get("@odata.id")
    if another := names_another(answer):
        yield Finding(
            "$['@odata.id']", f"the owner asked for ({answer.probe.owner.label})", f"{another} in {in_words(value)}"
        )


@requirement("annotation.media-content-type-is-image", MUST, cites="S35a", on=[PRESENT_METADATA], needs=[OBJECT],
             schema="profilephoto#/$defs/pictureMediaType", at=[MEDIA_TYPE])  # fmt: skip
def test_the_media_content_type_is_a_pictures() -> None:
    """`@odata.mediaContentType` is a string with the media type of a picture."""


@requirement("annotation.media-content-type-matches-bytes", MUST, cites="S35b", on=[METADATA_BESIDE_PHOTO],
             needs=["metadata.answers-200", "annotation.media-content-type-is-image"],
             yields_to=[REPEATABLE, "metadata.is-not-the-placeholder", "relation.not-another-owner",
                        "picture.dimensions-match-metadata"])  # fmt: skip
def test_the_media_content_type_is_the_bytes(metadata: DecodedResponse, photo: DecodedResponse) -> Findings:
    """`@odata.mediaContentType` is the type of the picture's bytes.

    Where the body is no picture, S27a reports that, and the metadata is not checked: the header's type may be what is
    wrong. Where the metadata and the photo's Content-Type agree and the bytes are of another type, S27c reports the
    Content-Type, since the bytes decide; it is reported once.
    """
    result = canonical_type(str(metadata.metadata[MEDIA_TYPE]).partition(";")[0])
    if photo.status != 200:
        yield BlockedBy("picture.answers-200")
    elif not isinstance(photo.picture, Picture):
        yield BlockedBy("picture.is-a-picture")
    elif result != photo.picture.media_type and result == canonical_type(photo.media_type or ""):
        yield BlockedBy("picture.content-type-matches-bytes")
    elif result != photo.picture.media_type:
        yield Finding(f"$['{MEDIA_TYPE}']", f"{photo.picture.media_type}, as the bytes are", result)


@requirement("annotation.media-etag-is-an-entity-tag", MUST, cites="S36a", on=[PRESENT_METADATA], needs=[OBJECT],
             yields_to=["metadata.is-not-the-placeholder"],
             schema="profilephoto#/$defs/entityTag", at=[ETAG])  # fmt: skip
def test_the_media_etag_is_an_entity_tag() -> None:
    """`@odata.mediaEtag` is a string with a quoted entity-tag, weak or strong, and not empty."""


@requirement("annotation.media-etag-matches-header", MUST, cites="S36b", on=[METADATA_AND_PHOTO],
             needs=["metadata.answers-200", "picture.answers-200", "annotation.media-etag-is-an-entity-tag"],
             yields_to=[REPEATABLE, "metadata.is-not-the-placeholder", "relation.not-another-owner",
                        "picture.dimensions-match-metadata", "picture.is-a-picture"])  # fmt: skip
def test_the_media_etag_is_the_header(
    metadata: DecodedResponse, photo: DecodedResponse, repeated: DecodedResponse | None
) -> Findings:
    """`@odata.mediaEtag` equals the photo's ETag header by weak comparison, if there is one and no content coding."""
    result = str(metadata.metadata[ETAG])
    forms = (result, result.encode().decode("latin-1"))  # a header's bytes beyond ASCII are in no fixed coding
    for each in (photo, repeated or photo):
        header, coding = each.header("ETag"), (each.header("Content-Encoding") or "identity").strip().lower()
        if header is not None and coding == "identity" and not any(weakly_equal(form, header) for form in forms):
            says = f"{header[:200]}, as the photo's ETag header says (a framework may add its own)"
            yield Finding(f"$['{ETAG}']", says, result[:200])
