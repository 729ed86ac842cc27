"""Questions that wait for the answer to another one."""

from __future__ import annotations

import pytest

from conformance.model import Answer, Exchange, Form, Owner, Request, State
from conformance.model.probe import OWN_TAG, PLAIN
from conformance.planning.plan import afterwards, at_once
from conformance.spec import load
from conformance.target.tenant import Tenant

SHAPE = next(shape for shape in load().shapes if (shape.variant, shape.form) == ("me", Form.PHOTO))
OWNER = Owner("user-1", "user", caller="user-1", state=State.PRESENT)
FIRST, SECOND = (
    Tenant(default="user-1").probe(SHAPE, OWNER, request_kind, State.PRESENT) for request_kind in (PLAIN, OWN_TAG)
)


def answered(tag: str | None) -> dict[str, Exchange]:
    answer = Answer(200, () if tag is None else (("ETag", tag),))
    return {FIRST.key: Exchange(FIRST.key, Request("GET", "u"), answer)}


def test_what_waits_is_not_asked_at_once() -> None:
    """The first turn holds every question but those with an entity-tag."""
    assert at_once([FIRST, SECOND]) == [FIRST]


@pytest.mark.parametrize("tag", ['"1"', 'W/"abc"'])
def test_the_tag_of_the_first_answer_is_sent_back(tag: str) -> None:
    """The second turn is asked with the entity-tag of the plain response, unchanged."""
    assert [probe.headers for probe in afterwards([FIRST, SECOND], answered(tag))] == [(("If-None-Match", tag),)]


@pytest.mark.parametrize("tag", [None, "", "bare", '""', '"a"\x00', '"' + "a" * 5000 + '"'])
def test_without_a_tag_nothing_is_asked(tag: str | None) -> None:
    """No tag, or one that is none or endless, is not sent back; the question stays unasked."""
    assert list(afterwards([FIRST, SECOND], answered(tag))) == []


def test_without_the_first_answer_nothing_is_asked() -> None:
    """Where the plain question got no answer there is nothing to follow up."""
    assert list(afterwards([SECOND], {})) == []
