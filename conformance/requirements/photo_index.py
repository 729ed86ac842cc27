"""The index of all owners' photos, to find out whose photo a response shows (R4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..catalogue.decoded_response import MEDIA_ETAG, MEDIA_TYPE, DecodedResponse, comparable, marks
from ..media import header_fields
from ..media.pictures import Picture
from ..model import Form, Owner

NAMED = 5
"""Owners that are named in a note."""


@dataclass(frozen=True)
class PhotoIndex:
    """All owners' photos by the values that are compared, to find out whose photo a response shows (R4)."""

    owners: dict[tuple[Any, ...], set[str]] = field(default_factory=dict)
    """By those values, the labels of the owners whose responses had them."""
    by_path: set[int] = field(default_factory=set)
    """Hashes of an owner's label, a path shape, and what the owner's response by it had: there may be many."""
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
        self.by_path.add(hash((owner, answer.probe.shape.key, answer.identity)))
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
    size = (properties.get("width"), properties.get("height"))
    if not isinstance(picture, Picture) or (picture.width, picture.height) != size:
        return False
    typed = comparable(MEDIA_TYPE, properties.get(MEDIA_TYPE)) == picture.media_type
    return typed and (tag is None or header_fields.weakly_equal(str(properties.get(MEDIA_ETAG)), tag))


def declared(owners: Iterable[Owner]) -> dict[str, str]:
    """The SHA-256 of each owner's picture, where the target file gives it, by label."""
    return {owner.label: owner.sha256.lower() for owner in owners if owner.sha256}
