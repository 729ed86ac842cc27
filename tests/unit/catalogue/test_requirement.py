"""The decorator that makes a requirement, and what a requirement sees of an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from conformance.catalogue.decoded_response import DecodedResponse, comparable
from conformance.catalogue.requirement import (
    CATALOGUE,
    MUST,
    OPERATION,
    PERMISSION,
    SHOULD,
    Requirement,
    requirement,
)
from conformance.model import Answer, Cell, Credential, Exchange, Finding, Form, Owner, Probe, Request, State
from conformance.requirements.photo_index import PhotoIndex
from conformance.requirements.selections import METADATA_AND_PHOTO, PRESENT_PHOTO
from conformance.spec import load
from tests.unit.media.test_pictures import drawn


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """The catalogue is left as it was."""
    before = dict(CATALOGUE)
    yield
    CATALOGUE.clear()
    CATALOGUE.update(before)


def seen(body: bytes | str | object, status: int = 200, form: Form = Form.METADATA) -> DecodedResponse:
    """An answer as a requirement sees it."""
    shape = next(shape for shape in load().shapes if shape.form is form)
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    answer = Answer(status, (("Content-Type", "Application/JSON; x=1"),), raw)
    probe = Probe("p", shape, State.PRESENT, Owner("o", "user"), "plain", "/me/photo", Credential())
    return DecodedResponse(probe, Exchange("p", Request("GET", "http://h/me/photo"), answer=answer))


def test_a_requirement_is_put_into_the_catalogue() -> None:
    """The decorator leaves the function as it is, and tells the catalogue and the function of it."""

    @requirement("test.one", SHOULD, cites="S0", on=[PRESENT_PHOTO], needs=["a.b"])
    def examine(answer: DecodedResponse) -> Iterator[Finding]:
        """One sentence
        on two lines.

        And more.
        """
        yield from ()

    made = CATALOGUE["test.one"]
    assert made.function is examine
    assert examine.requirement is made  # type: ignore[attr-defined]
    assert (made.chapter, made.sentence) == ("test", "One sentence on two lines.")
    other = replace(load(), levels={"test.one": None})
    assert (made.level_in(load()), made.level_in(other)) == (SHOULD, None)


def test_a_parameter_that_the_scope_has_not_is_refused() -> None:
    """A function on one answer cannot ask for a metadata beside it, nor one on two forms for an answer."""
    for scope, wrong in ((PRESENT_PHOTO, "metadata"), (METADATA_AND_PHOTO, "answer")):
        function = {"metadata": lambda metadata: iter(()), "answer": lambda answer: iter(())}[wrong]
        with pytest.raises(ValueError, match=rf"test.two: its selector has no \['{wrong}'\]"):
            requirement("test.two", MUST, cites="S0", on=[scope])(function)
    assert "test.two" not in CATALOGUE


def test_one_id_has_one_function() -> None:
    """A second requirement of the same id is refused; the same one, imported again, is not."""

    def first(answer: DecodedResponse) -> Iterator[Finding]:
        yield Finding("x", "y", "first")

    def second(answer: DecodedResponse) -> Iterator[Finding]:
        yield Finding("x", "y", "second")

    put = requirement("test.three", MUST, cites="S0", on=[PRESENT_PHOTO])
    put(first)
    put(first)
    with pytest.raises(ValueError, match=r"two requirements are called test\.three"):
        put(second)


def test_a_verdict_cites_the_path_or_the_permission() -> None:
    """A requirement on paths or scopes cites the statement of the cell, any other its own clause."""
    shape = next(shape for shape in load().shapes if shape.key == "me.photo")
    cell = Cell("x", shape, State.PRESENT)
    for cites, wanted in ((OPERATION, "S8"), (PERMISSION, "S3"), ("S27a", "S27a")):
        assert Requirement("x", MUST, cites, (), lambda: iter(())).statement(cell) == wanted


def test_an_answer_is_seen_as_what_it_is() -> None:
    """Status, header, media type, JSON and picture are read from the answer."""
    one = seen({"id": "1X1"})
    assert (one.status, one.header("content-type"), one.media_type) == (
        200,
        "Application/JSON; x=1",
        "application/json",
    )
    assert one.metadata == {"id": "1X1"}
    assert isinstance(one.picture, str)
    assert seen("[1]").metadata == {}
    assert seen(b"\xff").metadata == {}


def test_an_answer_that_never_came_is_no_answer() -> None:
    """Asking for what is not there is a fault of the suite."""
    probe = seen({}).probe
    with pytest.raises(LookupError, match="got no answer"):
        _ = DecodedResponse(probe, Exchange("p", Request("GET", "http://h"))).answer


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (drawn(), "a picture (image/jpeg)"),
        ({"@odata.mediaContentType": "image/gif", "id": "1X1"}, "a photo's metadata"),
        ({"@odata.mediaEtag": '"1"'}, "a photo's metadata"),
        ({"@odata.mediaEtag": ""}, None),
        ({"@odata.mediaContentType": "image/gif"}, None),
        ({"width": 1, "height": 1}, "a photo's metadata"),
        ({"value": [{"width": 1, "height": 1}]}, "a photo's metadata"),
        ([{"x": 1}, {"width": 1, "height": 1}], "a photo's metadata"),
        ({"error": {"code": "x", "message": "width and height"}}, None),
        ({"id": "240X240"}, None),
        (b"", None),
        ("[" * 100_000, None),
    ],
)
def test_a_photo_that_is_shown_is_seen_whatever_the_status(body: object, shown: str | None) -> None:
    """A picture, or metadata however wrapped, is a photo that came back; an error is none."""
    assert seen(body, status=401).shows_a_photo() == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"error": {"logo": {"width": 300, "height": 80}}}, None),
        ({"error": {"photo": {"width": 2, "height": 80}}}, None),
        ({"error": {"photo": {"width": 2.0, "height": 2}}}, "a photo's metadata"),
        ({"error": {"tag": {"@odata.mediaEtag": 'W/"1"'}}}, "a photo's metadata"),
    ],
)
def test_metadata_is_known_by_the_values_of_an_owner(body: object, shown: str | None) -> None:
    """Where the metadata of owners is known, two of its values or its entity-tag show a photo, other sizes do not."""
    index = PhotoIndex()
    index.join(seen({"id": "2X2", "width": 2, "height": 2, "@odata.mediaEtag": '"1"'}), None)
    assert seen(body, status=401).shows_a_photo(index.marks) == shown


def test_what_is_compared_knows_numbers_from_truth() -> None:
    """240 and 240.0 are one number; 1 and true, 1 and "1", nothing and null-as-text are not one value."""
    assert comparable("width", 240) == comparable("width", 240.0)
    assert len({comparable("id", value) for value in (1, True, "1", None, "None", [1], {"a": 1})}) == 7


def test_the_identity_of_an_answer_is_what_it_shows_of_the_photo() -> None:
    """Two answers are the same where picture, or the five properties, are; context and address do not count."""
    data = {"id": "2X2", "width": 2, "height": 2, "@odata.mediaEtag": '"1"', "@odata.mediaContentType": "image/png"}
    assert seen({**data, "@odata.context": "x"}).identity == seen({**data, "width": 2.0, "@odata.id": "y"}).identity
    assert seen({**data, "width": 3}).identity != seen(data).identity
    assert seen(drawn(), form=Form.PHOTO).identity != seen(drawn("PNG"), form=Form.PHOTO).identity
    assert seen(b"junk", form=Form.PHOTO).identity == (200, None)
