"""Likely causes about the bytes of pictures: decoded, wrapped, labelled, re-encoded, or always the same ones."""

from __future__ import annotations

import re
from collections.abc import Callable

from .evidence import Evidence, Seen, actual, most_common, share
from .rule import Likely, Rule

_OCTETS = ("application/octet-stream", "binary/octet-stream")
_BASE64 = re.compile(rb'\s*"?(?:data:image/|/9j/|iVBORw0KGg|R0lGOD|UklGR)')
_FORMATS = ((b"\xff\xd8", "image/jpeg"), (b"\x89PNG", "image/png"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))
_REPLACED = b"\xef\xbf\xbd"  # U+FFFD in UTF-8
_OF_BYTES = ("picture.", "annotation.media-content-type-matches-bytes")


def _about_bytes(requirement: str) -> bool:
    return requirement.startswith(_OF_BYTES)


def _every(evidence: Evidence, mark: Callable[[Seen], bool]) -> list[Seen]:
    """All pictures that were served, where all have the trait; else none."""
    pictures = [one for one in evidence.pictures if one.body]
    return pictures if len(pictures) > 1 and all(map(mark, pictures)) else []


def octet_stream(evidence: Evidence) -> Likely | None:
    found = _every(evidence, lambda one: one.media_type in _OCTETS)
    if not found:
        return None
    return Likely(
        "Every picture is labelled application/octet-stream",
        "The server, or the storage behind it, does not know the type of the bytes: send Content-Type: image/jpeg "
        "(or what the bytes are).",
        share(found, found, "pictures have this Content-Type"),
        "a picture with an image type",
        evidence.naming(found, lambda name: "content-type" in name),
    )


def text_decoder(evidence: Evidence) -> Likely | None:
    found = _every(evidence, _decoded)
    if not found:
        return None
    return Likely(
        "Pictures went through a text decoder",
        "The bytes were read or written as text (UTF-8, or with line ends changed): read and send them as binary, e.g. "
        "responseType: 'arraybuffer', files opened with 'rb'.",
        share(found, found, "pictures hold U+FFFD, or line ends that were changed"),
        "a picture whose bytes are whole",
        evidence.naming(found, _about_bytes),
    )


def _decoded(one: Seen) -> bool:
    return one.body[:4096].count(_REPLACED) > 1 or one.body.startswith((b"\x89PNG\r\r\n", b"\x89PNG\n\x1a\n"))


def base64_body(evidence: Evidence) -> Likely | None:
    found = _every(evidence, lambda one: _BASE64.match(one.body) is not None)
    if not found:
        return None
    return Likely(
        "Pictures are sent as base64 or as a data URL",
        "Decode them before they are sent: the body is the bytes of the picture (AWS API Gateway: isBase64Encoded and "
        "binaryMediaTypes).",
        share(found, found, "pictures are base64 text"),
        "a picture that is sent as bytes",
        evidence.naming(found, _about_bytes),
    )


def image_proxy(evidence: Evidence) -> Likely | None:
    """All pictures have one format, or fit one box, and their metadata says otherwise."""
    pictures = [one for one in evidence.pictures if one.body]
    names = ("picture.dimensions-match-metadata", _OF_BYTES[1])
    wrong = [each for each in evidence.verdicts if each["requirement"] in names]
    formats = {next((name for start, name in _FORMATS if one.body.startswith(start)), "") for one in pictures}
    sizes = [
        tuple(map(int, pair))
        for each in wrong
        for f in each["findings"]
        for pair in re.findall(r"(?<!\d)(\d{1,9})\D{1,20}(\d{1,9})", f["got"])
    ]
    side, boxed = most_common(max(size) for size in sizes)
    named = {f["got"] for each in wrong if each["requirement"] == _OF_BYTES[1] for f in each["findings"]}
    by_format = len(formats) == 1 and "" not in formats and len(named) > 0 and len(pictures) > 2
    by_box = boxed > 2 and boxed == len(sizes)
    if not (by_format or by_box):
        return None
    what = f"re-encoded as {formats.pop()}" if by_format else f"resized to at most {side} pixels"
    return Likely(
        f"Pictures are {what} on the way",
        "An image proxy or CDN changes the pictures, and the metadata still describes the originals: turn that off for "
        "these paths.",
        share(wrong, evidence.verdicts, f"verdicts are about pictures that are {what}"),
        "a picture whose bytes are as its metadata says",
        wrong,
    )


def one_picture_for_all(evidence: Evidence) -> Likely | None:
    pictures = [one for one in evidence.pictures if one.body]
    people = {one.person for one in pictures}
    mixed = [each for each in evidence.verdicts if each["requirement"] == "relation.not-another-owner"]
    if not mixed or len(people) < 3 or len({one.body for one in pictures}) > 1:
        return None
    whose = most_common(actual(each).partition(":")[0] for each in mixed)[0]
    return Likely(
        f"One picture is served for every owner: {str(whose)[:100]}",
        "The path parameters are not used, or a cache key leaves them out: look the owner up by the id in the path.",
        f"{len(pictures):,} of {len(pictures):,} pictures, of {len(people)} owners, have the same bytes",
        "an owner whose picture has other bytes",
        mixed,
    )


RULES: tuple[Rule, ...] = (
    octet_stream,
    text_decoder,
    base64_body,
    image_proxy,
    one_picture_for_all,
)
"""In the order in which they are tried."""
