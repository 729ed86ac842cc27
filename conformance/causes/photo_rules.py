"""Likely causes about the bytes of pictures: decoded, wrapped, labelled, re-encoded, or always the same ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from ..model import Outcome
from .access import for_further_users
from .evidence import Evidence, Likely, Rule, Seen, actual, most_common, owner_of

_OCTETS = ("application/octet-stream", "binary/octet-stream")
_BASE64 = re.compile(rb'\s*"?(?:data:image/|/9j/|iVBORw0KGg|R0lGOD|UklGR)')
_FORMATS = ((b"\xff\xd8", "image/jpeg"), (b"\x89PNG", "image/png"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))
_DECLARED = {
    "without": ("metadata.is-not-the-placeholder", "picture.answers-200"),
    "with": ("placeholder.is-not-a-photo", "picture.absent-is-404"),
}
_REPLACED = b"\xef\xbf\xbd"  # U+FFFD in UTF-8
_OF_BYTES = ("picture.", "annotation.media-content-type-matches-bytes")


def _every_picture(
    evidence: Evidence,
    mark: Callable[[Seen], bool],
    explains: Callable[[str], bool] = lambda name: name.startswith(_OF_BYTES),
) -> Likely | None:
    """The evidence of a trait that all pictures have that were served; it explains what is about bytes."""
    pictures = evidence.pictures
    if len(pictures) < 2 or not all(map(mark, pictures)):
        return None
    return Likely(evidence.naming(pictures, explains), pictures, pictures, {"media_type": pictures[0].media_type})


def _decoded(one: Seen) -> bool:
    ends = one.body.count(b"\n")
    lengthened = ends > 1 and ends == one.body.count(b"\r\n")  # a picture of 1,000 bytes has four bare ones by chance
    return one.body[:4096].count(_REPLACED) > 1 or lengthened or one.body.startswith(b"\x89PNG\n\x1a\n")


def image_proxy(evidence: Evidence) -> Likely | None:
    """All pictures have one format, or fit one box, and the metadata of several owners says otherwise."""
    formats = {next((name for start, name in _FORMATS if one.body.startswith(start)), "") for one in evidence.pictures}
    other_sizes, other_types = (evidence.of(name) for name in ("picture.dimensions-match-metadata", _OF_BYTES[1]))
    wrong = [*other_sizes, *other_types]
    shown = (evidence.seen[one] for each in wrong for one in each["exchanges"] if one in evidence.seen)
    if len({one.person for one in shown}) < 2:
        return None
    got = [finding["got"] for each in other_sizes for finding in each["findings"]]
    sizes = [re.findall(r"(?<!\d)\d{1,9}(?!\d)", each) for each in got]
    side, boxed = most_common(max(map(int, size)) for size in sizes if len(size) > 1)
    if len(formats) == 1 and "" not in formats and other_types and len(evidence.pictures) > 2:
        what = formats.pop()
    elif boxed > 2 and boxed == sum(len(size) > 1 for size in sizes):
        what = f"at most {side} pixels wide and high"
    else:
        return None
    return Likely(wrong, wrong, None, {"what": what})


def one_picture_for_all(evidence: Evidence) -> Likely | None:
    mixed, pictures = evidence.of("relation.not-another-owner"), evidence.pictures
    owners = len({one.person for one in pictures})
    if not mixed or evidence.of("picture.is-a-picture") or owners < 3 or len({one.body for one in pictures}) > 1:
        return None
    whose = most_common(actual(each).partition(":")[0] for each in mixed)[0]
    return Likely(mixed, pictures, pictures, {"whose": str(whose)[:100], "owners": owners})


def me_is_one_user(evidence: Evidence) -> Likely | None:
    """The same picture is at `/me` with the token of every user."""
    pictures = [one for one in evidence.plain if one.shape == "me.photo" and one.status == 200]
    explains, users = for_further_users(evidence), {one.caller for one in pictures}
    if len({one.body for one in pictures}) > 1 or len(users) < 2 or not explains:
        return None
    return Likely(explains, pictures, pictures, {"users": len(users)})


def declared_otherwise(evidence: Evidence) -> Likely | None:
    """Metadata and picture of some owners agree that their `photo` is wrong in the target file, and not of others."""
    for has, names in _DECLARED.items():
        every = [each for each in evidence.document["verdicts"] if each["requirement"] in names]
        right = {owner_of(each) for each in every if each["outcome"] == Outcome.CONFORMS}
        owners = set.intersection(*({owner_of(each) for each in evidence.of(name)} for name in names)) - right
        if owners and right:
            explains = [each for each in evidence.of(*names) if owner_of(each) in owners]
            return Likely(explains, explains, explains, {"owners": ", ".join(sorted(owners))[:100], "has": has})
    return None


RULES: dict[str, Rule] = {
    "octet-stream": partial(
        _every_picture, mark=lambda one: one.media_type in _OCTETS, explains=lambda name: "content-type" in name
    ),
    "text-decoder": partial(_every_picture, mark=_decoded),
    "base64-body": partial(_every_picture, mark=lambda one: _BASE64.match(one.body) is not None),
    "image-proxy": image_proxy,
    "one-picture-for-all": one_picture_for_all,
    "me-is-one-user": me_is_one_user,
    "declared-otherwise": declared_otherwise,
}
