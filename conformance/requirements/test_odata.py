"""OData and HTTP rules beyond the page, checked with `--odata`; the live service breaks some of them."""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import SHOULD, Findings, requirement
from ..media import odata_urls
from ..media.header_fields import weakly_equal
from ..media.pictures import canonical_type
from ..model import Finding, Form
from .comparing import differences, in_words, leads_nowhere
from .prerequisites import ABSENT, ANSWERED, NO_PLACEHOLDER, READABLE, STEADY
from .selections import (
    ABSENT_BY_HEAD,
    BY_HEAD,
    BY_KEYS,
    EVERY_ANSWER,
    FORMATTED,
    IF_NONE_MATCH,
    LISTS,
    METADATA_BESIDE_PHOTO,
    ODD_ACCEPTED,
    PLACEHOLDER,
    PRESENT_METADATA,
    UNSUPPORTED,
)
from .status import exactly, status_in_words

CONTEXT = ("@odata.context", "@context")
READ_LINK = ("@odata.mediaReadLink", "@mediaReadLink")
PLAIN_HOLDS = (*ANSWERED, *READABLE)
SOUND = (*STEADY, "picture.content-type-is-image", "metadata.is-application-json", "error.has-envelope")
"""Of a plain response with which another is compared, its media type included."""


@requirement("odata.has-version", SHOULD, cites="O1", on=[EVERY_ANSWER], odata=True)
def test_each_response_has_the_odata_version(answer: DecodedResponse) -> Findings:
    """Every response, pictures and errors included, has `OData-Version`, 4.0 or 4.01."""
    version = answer.header("OData-Version")
    if (version or "").strip() not in ("4.0", "4.01"):
        yield Finding("OData-Version", "4.0 or 4.01", "no such header" if version is None else version)


@requirement("odata.json-has-metadata-parameter", SHOULD, cites="O2", on=[PRESENT_METADATA, LISTS, PLACEHOLDER],
             odata=True, needs=["metadata.is-application-json"])  # fmt: skip
def test_the_json_type_has_a_metadata_parameter(answer: DecodedResponse) -> Findings:
    """The JSON media type has the parameter `odata.metadata` (in OData 4.01 also `metadata`): none, minimal or full."""
    media_type = answer.header("Content-Type") or ""
    parameters = (part.lower().partition("=") for part in media_type.split(";")[1:])
    values = {value.strip(' "') for name, _, value in parameters if name.strip() in ("odata.metadata", "metadata")}
    if values.isdisjoint(("none", "minimal", "full")):
        yield Finding("Content-Type", "application/json with odata.metadata=none, minimal or full", media_type)


@requirement("odata.context-comes-first", SHOULD, cites="O3", on=[PRESENT_METADATA, LISTS, PLACEHOLDER], odata=True,
             needs=["metadata.is-one-object", "sizes.are-a-list"],
             yields_to=["annotation.context-is-photo-entity"])  # fmt: skip
def test_the_context_comes_first(answer: DecodedResponse) -> Findings:
    """`@odata.context` is the first member of the JSON object."""
    first = next(iter(answer.metadata), None)
    if first not in CONTEXT:
        yield Finding("$", "`@odata.context` as the first member", in_words(first))


@requirement("odata.unsupported-option-is-refused", SHOULD, cites="O4", on=[UNSUPPORTED], odata=True,
             needs=[*PLAIN_HOLDS, "option.unknown-is-refused"])  # fmt: skip
def test_an_unsupported_option_is_400_or_501(answer: DecodedResponse) -> Findings:
    """An unsupported query option that begins with `$` returns 400 or 501."""
    if answer.status not in (400, 501):
        yield Finding("status", "400 or 501", status_in_words(answer))


@requirement("odata.format-is-ignored-on-photo", SHOULD, cites="O5", on=[FORMATTED], odata=True, needs=PLAIN_HOLDS,
             yields_to=SOUND)  # fmt: skip
def test_format_is_ignored_on_the_bytes(answer: DecodedResponse, plain: DecodedResponse) -> Findings:
    """`$format` on the bytes of a photo changes nothing."""
    yield from changes(plain, answer, "with $format=json")


@requirement("odata.own-tag-is-304", SHOULD, cites="O6", on=[IF_NONE_MATCH], odata=True, needs=PLAIN_HOLDS,
             yields_to=SOUND)  # fmt: skip
def test_the_own_tag_gets_304(answer: DecodedResponse) -> Findings:
    """If-None-Match with the photo's own entity-tag returns 304, without a body."""
    yield from exactly(answer, 304)
    if answer.status == 304 and answer.body:
        yield Finding("body of a 304", "none", f"{len(answer.body)} bytes")


