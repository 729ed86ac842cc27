"""What an answer has to hold by itself before it is compared with another one (contract: relations)."""

from __future__ import annotations

ANSWERED = ("picture.answers-200", "metadata.answers-200")
READABLE = ("picture.is-a-picture", "metadata.is-json", "metadata.is-one-object")
PROPERTIES = (
    "metadata.id-is-a-string",
    "metadata.width-is-int32",
    "metadata.height-is-int32",
    "metadata.dimensions-are-positive",
    "annotation.media-content-type-is-image",
    "annotation.media-etag-is-an-entity-tag",
)
OWN = ("relation.not-another-owner",)

HOLDS_BY_ITSELF = (
    *READABLE,
    *OWN,
    "picture.dimensions-match-metadata",
    "picture.content-type-matches-bytes",
    "metadata.is-not-the-placeholder",
    *PROPERTIES,
    "metadata.id-matches-dimensions",
    "annotation.media-content-type-matches-bytes",
    "placeholder.media-content-type-is-gif",
    "placeholder.etag-is-empty",
    "placeholder.id-is-1x1",
    "placeholder.is-1-by-1",
)
"""An answer with a fault of its own is told by that, and compared with none."""

STEADY = (*HOLDS_BY_ITSELF, "annotation.media-etag-matches-header", "http.repeat-is-identical")
"""Nor is an answer compared that differs from itself when it is asked again."""
