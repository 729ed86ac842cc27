"""The annotations: context, id, media type and entity-tag, each wrong in every way that matters."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..model import Answer
from .fault import at_each, one, series
from .making import header, put, putting, renamed, renaming
from .places import again, any_metadata, anywhere, metadata, narrowed, picture, selecting, selecting_nothing

CONTEXT, ID = "@odata.context", "@odata.id"
MEDIA_TYPE, ETAG = "@odata.mediaContentType", "@odata.mediaEtag"
Text = Callable[[str], object]
USERS = ("me", "user")
CONTACTS = ("me-contact", "user-contact", "me-folder", "user-folder")

NO_TEXT: dict[str, object] = {
    "null": None,
    "number": 1,
    "true": True,
    "array": lambda value: [value],
    "empty": "",
    "object": lambda value: {"url": value},
}
NO_CONTEXT: dict[str, Text] = {
    "words": lambda value: "the photo of a user",
    "no-fragment": lambda value: value.split("#")[0],
    "empty-fragment": lambda value: value.split("#")[0] + "#",
    "no-entity": lambda value: value.removesuffix("/$entity"),
    "entity-set": lambda value: value.replace("/photo/$entity", "/photos"),
    "plural": lambda value: value.replace("/photo/$entity", "/photos/$entity"),
    "delta": lambda value: value.replace("/$entity", "/$delta"),
    "element": lambda value: value.replace("$entity", "@Element"),
    "owner-itself": lambda value: value.replace("/photo/$entity", "/$entity"),
    "fragment-alone": lambda value: "#" + value.split("#")[1],
    "query-for-fragment": lambda value: value.replace("#", "?"),
    "no-metadata": lambda value: value.replace("$metadata", "metadata"),
    "other-scheme": lambda value: value.replace("http:", "ftp:"),
    "blank-inside": lambda value: value.replace("#", " #"),
    "two-fragments": lambda value: value.replace("#", "##"),
    "broken-host": lambda value: re.sub("//[^/]+", "//[::1", value),
}
NO_ID: dict[str, Text] = {
    "words": lambda value: "adele's photo",
    "value": lambda value: value + "/$value",
    "owner": lambda value: value.removesuffix("/photo"),
    "plural": lambda value: value + "s",
    "size": lambda value: value + "s/240x240",
    "key-alone": lambda value: "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
    "trailing-slash": lambda value: value + "/",
    "urn": lambda value: "urn:photo",
    "broken-host": lambda value: re.sub("//[^/]+", "//[::1", value),
}
NO_TAG: dict[str, Text] = {
    "unquoted": lambda value: value.strip('"'),
    "single-quotes": lambda value: value.replace('"', "'"),
    "half-quoted": lambda value: value[:-1],
    "quotes-alone": lambda value: '""',
    "small-w": lambda value: "w/" + value,
    "weak-unquoted": lambda value: "W/" + value.strip('"'),
    "blank-inside": lambda value: f'"{value.strip(chr(34))[:4]} {value.strip(chr(34))[4:]}"',
    "quote-inside": lambda value: f'"{value}"',
    "two": lambda value: f"{value}, {value}",
    "star": lambda value: "*",
    "line-break": lambda value: value + "\n",
}

NO_USERS_CONTEXT = {
    "groups": "groups('1')/photo/$entity",
    "contacts": "users('1')/contacts('2')/photo/$entity",
    "nothing": "photo/$entity",
    "sites": "sites('1')/photo/$entity",
    "without-key": "users/photo/$entity",
    "teams": "teams('1')/photo/$entity",
}
NO_GROUPS_CONTEXT = {
    "me": "Me/photo/$entity",
    "users": "users('1')/photo/$entity",
    "without-key": "groups/photo/$entity",
    "unified-groups": "unifiedGroups('1')/photo/$entity",
}
NO_CONTACTS_CONTEXT = {
    "me": "Me/photo/$entity",
    "users": "users('1')/photo/$entity",
    "folders": "users('1')/contactFolders('2')/photo/$entity",
    "groups": "groups('1')/contacts('2')/photo/$entity",
    "drives": "drives('1')/contactFolders('2')/contacts('3')/photo/$entity",
}
NO_MEDIA_TYPE = {
    "octet-stream": "application/octet-stream",
    "json": "application/json",
    "bare-word": "jpeg",
    "extension": ".jpg",
    "text": "text/plain",
    "slash": "image/",
    "two": "image/jpeg, image/png",
    "blank": "image / jpeg",
    "any": "image/*;q=1, */*",
}
OTHER_MEDIA_TYPES = {
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "jpeg-for-all": "image/jpeg",
    "png-for-all": "image/png",
    "jp2": "image/jp2",
    "heic": "image/heic",
}
TAGS: dict[str, Text] = {
    "another": lambda value: '"another"',
    "lower-case": lambda value: value.lower() if value != value.lower() else '"x"',
    "gzip-suffix": lambda value: value[:-1] + '-gzip"',
    "cut": lambda value: value[:-2] + '"',
    "weak-other": lambda value: 'W/"other"',
}
HEADERS = {"another": '"another"', "unquoted": "5A5A5A", "empty": "", "weak-other": 'W/"x"'}


def _names(name: str) -> dict[str, str | None]:
    """Other spellings of an annotation's name; the old ones are those of OData 2 and 3."""
    word = name.removeprefix("@odata.")
    return {
        "nothing": None,
        "without-at": f"odata.{word}",
        "without-odata": f"@{word}",
        "title-case": f"@OData.{word}",
        "capital": f"@odata.{word[0].upper()}{word[1:]}",
        "upper-case": name.upper(),
        "underscores": f"odata_{word}",
        "metadata-object": "__metadata",
    }


