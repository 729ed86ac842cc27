"""A recorded response as a requirement sees it, with what its bytes really are; and the index of all photos."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from ..media import NotRead, header_fields, json_text, pictures
from ..media.disclosure import disclosed
from ..media.pictures import Picture, canonical_type
from ..model import Answer, Exchange, Form, Owner, Probe

MEDIA_TYPE, MEDIA_ETAG = "@odata.mediaContentType", "@odata.mediaEtag"
COMPARED = ("id", "width", "height", MEDIA_TYPE, MEDIA_ETAG)
"""The properties by which two answers about one photo are compared."""


NAMED = 5
"""Owners that are named in a note."""


class CannotEvaluate(Exception):
    """What a requirement checks was not recorded; the message is the reason of the verdict (inconclusive)."""


@dataclass(frozen=True)
class DecodedResponse:
    """A recorded exchange: the response, and what its bytes really are."""

    probe: Probe
    exchange: Exchange

    @property
    def answer(self) -> Answer:
        """The answer; requirements are only called where there is one."""
        if self.exchange.answer is None:
            raise LookupError(f"{self.probe.key} got no answer")
        return self.exchange.answer

    @property
    def waited_out(self) -> list[DecodedResponse]:
        """The responses 429 or 503 that were waited out before this one."""
        return [replace(self, exchange=replace(self.exchange, answer=each)) for each in self.exchange.throttled]

    @property
    def status(self) -> int:
        return self.answer.status

    def header(self, name: str) -> str | None:
        return self.answer.header(name)

    @property
    def media_type(self) -> str | None:
        """The Content-Type without its parameters, in lower case; None where two differ."""
        found = {
            header_fields.media_type(value) for name, value in self.answer.headers if name.lower() == "content-type"
        }
        return found.pop() if len(found) == 1 else None

    @property
    def body(self) -> bytes:
        """The body; CannotEvaluate where it is not here."""
        if self.answer.unread is not None:
            raise CannotEvaluate(self.answer.unread)
        return self.answer.body

    @cached_property
    def looks_like(self) -> Picture | NotRead | str:
        """The body as a picture, or why it was not decoded, or what it is instead."""
        return pictures.read(self.body)

    @property
    def picture(self) -> Picture | str:
        """The body as a picture, or what it is instead; CannotEvaluate where it was not decoded."""
        if isinstance(self.looks_like, NotRead):
            raise CannotEvaluate(self.looks_like.why)
        return self.looks_like

    @cached_property
    def _value(self) -> Any:
        return json_text.read(self.body)

    @property
    def json(self) -> Any:
        """The body as one JSON value, or a NotJson; CannotEvaluate where it was not read."""
        if isinstance(self._value, NotRead):
            raise CannotEvaluate(self._value.why)
        return self._value

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty where it is none (which S29b and S29c say)."""
        return self.json if isinstance(self.json, dict) else {}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        """What is compared of two answers about one photo: status, and the picture's SHA-256 or five properties."""
        if self.probe.shape.form is Form.PHOTO:
            return (self.status, self.digest if isinstance(self.picture, Picture) else None)
        return (self.status, *(comparable(name, self.metadata.get(name)) for name in COMPARED))

    @property
    def entity_tag(self) -> str | None:
        """The photo's ETag, or the metadata's mediaEtag, for weak comparison; None where there is none."""
        photo = self.probe.shape.form is Form.PHOTO
        tag = self.header("ETag") if photo else self.metadata.get(MEDIA_ETAG)
        return tag.strip().removeprefix("W/") if isinstance(tag, str) and tag else None

    def shows_a_photo(self, photo_index: PhotoIndex | None = None) -> str | None:
        """Which part of a photo was returned, whatever the status: a picture or metadata; else None (S24a, S5a, N1).

        With an index that has any, metadata has values of an owner in it.
        """
        known = photo_index.marks if photo_index else None
        shown = disclosed(self.body, lambda node: not marks(node).isdisjoint(known) if known else bool(marks(node)))
        if isinstance(shown, NotRead):
            raise CannotEvaluate(shown.why)
        return shown


