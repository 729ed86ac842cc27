"""Answers as requirements see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.catalogue.decoded_response import CannotEvaluate, DecodedResponse, comparable
from conformance.model import Answer, Finding
from conformance.requirements.status import exactly
from conformance.requirements.test_unknown import refusal
from tests.in_process import conforming_run


def seen_with(*types: str) -> DecodedResponse:
    """A picture's answer with these Content-Type fields."""
    probe, _, exchange = conforming_run().good["me.photo/user-1/plain"]
    assert exchange.answer
    headers = tuple(("Content-Type", value) for value in types)
    return DecodedResponse(probe, replace(exchange, answer=replace(exchange.answer, headers=headers)))


def test_a_429_to_head_has_no_body_to_look_at() -> None:
    """A response to HEAD never has a body (RFC 9110 9.3.2): E1 and E2 look at the 429 to GET alone."""
    probe, _, exchange = conforming_run().good["me.photo/user-1/plain"]
    waited = replace(exchange, throttled=(Answer(429, (("Retry-After", "1"),)),))

    assert DecodedResponse(probe, waited).waited_out
    assert not DecodedResponse(replace(probe, request_kind="head"), waited).waited_out


@pytest.mark.parametrize(
    ("types", "meant"),
    [
        ((), None),
        (("image/JPEG; q=1",), "image/jpeg"),
        (("image/png", "Image/PNG; a=b"), "image/png"),
        (("image/png", "text/html"), None),
        (("image/png", "nonsense"), None),
    ],
)
def test_repeated_content_types_give_one_type_or_none(types: tuple[str, ...], meant: str | None) -> None:
    """Two fields that differ give no type (RFC 9110 5.3): which one is meant is unknown."""
    assert meant == seen_with(*types).media_type


@pytest.mark.parametrize(
    "change",
    [{"body": b"[" * 201 + b"]" * 201}, {"body": b"", "unread": "not read: the body is in the coding br"}],
)
def test_a_wrong_status_is_found_whether_the_body_was_read_or_not(change: dict[str, Any]) -> None:
    """What a body that was not read says of an error does not keep the status from being evaluated."""
    probe, _, exchange = conforming_run().good["me.metadata/user-1/plain"]
    assert exchange.answer
    seen = DecodedResponse(probe, replace(exchange, answer=replace(exchange.answer, **change)))
    assert list(exactly(seen, 404)) == [Finding("status", "404", "200")]
    assert list(refusal(seen)) == [Finding("response", "not 2xx, no picture, no metadata", "200")]
    with pytest.raises(CannotEvaluate, match="not read"):
        _ = seen.metadata


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("width", 240, 240.0),
        ("@odata.mediaContentType", "image/jpg", "IMAGE/jpeg; a=b"),
        ("@odata.mediaEtag", 'W/"a"', '"a"'),
    ],
)
def test_what_means_the_same_compares_the_same(name: str, one: object, other: object) -> None:
    """Numbers by their value, types by their registered name, tags weakly."""
    assert comparable(name, one) == comparable(name, other)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("width", 1, True),
        ("width", 240, "240"),
        ("id", "240X240", "240x240"),
        ("id", None, "None"),
        ("id", 'W/"a"', '"a"'),
        ("@odata.mediaEtag", '"a"', '"A"'),
        ("@odata.mediaContentType", "image/png", "image/x-png"),
    ],
)
def test_what_differs_compares_differently(name: str, one: object, other: object) -> None:
    """Truth is no number, text is none, and case counts in ids and tags."""
    assert comparable(name, one) != comparable(name, other)
