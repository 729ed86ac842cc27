"""The overlay: each of its clauses is violated by its own deviation, and by no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.model import Answer, Form, Level, Outcome, Probe, State
from conformance.requirements import CATALOGUE
from conformance.spec import EDITIONS
from tests.in_process import BASE_URL, conforming_run
from tests.proof.editions.changing import named, refused, with_header

VERSION = ("OData-Version", "4.0")
Change = Callable[[Probe, Answer], Answer | None]
OVERLAY = {requirement.cites: requirement.id for requirement in CATALOGUE.values() if requirement.odata}


def plain_metadata(probe: Probe, answer: Answer) -> bool:
    """Whether it is the metadata of an owner with a photo, asked without anything odd."""
    about = (probe.request_kind, probe.state, probe.shape.form)
    return about == ("plain", State.PRESENT, Form.METADATA) and answer.status == 200


def no_version(probe: Probe, answer: Answer) -> Answer | None:
    return with_header(answer, "OData-Version", None) if plain_metadata(probe, answer) else None


def no_version_on_photo(probe: Probe, answer: Answer) -> Answer | None:
    return with_header(answer, "OData-Version", None) if probe.shape.form is Form.PHOTO else None


def no_version_on_errors(probe: Probe, answer: Answer) -> Answer | None:
    return with_header(answer, "OData-Version", None) if answer.status >= 400 else None


def other_version(probe: Probe, answer: Answer) -> Answer | None:
    return with_header(answer, "OData-Version", "3.0") if probe.state is State.ABSENT else None


def media_type(value: str) -> Change:
    """That Content-Type in all metadata of owners with a photo."""
    return lambda probe, answer: with_header(answer, "Content-Type", value) if plain_metadata(probe, answer) else None


def context_last(probe: Probe, answer: Answer) -> Answer | None:
    if probe.shape.form is Form.PHOTO or answer.status != 200 or not answer.body:
        return None
    data = json.loads(answer.body)
    return replace(answer, body=json.dumps(data | {"@odata.context": data.pop("@odata.context")}).encode())


def read_link(link: str) -> Change:
    """That link in all metadata."""

    def change(probe: Probe, answer: Answer) -> Answer | None:
        if not plain_metadata(probe, answer) or probe.shape.variant.endswith("-sizes"):
            return None
        body = json.loads(answer.body) | {"@odata.mediaReadLink": link.replace("{own}", probe.target)}
        return replace(answer, body=json.dumps(body).encode())

    return change


def asked(name: str, answer: Answer) -> Change:
    """That answer to one question."""
    return lambda probe, _: answer if probe.request_kind == name else None


def retyped(name: str) -> Change:
    """Another media type in the responses to one question."""
    other = ("Content-Type", "text/html")
    return lambda probe, answer: with_header(answer, *other) if probe.request_kind == name else None


def by_head(changed: Callable[[Answer], Answer], state: State = State.PRESENT) -> Change:
    """A change of all responses to HEAD about owners in a state."""
    return lambda probe, answer: changed(answer) if (probe.request_kind, probe.state) == ("head", state) else None


FAULTS: dict[str, tuple[str, Change]] = {
    "no OData-Version": ("O1", no_version),
    "no OData-Version on pictures": ("O1", no_version_on_photo),
    "no OData-Version on errors": ("O1", no_version_on_errors),
    "OData-Version 3.0 where there is no photo": ("O1", other_version),
    "no metadata parameter": ("O2", media_type("application/json; charset=utf-8")),
    "a metadata parameter that says nothing": ("O2", media_type("application/json; odata.metadata=true")),
    "context last": ("O3", context_last),
    "unknown option 404": ("O4", asked("option-nosuch", refused(404))),
    "$format applied to bytes": ("O5", asked("format", refused(400))),
    "$format applied to the media type": ("O5", retyped("format")),
    "own tag 200": ("O6", asked("own-tag", Answer(200, (("Content-Type", "image/png"), VERSION), b"x"))),
    "body in a 304": ("O6", asked("own-tag", Answer(304, (VERSION,), b"x"))),
    "odd Accept 200": ("O7", asked("odd-accept", Answer(200, (("Content-Type", "application/json"), VERSION), b"{}"))),
    "mediaReadLink is no URL": ("O8", read_link("no url")),
    "mediaReadLink leads nowhere": ("O8", read_link(f"{BASE_URL}/pictures/1")),
    "mediaReadLink leads to the metadata": ("O8", read_link(f"{BASE_URL}{{own}}")),
    "mediaReadLink leads to another owner": ("O8", read_link(f"{BASE_URL}/groups/none-such/photo/$value")),
    "keys in parentheses 404": ("O9", asked("keyed", refused(404))),
    "keys in parentheses of another type": ("O9", retyped("keyed")),
    "HEAD refused": ("O10", asked("head", Answer(403, (VERSION,)))),
    "HEAD of another type": ("O10", retyped("head")),
    "HEAD of another length": ("O10", by_head(lambda answer: with_header(answer, "Content-Length", "3"))),
    "HEAD with another tag": ("O10", by_head(lambda answer: with_header(answer, "ETag", '"another"'))),
    "HEAD 200 where there is no photo": ("O10", by_head(lambda _: Answer(200, (VERSION,)), State.ABSENT)),
    "405 without Allow": ("O11", asked("select-nosuch", refused(405))),
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_reference_server_honours_the_overlay(edition: str) -> None:
    """With the overlay each edition's server conforms wholly, and leaves no cell unexercised."""
    assert {verdict.outcome for verdict in conforming_run(edition, odata=True).evaluated()} == {Outcome.CONFORMS}