def marks(metadata: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    """By what an object is known as a photo's metadata: each two of the compared properties, and an entity-tag."""
    values = [(name, comparable(name, metadata[name])) for name in COMPARED if name in metadata]
    return {
        *combinations(values, 2),
        *((value,) for value in values if value[0] == MEDIA_ETAG and metadata[MEDIA_ETAG]),
    }


def comparable(name: str, value: Any) -> str | float:
    """The value of a property in a form that can be compared.

    Equal are 240 and 240.0, two names of one media type (S27c), and a tag and its weak form (RFC 9110 8.8.3.2).
    Not equal are 1 and true.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and name == MEDIA_TYPE:
        return canonical_type(value.partition(";")[0])
    if isinstance(value, str) and name == MEDIA_ETAG:
        return value.removeprefix("W/")
    return repr(value)


@dataclass(frozen=True)
class PhotoIndex:
    """All owners' photos by the values that are compared, to find out whose photo a response shows (R4)."""

    owners: dict[tuple[Any, ...], set[str]] = field(default_factory=dict)
    """By those values, the labels of the owners whose responses had them."""
    declared: dict[str, str] = field(default_factory=dict)
    """The SHA-256 that the target file gives for an owner's picture, by the owner's label."""
    genuine: dict[str, set[tuple[Any, ...]]] = field(default_factory=dict)
    """By label, the metadata that was received with the picture whose SHA-256 the target file gives, and fits it."""

    tagged: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Labels of the owners by SHA-256 and ETag of their pictures."""
    metadata_tags: dict[str, set[str]] = field(default_factory=dict)
    """The entity-tags that the metadata of an owner names, by label."""

    marks: set[tuple[Any, ...]] = field(default_factory=set)
    """By what metadata is known as that of an owner, with a photo or without."""

    @cached_property
    def holders(self) -> dict[str, list[str]]:
        """The labels of those whose picture has a SHA-256, by the target file."""
        found: dict[str, list[str]] = {}
        for label, digest in self.declared.items():
            found.setdefault(digest, []).append(label)
        return found

    def join(self, answer: DecodedResponse, beside: DecodedResponse | None) -> None:
        """Add a plain response that shows an owner's photo; `beside`: that of the other form, by the same path."""
        owner = answer.probe.owner.person
        self.marks.update(marks(answer.metadata))
        self.owners.setdefault(answer.identity, set()).add(owner)
        if tag := answer.entity_tag:
            if answer.probe.shape.form is Form.PHOTO:
                self.tagged.setdefault((answer.digest, tag), set()).add(owner)
            else:
                self.metadata_tags.setdefault(owner, set()).add(tag)
        photo = beside if answer.probe.shape.form is Form.METADATA else None
        if photo and photo.digest == self.declared.get(owner) and fits(answer, photo):
            self.genuine.setdefault(owner, set()).add(answer.identity)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence that names owners whose declared picture was not received by any path.

        No clause requires it: the contract has no SHA-256, and a re-encoded picture is allowed.
        """
        pictures = {
            identity[1]: owners for identity, owners in self.owners.items() if len(identity) == 2 and identity[1]
        }
        received = {owner for owners in pictures.values() for owner in owners}
        others = sorted(
            owner for owner in received & set(self.declared) if owner not in pictures.get(self.declared[owner], ())
        )
        named = ", ".join(others[:NAMED]) + (" and others" if len(others) > NAMED else "")
        return (f"no path returned the picture whose SHA-256 the target file gives: {named}",) if others else ()


def fits(metadata: DecodedResponse, photo: DecodedResponse) -> bool:
    """Whether the metadata has the picture's size and type, and its entity-tag where the photo has one."""
    picture, properties, tag = photo.looks_like, metadata.metadata, photo.header("ETag")
    if not isinstance(picture, Picture) or (picture.width, picture.height) != (
        properties.get("width"),
        properties.get("height"),
    ):
        return False
    typed = comparable(MEDIA_TYPE, properties.get(MEDIA_TYPE)) == picture.media_type
    return typed and (tag is None or header_fields.weakly_equal(str(properties.get(MEDIA_ETAG)), tag))


def declared(owners: Iterable[Owner]) -> dict[str, str]:
    """The SHA-256 of each owner's picture, where the target file gives it, by label."""
    return {owner.label: owner.sha256.lower() for owner in owners if owner.sha256}
