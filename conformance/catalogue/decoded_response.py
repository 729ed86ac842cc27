"""A recorded response as a requirement sees it, with what its bytes really are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from ..media import NotRead, header_fields, json_text, pictures
from ..media.disclosure import disclosed
from ..media.pictures import Picture, canonical_type
from ..model import Answer, Exchange, Form, Probe
from ..model.probe import HEAD

MEDIA_TYPE, MEDIA_ETAG = "@odata.mediaContentType", "@odata.mediaEtag"
COMPARED = ("id", "width", "height", MEDIA_TYPE, MEDIA_ETAG)
"""The properties by which two answers about one photo are compared."""


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
        """The responses 429 or 503 that were waited out before this one; those to HEAD have no body to look at."""
        throttled = () if self.probe.request_kind == HEAD.name else self.exchange.throttled
        return [replace(self, exchange=replace(self.exchange, answer=each)) for each in throttled]

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

    def shows_a_photo(self, known: Set[tuple[Any, ...]] = frozenset()) -> str | None:
        """Which part of a photo was returned, whatever the status: a picture or metadata; else None (S24a, S5a, N1).

        With `known` marks, metadata has values of an owner.
        """
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