def _collection(answer: Answer, fragment: str) -> Answer:
    """The context URL with another fragment."""
    return put(answer, CONTEXT, lambda value: f"{value.split('#')[0]}#{fragment}")


def _mailbox(value: str) -> str:
    return re.sub(r"(users\('[^']*(?:''[^']*)*'\)).*", r"\1/photo", value)


def _last_key(value: str) -> str:
    """The address with the key of its last step changed, whatever kind of key it is."""
    return re.sub(r"\('[^']*(?:''[^']*)*'\)/photo$", "('00000000-0000-4000-8000-00000000cafe')/photo", value)


OTHERS: dict[str, Text] = {
    "last-key": _last_key,
    "group": lambda value: re.sub(r"/v1\.0/.*", "/v1.0/groups('00000000-0000-4000-8000-00000000cafe')/photo", value),
    "user-relative": lambda value: "users('00000000-0000-4000-8000-00000000cafe')/photo",
    "user": lambda value: re.sub(r"/v1\.0/.*", "/v1.0/users('00000000-0000-4000-8000-00000000cafe')/photo", value),
}


# fmt: off
series("annotation.context-is", "`@odata.context` is not a photo's context URL: {it}.",
       NO_TEXT | NO_CONTEXT, putting(CONTEXT), at=any_metadata, expected="annotation.context-is-photo-entity")
series("annotation.context-named", "`@odata.context` is missing, or is called otherwise: {it}.",
       _names(CONTEXT), renaming(CONTEXT), at=any_metadata, expected="annotation.context-is-photo-entity")
series("annotation.context-of", "A user's context names another collection: {it}.",
       NO_USERS_CONTEXT, _collection, at=narrowed(metadata, variants=USERS),
       expected="annotation.context-names-the-collection")
series("annotation.groups-context-of", "A group's context names another collection: {it}.",
       NO_GROUPS_CONTEXT, _collection, at=narrowed(any_metadata, variants=("group",)),
       expected="annotation.context-names-the-collection")
series("annotation.contacts-context-of",
       "A contact's context names the collection of something above, or is rooted elsewhere: {it}.",
       NO_CONTACTS_CONTEXT, _collection, at=narrowed(any_metadata, variants=CONTACTS),
       expected="annotation.context-names-the-collection")
