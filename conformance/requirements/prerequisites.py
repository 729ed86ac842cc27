"""Requirements by the part that they play for others: what must hold before a response is compared or refused."""

from __future__ import annotations

ANSWERED = ("picture.answers-200", "metadata.answers-200")
ABSENT, NO_PLACEHOLDER = "picture.absent-is-404", "placeholder.status-is-expected"
UNDECLARED_ALLOWED = "undeclared.status-is-allowed"
DUE = (*ANSWERED, ABSENT, NO_PLACEHOLDER, UNDECLARED_ALLOWED)
"""What an owner's status must be: where one of these is violated, the path refuses a permitted caller."""
UNKNOWN_404 = "unknown.is-404"
ENOUGH, NO_SCOPE_403 = "permission.one-scope-is-enough", "permission.without-scope-is-403"
REFUSING = (
    "unknown.discloses-nothing",
    UNKNOWN_404,
    "credentials.none-is-refused",
    "credentials.empty-is-refused",
    "credentials.garbage-is-refused",
    "credentials.other-scheme-is-refused",
    "credentials.refused-with-401",
    "credentials.has-www-authenticate",
    "permission.without-scope-discloses-nothing",
    NO_SCOPE_403,
)
"""Refusals, which prove nothing at a path that refuses a permitted caller as well."""
READABLE = ("picture.is-a-picture", "metadata.is-json", "metadata.is-one-object")
PROPERTIES = (
    "metadata.id-is-a-string",
    "metadata.width-is-int32",
    "metadata.height-is-int32",
    "metadata.dimensions-are-positive",
    "annotation.media-content-type-is-image",
    "annotation.media-etag-is-an-entity-tag",
)
USER_KEY = "relation.user-key-is-accepted"
"""Where no user is found by one kind of key, that alone is reported."""

REPEATABLE = "http.repeat-is-identical"
"""A response that varies from request to request differs from all others for that reason alone."""

STEADY = (
    *READABLE,
    "metadata.is-not-the-placeholder",
    *PROPERTIES,
    "placeholder.is-not-a-photo",
    "placeholder.media-content-type-is-gif",
    "placeholder.etag-is-empty",
    "placeholder.id-is-1x1",
    "placeholder.is-1-by-1",
    REPEATABLE,
    "relation.not-another-owner",
    "picture.content-type-matches-bytes",
    "metadata.id-matches-dimensions",
    "picture.dimensions-match-metadata",
    "annotation.media-content-type-matches-bytes",
    "annotation.media-etag-matches-header",
)
"""A response that is faulty itself, another owner's, or at odds with its other form, is reported by that alone."""