@pytest.mark.parametrize("name", FAULTS)
def test_a_deviation_violates_its_clause_alone(name: str) -> None:
    """A deviation of OData or HTTP violates the one requirement of the overlay that is about it."""
    clause, change = FAULTS[name]
    assert named(conforming_run(odata=True), change) == {OVERLAY[clause]}


def test_every_clause_has_its_deviation() -> None:
    """There are eleven clauses, each with a requirement of level SHOULD, and each is violated above."""
    assert {clause for clause, _ in FAULTS.values()} == set(OVERLAY) == {f"O{number}" for number in range(1, 12)}
    assert {CATALOGUE[name].level for name in OVERLAY.values()} == {Level.SHOULD}


def test_a_redirect_without_a_read_link_is_two_deviations() -> None:
    """Bytes elsewhere break the page, which wants 200, and OData, which wants the metadata to say where."""

    def elsewhere(probe: Probe, _: Answer) -> Answer | None:
        plain = (probe.state, probe.shape.form) == (State.PRESENT, Form.PHOTO) and probe.request_kind in (
            "plain",
            "again",
        )
        return Answer(302, (("Location", "https://blobs.example/1"), VERSION)) if plain else None

    assert named(conforming_run(odata=True), elsewhere) == {"picture.answers-200", OVERLAY["O8"]}


def test_a_tag_that_is_new_each_time_is_named_by_the_page_alone() -> None:
    """Where the photo's ETag is not what its metadata says, no request that depends on the tag is checked."""

    def renewed(probe: Probe, answer: Answer) -> Answer | None:
        if probe.shape.form is not Form.PHOTO or probe.state is not State.PRESENT or answer.status not in (200, 304):
            return None
        return with_header(replace(answer, status=200), "ETag", f'"{probe.key}"')

    assert named(conforming_run(odata=True), renewed) == {"annotation.media-etag-matches-header"}


@pytest.mark.parametrize("form", Form)
def test_a_type_that_is_wrong_is_named_by_the_page_alone(form: Form) -> None:
    """Where a plain response has a wrong media type, that other ways of asking have the right one is no deviation."""

    def mistyped(probe: Probe, answer: Answer) -> Answer | None:
        plain = probe.request_kind in ("plain", "again") and (probe.state, probe.shape.form) == (State.PRESENT, form)
        return with_header(answer, "Content-Type", "text/plain") if plain and not probe.credential.app_only else None

    due = {Form.PHOTO: "picture.content-type-is-image", Form.METADATA: "metadata.is-application-json"}
    assert named(conforming_run(odata=True), mistyped) == {due[form]}


@pytest.mark.parametrize("value", ["ODATA.METADATA=None", 'charset=utf-8;odata.metadata="full"', "metadata=minimal"])
def test_a_metadata_parameter_may_be_written_in_any_way(value: str) -> None:
    """Parameters have no case, may be quoted, and stand in any order; OData 4.01 leaves the prefix out."""
    assert named(conforming_run(odata=True), media_type(f"application/json;{value}")) == set()


@pytest.mark.parametrize("link", [f"{BASE_URL}{{own}}/$value", "https://cdn.example/1", f"{BASE_URL}{{own}}/%24value"])
def test_a_read_link_to_the_picture_or_to_another_host_is_allowed(link: str) -> None:
    """A link to the conventional address conforms, and one to another host is not followed."""
    assert named(conforming_run(odata=True), read_link(link)) == set()


def test_a_405_with_allow_is_allowed() -> None:
    """A 405 that says what is allowed violates nothing of the overlay on 405."""
    allowed = asked("select-nosuch", refused(405, {"Allow": "GET"}))
    assert named(conforming_run(odata=True), allowed) == set()


def test_nothing_of_the_overlay_is_asked_without_it() -> None:
    """Without the overlay no HEAD, no odd Accept, no key in parentheses and no entity-tag is sent."""
    request_kinds = {probe.request_kind for probe, _, _ in conforming_run().good.values()}
    assert not request_kinds & {"head", "odd-accept", "keyed", "own-tag"}