series("annotation.id-is", "`@odata.id` is not a photo's URL: {it}.",
       NO_TEXT | NO_ID, putting(ID), at=any_metadata, expected="annotation.id-is-photo-url")
series("annotation.id-named", "`@odata.id` is missing, or is called otherwise: {it}.",
       _names(ID), renaming(ID), at=any_metadata, expected="annotation.id-is-photo-url")
series("annotation.id-of-another", "`@odata.id` is a photo's URL, but another owner's: {it}.",
       OTHERS, putting(ID), at=any_metadata, expected="annotation.id-names-the-owner")
series("annotation.type-is", "`@odata.mediaContentType` is no picture's media type: {it}.",
       NO_TEXT | NO_MEDIA_TYPE, putting(MEDIA_TYPE), at=metadata, expected="annotation.media-content-type-is-image")
series("annotation.type-named", "`@odata.mediaContentType` is missing, or is called otherwise: {it}.",
       _names(MEDIA_TYPE), renaming(MEDIA_TYPE), at=metadata, expected="annotation.media-content-type-is-image")
series("annotation.type-of", "`@odata.mediaContentType` is another picture's than the bytes are: {it}.",
       OTHER_MEDIA_TYPES, putting(MEDIA_TYPE), at=metadata, expected="annotation.media-content-type-matches-bytes")
series("annotation.etag-is", "`@odata.mediaEtag` is no entity-tag: {it}.",
       NO_TEXT | NO_TAG, putting(ETAG), at=metadata, expected="annotation.media-etag-is-an-entity-tag")
series("annotation.etag-named", "`@odata.mediaEtag` is missing, or is called otherwise: {it}.",
       _names(ETAG), renaming(ETAG), at=metadata, expected="annotation.media-etag-is-an-entity-tag")
series("annotation.etag-not", "`@odata.mediaEtag` is not the photo's ETag: {it}.",
       TAGS, putting(ETAG), at=metadata, expected="annotation.media-etag-matches-header")
series("annotation.header", "The photo's ETag header differs from its metadata: {it}.",
       HEADERS, lambda answer, tag: header(answer, "ETag", tag), at=picture,
       expected="annotation.media-etag-matches-header")
one("annotation.id-of-the-mailbox", "A contact's `@odata.id` is that of the user whose contact it is.",
    lambda _, answer: put(answer, ID, _mailbox), at=narrowed(any_metadata, variants=CONTACTS),
    expected="annotation.id-names-the-owner")
one("annotation.id-of-a-user", "A group's `@odata.id` calls it a user.",
    lambda _, answer: put(answer, ID, lambda value: value.replace("groups(", "users(")),
    at=narrowed(any_metadata, variants=("group",)), expected="annotation.id-names-the-owner")
one("annotation.context-again", "Asked again, `@odata.context` is missing.",
    lambda _, answer: renamed(answer, CONTEXT, None), at=again(any_metadata),
    expected="annotation.context-is-photo-entity")
one("annotation.collection-again", "Asked again, a context names another collection.",
    lambda _, answer: _collection(answer, "drives('x')/photo/$entity"), at=again(any_metadata),
    expected="annotation.context-names-the-collection")
one("annotation.id-again", "Asked again, `@odata.id` is the address of the bytes.",
    lambda _, answer: put(answer, ID, lambda value: value + "/$value"), at=again(any_metadata),
    expected="annotation.id-is-photo-url")
one("annotation.id-of-another-again", "Asked again, `@odata.id` is another owner's.",
    lambda _, answer: put(answer, ID, _last_key), at=again(any_metadata), expected="annotation.id-names-the-owner")
at_each("annotation.id-of-another-selected", "With `$select`, `@odata.id` is another owner's: {it}.",
        {"photo": selecting, "placeholder": selecting_nothing},
        lambda _, answer: put(answer, ID, _last_key), at=anywhere, expected="annotation.id-names-the-owner")
one("annotation.tag-again", "Asked again, the photo's ETag is another.",
    lambda _, answer: header(answer, "ETag", '"other"'), at=again(picture),
    expected="annotation.media-etag-matches-header")
# fmt: on
