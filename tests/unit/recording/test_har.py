"""Recordings survive being written and read; other tools' files are read as far as they go."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.auth.authorization import echoes, with_echoes
from conformance.auth.redaction import Redactor
from conformance.model import (
    Answer,
    Caller,
    Exchange,
    Failure,
    FailureKind,
    Owner,
    Recording,
    Request,
    State,
    UsageProblem,
    mark,
)  # fmt: skip
from conformance.recording import har_writer
from conformance.recording.replay import described
from conformance.recording.sanitizer import by_name, field
from conformance.target.tenant import Tenant
from tests.e2e.hostile.server import serve
from tests.unit.client.asking import TOKEN, ask, probe
from tests.unit.recording.reading import load
from tests.unit.recording.test_har_of_other_tools import other_tools

TEXT = st.text(st.characters(exclude_categories=()), max_size=20).filter(lambda text: by_name(text) == text)
LATIN = st.text(st.characters(max_codepoint=255), max_size=20)
HEADERS = st.lists(st.tuples(LATIN, LATIN).filter(lambda each: field(*each) == each), max_size=4).map(tuple)
BODIES = st.one_of(st.binary(max_size=50), st.sampled_from([b"x" * 2000, b"\xff" * 3000, "é\r\n\0".encode()]))
ANSWERS = st.builds(
    Answer, st.integers(100, 999), HEADERS, BODIES, LATIN, st.sampled_from(["HTTP/1.1", "HTTP/1.0", "h2"])
)
FAILURES = st.builds(Failure, st.sampled_from(FailureKind), TEXT)
OPTIONAL = st.none() | TEXT
IDS = TEXT.filter(bool)
OWNERS = st.builds(
    Owner,
    st.from_regex(r"[A-Za-z0-9_-]{1,9}(\.[A-Za-z0-9_-]{1,9})?", fullmatch=True),
    st.sampled_from(["user", "group", "contact"]),
    **dict.fromkeys(("user_id", "user_upn", "folder_id", "parent_id", "size", "caller", "sha256"), st.none() | IDS),
    **dict.fromkeys(("group_id", "contact_id"), IDS),
    state=st.none() | st.sampled_from(State),
    team=st.booleans(),
    made_up=st.booleans(),
)
CALLERS = st.builds(Caller, TEXT, st.none() | st.frozensets(TEXT, max_size=3), OPTIONAL, OPTIONAL, st.booleans())


@st.composite
def exchanges(draw: st.DrawFn, name: str) -> Exchange:
    """An exchange of that id, with an answer or a failure."""
    outcome = draw(st.one_of(ANSWERS, FAILURES))
    return Exchange(
        id=name,
        request=draw(st.builds(Request, st.sampled_from(["GET", "HEAD"]), TEXT, HEADERS)),
        answer=outcome if isinstance(outcome, Answer) else None,
        failure=outcome if isinstance(outcome, Failure) else None,
        throttled=tuple(draw(st.lists(ANSWERS, max_size=2))),
        started=draw(st.sampled_from(["", "2026-11-23T10:00:00.000Z"])),
        seconds=round(draw(st.floats(0, 1000)), 6),
    )


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    """A recording of some exchanges."""
    names = draw(st.lists(st.text(max_size=10), max_size=5, unique=True))
    return Recording({name: draw(exchanges(name)) for name in names}, tuple(draw(st.lists(TEXT, max_size=3))))


TENANTS = st.builds(
    Tenant,
    st.lists(OWNERS, max_size=3, unique_by=lambda owner: owner.label).map(tuple),
    st.lists(CALLERS, max_size=3).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(recording=recordings(), tenant=TENANTS)
def test_a_recording_is_read_back_equal(recording: Recording, tenant: Tenant) -> None:
    """Order, repeated headers, raw bytes, failures, throttled answers, owners: nothing is lost."""
    about = {"target": "http://a", "edition": "v1.0-2016", **described(tenant)}
    text = "".join(har_writer.har(recording, [], about).lines())
    cassette = load(text)
    assert text.isascii()
    assert cassette.recorded == recording
    assert cassette.tenant == tenant
    assert list(cassette.recorded.exchanges) == list(recording.exchanges)
    assert cassette.about.items() >= {("target", "http://a"), ("edition", "v1.0-2016")}


def test_a_real_recording_is_read_back_equal_and_holds_no_token() -> None:
    """What the recorder wrote down of a hostile target comes back the same, from a file too."""
    for behaviour in ("echoes-token", "scripts", "broken-utf-8", "lone-surrogates", "cut-short", "image-bomb"):
        with serve(behaviour) as hostile:
            asked = probe()
            (exchange,) = ask(hostile.url, asked)
        recording = Recording({asked.key: exchange})
        text = "".join(har_writer.har(recording, [asked], {}, Redactor([("adele", TOKEN)])).lines())
        read = load(text.encode()).recorded
        assert TOKEN not in text
        assert (read == recording) is (behaviour != "echoes-token")
        assert echoes(read.exchanges[asked.key]) == echoes(exchange)


def test_a_file_is_read(tmp_path: Path) -> None:
    """A Path is opened; one that is not there is unreadable."""
    file = tmp_path / "a.har"
    file.write_text("".join(har_writer.har(Recording({}, ("note",)), [], {}).lines()))
    assert load(file).recorded.notes == ("note",)
    with pytest.raises(UsageProblem, match="No such file"):
        load(tmp_path / "b.har")


def har(exchange: Exchange) -> dict[str, Any]:
    """The `log` of a recording of one exchange."""
    asked = probe(key=exchange.id)
    text = "".join(har_writer.har(Recording({exchange.id: exchange}), [asked], {}).lines())
    log: dict[str, Any] = json.loads(text)["log"]
    return log


def test_the_structure_is_that_of_har_1_2() -> None:
    """Every member that the format requires is there, so that other viewers can read it."""
    waited = Answer(429, (("Retry-After", "1"),))
    log = har(Exchange("a", Request("GET", "http://a/b?c=d"), Answer(302, (("Location", "/x"),)), throttled=(waited,)))
    assert log["version"] == "1.2"
    assert {"name", "version"} <= log["creator"].keys()
    assert [entry["response"]["status"] for entry in log["entries"]] == [429, 302]
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        common = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}
        assert {"method", "url", "queryString", *common} <= entry["request"].keys()
        assert {"status", "statusText", "content", "redirectURL", *common} <= entry["response"].keys()
        assert {"size", "mimeType"} <= entry["response"]["content"].keys()
        assert {"send", "wait", "receive"} <= entry["timings"].keys()
    assert log["entries"][1]["response"]["redirectURL"] == "/x"
    assert log["entries"][1]["request"]["queryString"] == [{"name": "c", "value": "d"}]


def test_an_entry_says_what_was_probed() -> None:
    """The identity of the probe stands beside its exchange."""
    log = har(Exchange("a", Request("GET", "http://a"), Answer(200)))
    value = log["entries"][0]["_probe"]
    assert value["key"] == "a"
    assert value["owner"] == "user-1"
    assert value["question"] == "plain"
    assert value["credential"] == {"caller": "adele"}


def test_a_failure_is_an_entry_of_status_0() -> None:
    """Its kind and detail stand under our own name."""
    failed = Exchange("a", Request("GET", "http://a"), failure=Failure(FailureKind.RESET, "gone"))
    (entry,) = har(failed)["entries"]
    assert entry["response"]["status"] == 0
    assert entry["_failure"] == {"kind": "reset", "detail": "gone"}


def test_a_body_is_written_once() -> None:
    """The same picture of two exchanges is stored in the first, and named in the second."""
    picture = b"\xff\xd8" + bytes(5000)
    two = {name: Exchange(name, Request("GET", "http://a"), Answer(200, body=picture)) for name in "ab"}
    text = "".join(har_writer.har(Recording(two), [], {}).lines())
    assert text.count(base64.b64encode(picture).decode()) == 1
    assert load(text).recorded.exchanges == two


def test_a_body_that_was_taken_out_is_not_taken_for_an_empty_one() -> None:
    """Pictures are removed before a recording is passed on, by their text or with the entry that holds them."""
    picture = b"\xff\xd8" + bytes(5000)
    answers = {"a": Answer(200, body=picture), "b": Answer(200, body=picture), "c": Answer(204)}
    three = {name: Exchange(name, Request("GET", "http://a"), answer) for name, answer in answers.items()}
    data = json.loads("".join(har_writer.har(Recording(three), [], {}).lines()))
    without_entry = {"log": {**data["log"], "entries": data["log"]["entries"][1:]}}
    del data["log"]["entries"][0]["response"]["content"]["text"]

    for left in (data, without_entry):
        read = load(json.dumps(left)).recorded.exchanges
        lost = {name: answer.unread for name, each in read.items() if (answer := each.answer)}
        assert lost["b"] == "in the recording: the response's body was not kept"
        assert lost["c"] is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        b"\xff\xfe",
        "null",
        "[]",
        "{}",
        '{"log": []}',
        '{"log": {}}',
        '{"log": {"entries": {}}}',
        '{"log": {"entries": [1]}}',
        "[" * 200_000 + "]" * 200_000,
        '{"log": {"entries": ' + "[" * 200_000 + "]" * 200_000 + "}}",
        '{"log": ' + "9" * 10_000 + "}",
        other_tools({"status": 200, "content": {"text": "a", "encoding": "base64"}}, _probe={"key": "a"}),
        other_tools({"status": 200, "content": {"text": "é", "encoding": "base64"}}, _probe={"key": "a"}),
        other_tools({}, _probe={"key": "a"}, _failure={"kind": "nonsense"}),
        '{"log": {"entries": [], "_photo_conformance": {"owners": [{"state": "nonsense"}]}}}',
    ],
)
def test_what_is_no_recording_is_reported_in_one_line(text: str | bytes) -> None:
    """Nothing but UsageProblem comes out, whatever goes in."""
    with pytest.raises(UsageProblem) as caught:
        load(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


NAMES = (  # noqa: SIM905 - a list literal would be a page
    "log entries request response headers name value status content text encoding size _id "
    "_probe _failure _throttled _photo_conformance owners callers scopes notes url time id key _sha256"
).split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
)


@settings(max_examples=200, deadline=None)
@given(entry=JSON, about=JSON)
def test_any_json_is_read_or_refused(entry: object, about: object) -> None:
    """Members of any type never make the reader fail."""
    try:
        cassette = load(json.dumps({"log": {"entries": [entry, {"response": entry}], "_photo_conformance": about}}))
    except UsageProblem:
        return
    assert cassette.imported or cassette.about or cassette.recorded.exchanges


def test_a_recording_evaluates_as_the_live_run_did() -> None:
    """An echoed token is found in the response as it came, and by its mark in the recording, which does not hold it."""
    token = "canary/9f3b+7e21=token~of.no-user"
    request = Request("GET", "https://graph.example/v1.0/me/photo", (("Authorization", f"Bearer {mark('ADELE')}"),))
    answer = Answer(200, (("X-Echo", token),), b"\x89PNG" + token.encode())
    redactor = Redactor([("ADELE", token)])
    live = with_echoes(Exchange("x", request, answer), redactor)

    text = "".join(har_writer.har(Recording({"x": live}), (), {"edition": "v1.0-2016"}, redactor).lines())
    (read,) = load(text).recorded.exchanges.values()

    assert ("X-Echo", "the body") == echoes(live) == echoes(read)
    assert token not in text
    assert read.answer is not None
    assert read.answer.body == b"\x89PNG[redacted:ADELE]"


def test_a_token_that_is_a_users_id_changes_no_response() -> None:
    """The id stays where it is in the recording; only what was sent in Authorization is replaced."""
    user = "87d349ed-44d7-43e1-9a83-5f2406dee5bd"
    request = Request(
        "GET", f"https://graph.example/v1.0/users/{user}/photo", (("Authorization", "Bearer [redacted:A]"),)
    )
    answer = Answer(200, (), f'{{"@odata.id": "users(\'{user}\')/photo"}}'.encode())
    redactor = Redactor([("A", user)], [user])
    live = with_echoes(Exchange("x", request, answer), redactor)

    text = "".join(har_writer.har(Recording({"x": live}), (), {"edition": "v1.0-2016"}, redactor).lines())
    (read,) = load(text).recorded.exchanges.values()

    assert () == echoes(live) == echoes(read)
    assert read == live