@requirement("odata.unacceptable-is-406", SHOULD, cites="O7", on=[ODD_ACCEPTED], odata=True, needs=PLAIN_HOLDS)
def test_an_accept_that_cannot_be_met_is_406(answer: DecodedResponse) -> Findings:
    """An Accept header without any type that the target can return gets 406."""
    yield from exactly(answer, 406)


@requirement("odata.has-media-read-link", SHOULD, cites="O8", on=[METADATA_BESIDE_PHOTO], odata=True,
             needs=["metadata.answers-200", "metadata.is-json", "metadata.is-one-object"])  # fmt: skip
def test_the_media_read_link_leads_to_the_bytes(metadata: DecodedResponse, photo: DecodedResponse) -> Findings:
    """Where the bytes are not at the conventional address, the metadata has `@odata.mediaReadLink`; it leads to them.

    The conventional address is the photo's own path with `/$value`, if it does not redirect. A link to another host
    is not followed, since the token would go there.
    """
    name = next((name for name in READ_LINK if name in metadata.metadata), None)
    if name is not None:
        link = metadata.metadata[name]
        if not isinstance(link, str) or not odata_urls.is_url(link):
            yield Finding(f"$['{name}']", "a URL", in_words(link))
        elif leads_nowhere(link, metadata):
            yield Finding(f"$['{name}']", "the address of this owner's picture", in_words(link))
    elif photo.status in (301, 302, 303, 307, 308):
        yield Finding("$['@odata.mediaReadLink']", "the address of the bytes", f"none, and {status_in_words(photo)}")


@requirement("odata.keys-in-parentheses", SHOULD, cites="O9", on=[BY_KEYS], odata=True, needs=PLAIN_HOLDS,
             yields_to=SOUND)  # fmt: skip
def test_keys_may_stand_in_parentheses(answer: DecodedResponse, plain: DecodedResponse) -> Findings:
    """A path with keys in parentheses, `users('…')/photo`, gets the same response as one with keys as segments."""
    yield from changes(plain, answer, "by keys in parentheses")


def changes(plain: DecodedResponse, answer: DecodedResponse, how: str) -> Findings:
    """What another way of asking changes: the media type as well."""
    yield from differences(plain, answer, how)
    was, now = (canonical_type(each.media_type or "") for each in (plain, answer))
    if plain.status == answer.status == 200 and was != now:
        yield Finding(f"Content-Type, {how}", was, answer.header("Content-Type") or "no such header")


@requirement("odata.head-is-get-without-body", SHOULD, cites="O10", on=[BY_HEAD, ABSENT_BY_HEAD], odata=True,
             needs=[*PLAIN_HOLDS, ABSENT, NO_PLACEHOLDER], yields_to=SOUND)  # fmt: skip
def test_head_is_get_without_a_body(answer: DecodedResponse, plain: DecodedResponse) -> Findings:
    """HEAD returns the same status and media type as GET, and no other length or entity-tag; without a body."""
    if answer.status != plain.status:
        yield Finding("status of HEAD", str(plain.status), status_in_words(answer))
    elif answer.media_type not in (None, plain.media_type):
        yield Finding("Content-Type of HEAD", plain.header("Content-Type") or "", answer.header("Content-Type") or "")
    elif answer.status == 200:
        length, tag, usual = answer.header("Content-Length"), answer.header("ETag"), plain.header("ETag")
        coded = answer.header("Content-Encoding") or plain.header("Content-Encoding")  # another length, and another tag
        same = not coded and answer.probe.shape.form is Form.PHOTO  # JSON may hold a time, and so vary in length
        if (same or length == "0") and length not in (None, str(len(plain.body))):
            yield Finding("Content-Length of HEAD", "above 0" if coded else str(len(plain.body)), length)
        if tag and usual and not coded and not weakly_equal(tag, usual):
            yield Finding("ETag of HEAD", usual, tag)
    if answer.body:
        yield Finding("body of HEAD", "none", f"{len(answer.body)} bytes")


@requirement("odata.405-has-allow", SHOULD, cites="O11", on=[EVERY_ANSWER], odata=True)
def test_a_405_says_what_is_allowed(answer: DecodedResponse) -> Findings:
    """Any 405 response has `Allow`. No request is sent to provoke one."""
    if answer.status == 405 and answer.header("Allow") is None:
        yield Finding("Allow of a 405", "the methods that are allowed", "no such header")
