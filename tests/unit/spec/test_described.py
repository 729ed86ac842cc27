"""The checks of schemathesis on responses that were recorded."""

from __future__ import annotations

import json
from functools import partial

import pytest

from conformance.model import Answer, Form
from conformance.spec import EDITIONS, load
from conformance.spec.described import failures
from tests.tree import ROOT

JSON = (("Content-Type", "application/json"),)
PHOTO = load().document["components"]["examples"]["withPhoto"]["value"]
PLAIN, SELECT = "http://h/v1.0/me/photo", "http://h/v1.0/me/photo?$select=width"
STATUS, TYPE, BODY = "status_code_conformance", "content_type_conformance", "response_schema_conformance"


def named(
    check: str,
    answer: Answer,
    url: str = PLAIN,
    form: Form = Form.METADATA,
    edition: str = EDITIONS[0],
    variant: str = "me",
) -> list[str]:
    """Names of what a check finds."""
    operation = next(one for one in load(edition).operations if (one.variant, one.form) == (variant, form))
    found = failures(edition, operation, url, answer, check)
    return [type(one).__name__ for one in found]


def sample(**changes: object) -> Answer:
    """The page's sample with other values."""
    return Answer(200, JSON, json.dumps(PHOTO | changes).encode())


@pytest.mark.parametrize("check", ["not_a_server_error", STATUS, TYPE, BODY])
def test_the_sample_of_the_page_is_as_described(check: str) -> None:
    """No check finds anything wrong with it, with and without `$select`."""
    assert [named(check, sample(), url) for url in (PLAIN, SELECT)] == [[], []]


@pytest.mark.parametrize(
    ("check", "answer", "name"),
    [
        ("not_a_server_error", Answer(500, JSON, b"{}"), "ServerError"),
        (STATUS, Answer(418, JSON, b"{}"), "UndefinedStatusCode"),
        (TYPE, Answer(200, (("content-type", "text/plain"),), b"{}"), "UndefinedContentType"),
        (TYPE, Answer(200, (), b"{}"), "MissingContentType"),
        (BODY, sample(width="240"), "JsonSchemaError"),
    ],
)
def test_what_is_not_as_described_is_found(check: str, answer: Answer, name: str) -> None:
    """Each check finds what it is for."""
    assert named(check, answer) == [name]


@pytest.mark.parametrize("edition", EDITIONS[1:])
def test_a_photo_of_one_size_is_described_as_an_entry_of_its_collection(edition: str) -> None:
    """Its context may name the collection of sizes; what the metadata of a photo needs is needed here too."""
    url, context = "http://h/v1.0/me/photos/48x48", "http://h/v1.0/$metadata#Me/photos/$entity"
    of_size = partial(named, BODY, url=url, edition=edition, variant="me-size")

    assert of_size(sample(**{"@odata.context": context})) == []
    assert of_size(Answer(200, JSON, b'{"id": "48x48"}')) == ["JsonSchemaError"]


@pytest.mark.parametrize("status", [406, 414, 431, 501, 503])
def test_refusals_that_http_calls_for_are_documented(status: int) -> None:
    """A request that is refused for its header or its length, or throttled, is no failure."""
    assert named(STATUS, Answer(status, JSON, b"{}")) == []


def test_a_plain_response_is_not_measured_by_the_schema_of_select() -> None:
    """Some of the properties are enough where `$select` asked for them, and nowhere else."""
    some = Answer(200, JSON, b'{"width": 240}')
    assert (named(BODY, some, SELECT), named(BODY, some)) == ([], ["JsonSchemaError"])


def test_each_edition_has_its_own_schema() -> None:
    """An id with a small x is as described from 2023 on, and no `@odata.id` where the service was observed."""
    small = sample(id="240x240")
    bare = Answer(200, JSON, json.dumps({name: value for name, value in PHOTO.items() if name != "@odata.id"}).encode())
    assert [len(named(BODY, small, edition=edition)) for edition in EDITIONS] == [1, 0, 0, 0]
    assert [len(named(BODY, bare, edition=edition)) for edition in EDITIONS] == [1, 1, 1, 0]


def test_any_picture_is_documented_of_a_photo() -> None:
    """A photo's media type is a picture's, whatever its subtype."""
    types = [(("Content-Type", value),) for value in ("image/jpeg", "image/Jpeg", "image/x-icon", "application/json")]
    found = [named(TYPE, Answer(200, one, b"x"), PLAIN + "/$value", Form.PHOTO) for one in types]
    assert found == [[], [], [], ["UndefinedContentType"]]


def test_any_reader_of_yaml_can_read_the_description() -> None:
    """YAML 1.2 has no merge keys: Prism takes `<<` for the name of a header, and responds 500."""
    files = sorted((ROOT / "openapi").rglob("*.yaml"))
    assert len(files) > 1
    assert [path.name for path in files if "<<:" in path.read_text("utf-8")] == []
