"""The recorder: what is sent, what is kept, and when it waits, gives up or stops."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time

import pytest

from conformance.client.recorder import Recorder
from conformance.client.retry_policy import interleaved
from conformance.model import FailureKind, Form, mark
from conformance.options.config import Config
from tests.e2e.hostile.server import answer, path_of, sends, serve
from tests.unit.client.asking import TOKENS, ask, failures, probe
from tests.unit.client.test_kept_connections import GOOD, kinds, serving


@pytest.mark.parametrize(
    "target",
    [
        "/users/a%2fb%2F..%2e/photo/%24value",
        "/users/../me//photo/./$value",
        "/me/photo?$select=id,width&x='%27",
        "/me?",
    ],
)
def test_the_target_stands_on_the_wire_as_planned(target: str) -> None:
    """No escape is rewritten, no dot segment collapsed."""
    with serve(sends(answer("200 OK"))) as hostile:
        (exchange,) = ask(hostile.url + "/v1.0", probe(target))
        assert path_of(hostile.requests[0]) == "/v1.0" + target
        assert exchange.request.url == hostile.url + "/v1.0" + target


def test_what_cannot_stand_in_a_request_line_is_escaped() -> None:
    """A line feed in a target cannot smuggle a header in."""
    with serve(sends(answer("200 OK"))) as hostile:
        ask(hostile.url, probe("/me\r\nX-Evil: ü/photo"))
        assert path_of(hostile.requests[0]) == "/me%0D%0AX-Evil:%20%C3%BC/photo"


def test_headers_suit_the_form_and_can_be_replaced() -> None:
    """Pictures are asked for uncoded; a probe's own header replaces ours; the user's are sent and hidden."""
    with serve(sends(answer("200 OK"))) as hostile:
        asked = [probe("/a", form=Form.PHOTO), probe("/b", headers=(("accept", "text/plain"),))]
        photo, metadata = ask(hostile.url, *asked, http_header=(("X-Key", "gateway-secret"),), concurrency=1)
        assert b"X-Key: gateway-secret" in hostile.requests[0]
    first, second = dict(photo.request.headers), dict(metadata.request.headers)
    assert first["Accept-Encoding"] == "identity"
    assert "image/*" in first["Accept"]
    assert second["Accept-Encoding"] == "gzip"
    assert second["accept"] == "text/plain"
    assert "Accept" not in second
    assert first["X-Key"] == mark("X-Key")


def test_plain_requests_end_before_others_begin_and_repeats_come_last() -> None:
    """A cache is full before anything is asked without a token, and everything was asked once before it is repeated."""
    kinds = ("again", "no-token", "plain") * 3
    probes = [probe(f"/{number}", request_kind=kind) for number, kind in enumerate(kinds)]
    with serve(sends(answer("200 OK"))) as hostile:
        exchanges = ask(hostile.url, *probes, concurrency=4)
    ends = {kind: max(e.started for e, k in zip(exchanges, kinds, strict=True) if k == kind) for kind in kinds}
    starts = {kind: min(e.started for e, k in zip(exchanges, kinds, strict=True) if k == kind) for kind in kinds}
    assert ends["plain"] <= starts["no-token"]
    assert ends["no-token"] <= starts["again"]


def test_request_ids_differ_from_run_to_run() -> None:
    """Two runs send different client-request-ids for the same probe, so that no target can know the suite by them."""
    with serve(sends(answer("200 OK"))) as hostile:
        ids = [dict(ask(hostile.url, probe(target))[0].request.headers)["client-request-id"] for target in "aab"]
    assert len(set(ids)) == 3


def test_each_request_is_sent_once() -> None:
    """A probe that was asked before is answered from what is known."""
    with serve("closes", only=lambda _: False) as hostile, Recorder(Config(base_url=hostile.url), TOKENS) as recorder:
        first = recorder.ask([probe("/a"), probe("/a"), probe("/b")])
        again = recorder.ask([probe("/b"), probe("/a")])
        assert len(hostile.requests) == 2
    assert first == again
    assert list(again) != list(first)


def test_progress_is_reported() -> None:
    """What is done counts up to the number of requests."""
    entries: list[int] = []
    with serve("closes", only=lambda _: False) as hostile, Recorder(Config(base_url=hostile.url), TOKENS) as recorder:
        recorder.send([probe(f"/{n}") for n in range(3)], entries.append)
    assert entries == sorted(entries)
    assert 3 == entries[-1]


def test_operations_take_turns() -> None:
    """An operation that hangs cannot hold all threads."""
    probes = [probe(f"/{n}", of=of) for of in ("a", "b") for n in range(2)]
    assert [each.key for each in interleaved(probes)] == ["a/0", "b/0", "a/1", "b/1"]


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    """The detail names the host."""
    (exchange,) = ask("http://photo.invalid", deadline=5)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.UNREACHABLE


def test_an_interrupt_stops_at_once_and_keeps_what_came() -> None:
    """What was answered stays; what was under way is no failure of the target."""
    with (
        serve("silent", only=lambda path: path.startswith("/slow")) as hostile,
        Recorder(Config(base_url=hostile.url, deadline=30), TOKENS) as recorder,
    ):
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            recorder.ask([*(probe(f"/fine{n}", of=f"fine{n}") for n in range(5)), probe("/slow"), probe("/slow2")])
        assert time.monotonic() - began < 10
        assert failures(list(recorder.exchanges.values())) == [None] * 5
        with pytest.raises(RuntimeError):
            recorder.ask([probe("/more")])


@pytest.mark.parametrize("behaviour", ["silent", "drips-body", "drips-header"])
def test_what_is_under_way_when_the_time_is_over_is_cut_off(behaviour: str) -> None:
    """It is inconclusive, and no failure of the target."""
    began = time.monotonic()
    with serve(behaviour) as hostile:
        exchanges = ask(hostile.url, *(probe(f"/{n}", of=str(n)) for n in range(6)), deadline=15, max_time=0.5)

    assert time.monotonic() - began < 4
    assert set(failures(exchanges)) == {FailureKind.OUT_OF_TIME}


@pytest.mark.parametrize(("repeated", "received"), [(False, 2), (True, 7)])
def test_a_run_receives_no_more_than_its_share(repeated: bool, received: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not requested any more is inconclusive; a body that came before counts an eighth."""
    monkeypatch.setattr("conformance.client.circuit_breaker.MOST_RECEIVED", 100_000)

    def respond(request: bytes) -> bytes:
        return answer("200 OK", body=(b"x" * 30 if repeated else request.split()[1].ljust(30)) * 2000)

    with serve("closes", only=lambda _: False, otherwise=respond) as hostile:
        exchanges = ask(hostile.url, *(probe(f"/{n}") for n in range(8)), concurrency=1)

    assert failures(exchanges) == [*[None] * received, *[FailureKind.NOT_KEPT] * (8 - received)]


def test_connections_are_closed_when_all_is_asked() -> None:
    """While the responses are evaluated, no socket is open, however many were used."""
    with serving(lambda connection, *_: connection.sendall(GOOD) is None) as url:
        with Recorder(Config(base_url=url), TOKENS) as recorder:
            recorder.ask([probe("/a")])
            pool = recorder._http_client.adapter._pool
            assert 1 == len(pool.idle())
        assert [] == pool.idle()


def test_a_response_that_is_cut_short_once_is_described_as_that() -> None:
    """An earlier response may have left what was read; bytes that are missing are not looked for."""

    def respond(connection: socket.socket, request: bytes, number: int) -> bool:
        connection.sendall(GOOD.replace(b": 2", b": 20") if number == 1 else GOOD)
        return number != 1

    with serving(respond) as url:
        found = ask(url, *(probe(f"/{name}", of=name) for name in "abc"), concurrency=1)

    assert kinds(found) == {"a": None, "b": FailureKind.FLAKY, "c": None}
    detail = next(each.failure.detail for each in found if each.failure)
    assert detail.startswith("connection closed inside the answer, after ")
