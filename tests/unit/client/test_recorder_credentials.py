"""Credentials of the recorder: how each is sent, when a token is renewed, and where none is shown."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from conformance.auth.authorization import GARBAGE, CredentialError, echoes
from conformance.client.recorder import Recorder
from conformance.model import Credential, CredentialKind, FailureKind, mark
from conformance.options.config import Config
from tests.e2e.hostile.server import answer, good, sends, serve
from tests.unit.client.asking import TOKEN, StaticTokens, ask, failures, probe


@pytest.mark.parametrize(
    ("credential", "sent", "shown"),
    [
        (Credential(CredentialKind.TOKEN, "adele"), f"Bearer {TOKEN}", f"Bearer {mark('adele')}"),
        (Credential(CredentialKind.NONE), None, None),
        (Credential(CredentialKind.EMPTY), "Bearer ", "Bearer "),
        (Credential(CredentialKind.GARBAGE), f"Bearer {GARBAGE[0]}", f"Bearer {GARBAGE[0]}"),
        (Credential(CredentialKind.GARBAGE, variety=1), f"Bearer {GARBAGE[1]}", f"Bearer {GARBAGE[1]}"),
        (
            Credential(CredentialKind.GARBAGE, "adele"),
            f"Bearer {TOKEN}-photo-conformance",
            f"Bearer {mark('adele')}-photo-conformance",
        ),
        (
            Credential(CredentialKind.SCHEME),
            "Basic cGhvdG8tY29uZm9ybWFuY2U6cGFzc3dvcmQ=",
            "Basic cGhvdG8tY29uZm9ybWFuY2U6cGFzc3dvcmQ=",
        ),
        (Credential(CredentialKind.SCHEME, "adele", 1), f"ApiKey {TOKEN}", f"ApiKey {mark('adele')}"),
    ],
)
def test_authorization_is_what_the_credential_says(credential: Credential, sent: str | None, shown: str | None) -> None:
    """Each kind of credential goes out as such, and a good token is not shown."""
    with serve(sends(answer("200 OK"))) as hostile:
        (exchange,) = ask(hostile.url, probe(credential=credential))
        lines = hostile.requests[0].decode().split("\r\n")
    assert [line for line in lines if line.startswith("Authorization")] == ([f"Authorization: {sent}"] if sent else [])
    assert dict(exchange.request.headers).get("Authorization") == shown


@pytest.mark.parametrize(
    ("credential", "sent"),
    [
        (Credential(CredentialKind.TOKEN, "adele"), TOKEN),
        (Credential(CredentialKind.GARBAGE, "adele"), f"{TOKEN}-photo-conformance"),
        (Credential(CredentialKind.GARBAGE, variety=1), GARBAGE[1]),
    ],
)
def test_an_echoed_token_is_recorded_as_it_came_and_noticed(credential: Credential, sent: str) -> None:
    """Evaluation sees the response itself; where the token stands in it is known, whatever form it has."""
    with serve("echoes-token") as hostile:
        (exchange,) = ask(hostile.url, probe(credential=credential))
    assert exchange.answer is not None
    assert sent.encode() in exchange.answer.body
    assert ("X-Echo", "WWW-Authenticate", "the body") == echoes(exchange)


class Renewing:
    """Tokens of which the first has expired."""

    def __init__(self, renews: bool = True) -> None:
        self.current, self.renews, self.asked = "expired-token", renews, 0

    def token(self, caller: str) -> str:
        return self.current

    def source_name(self, caller: str) -> str:
        return caller

    def refused(self, caller: str) -> bool:
        self.asked += 1
        if self.renews:
            self.current = "fresh-token"
        return self.renews


def expires(request: bytes) -> bytes:
    """Answer 401 to the expired token."""
    if b"expired-token" in request:
        return answer("401 Unauthorized", body=b'{"error":{"message":"Access token has expired."}}')
    return good(request)


@pytest.mark.parametrize("renews", [True, False])
def test_an_expired_token_is_renewed_once(renews: bool) -> None:
    """The request is sent again with the fresh token; without one the 401 is the answer."""
    tokens = Renewing(renews)
    with (
        serve("closes", only=lambda _: False, otherwise=expires) as hostile,
        Recorder(Config(base_url=hostile.url), tokens) as recorder,
    ):
        exchanges = recorder.ask([probe(f"/{n}") for n in range(8)])
    assert {each.answer.status for each in exchanges.values() if each.answer} == {200 if renews else 401}
    assert tokens.asked == (1 if renews else 8)


def refuses_from(number: int, only: bytes = b"") -> Callable[[bytes], bytes]:
    """Answer 401, without a reason, from the numbered request on, where the path holds `only`."""
    numbers = itertools.count()

    def respond(request: bytes) -> bytes:
        late = next(numbers) >= number
        return answer("401 Unauthorized") if late and only in request.partition(b"\r\n")[0] else good(request)

    return respond


def test_a_token_that_is_refused_where_it_was_accepted_before_is_spent() -> None:
    """All that is refused from then on is about the credential, and one request finds out."""
    with serve("closes", only=lambda _: False, otherwise=refuses_from(2)) as hostile:
        exchanges = ask(hostile.url, *(probe(f"/{n}") for n in range(5)), concurrency=1)
        sent = len(hostile.requests)

    assert failures(exchanges) == [None, None, *[FailureKind.CREDENTIAL] * 3]
    assert sent == 6


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found"])
def test_a_token_is_spent_also_where_a_401_was_the_paths_before(status: str) -> None:
    """A path's own 401, or one to another scheme with the token in it, settles nothing for later requests."""
    numbers = itertools.count()

    def respond(request: bytes) -> bytes:
        early = next(numbers) < 5 and b"/closed" not in request and b"ApiKey " not in request
        return answer(status, body=b"{}") if early else answer("401 Unauthorized")

    other_scheme = probe("/other", credential=Credential(CredentialKind.SCHEME, "adele", 1))
    with serve("closes", only=lambda _: False, otherwise=respond) as hostile:
        exchanges = ask(
            hostile.url, probe("/a"), other_scheme, probe("/closed"), probe("/b"), probe("/c"), concurrency=1
        )

    spent = FailureKind.CREDENTIAL
    assert failures(exchanges) == [None, None, None, None, spent]


def test_a_401_of_one_path_alone_belongs_to_that_path() -> None:
    """The token still opens what it opened before, so that the 401 is the answer."""
    with serve("closes", only=lambda _: False, otherwise=refuses_from(0, b"/closed")) as hostile:
        exchanges = ask(hostile.url, probe("/a"), probe("/closed"), probe("/closed-too"), probe("/b"), concurrency=1)

    assert [each.answer.status if each.answer else None for each in exchanges] == [200, 401, 401, 200]


def test_a_token_that_was_never_accepted_is_left_to_the_evaluation() -> None:
    """There is no request to send again."""
    with serve("closes", only=lambda _: False, otherwise=refuses_from(0)) as hostile:
        exchanges = ask(hostile.url, probe("/a"), probe("/b"), concurrency=1)
        sent = len(hostile.requests)

    assert [each.answer.status if each.answer else None for each in exchanges] == [401, 401]
    assert sent == 2


def test_without_its_token_a_caller_asks_nothing() -> None:
    """One CredentialError stands for all of this caller's probes, and others go on."""
    missing = Credential(CredentialKind.TOKEN, "pradeep")
    with serve("closes", only=lambda _: False) as hostile:
        exchanges = ask(hostile.url, probe("/a", credential=missing), probe("/b", credential=missing), probe("/c"))
        assert len(hostile.requests) == 1
    assert failures(exchanges) == [FailureKind.CREDENTIAL, FailureKind.CREDENTIAL, None]


def test_a_token_that_would_break_the_header_is_refused() -> None:
    """A line feed in a token is a CredentialError that does not show the token."""
    with (
        serve("closes", only=lambda _: False) as hostile,
        Recorder(Config(base_url=hostile.url), StaticTokens({"adele": "secret\nX: y"})) as recorder,
    ):
        (exchange,) = recorder.ask([probe()]).values()
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CREDENTIAL
    assert "secret" not in exchange.failure.detail


def test_a_bug_of_ours_is_raised_without_the_token() -> None:
    """An error in the token's source reaches the caller, and its frames show no token."""

    class Broken(StaticTokens):
        def refused(self, caller: str) -> bool:
            raise ZeroDivisionError

    expired = answer("401 Unauthorized", body=b"expired")
    with (
        serve(sends(expired)) as hostile,
        Recorder(Config(base_url=hostile.url), Broken({"adele": TOKEN})) as recorder,
        pytest.raises(ZeroDivisionError) as caught,
    ):
        recorder.ask([probe()])
    assert not any(TOKEN in repr(value) for frame in caught.traceback[2:] for value in frame.locals.values())


def test_a_credential_error_is_one_line() -> None:
    """Whatever its source says, the detail of the failure is one short line without the token."""

    class Failing(StaticTokens):
        def token(self, caller: str) -> str:
            raise CredentialError("az: error\n\n  see\tlog " + "x" * 5000)

    with Recorder(Config(base_url="http://127.0.0.1:9"), Failing({})) as recorder:
        (exchange,) = recorder.ask([probe()]).values()
    assert exchange.failure is not None
    assert exchange.failure.detail.startswith("az: error see log xxx")
    assert len(exchange.failure.detail) <= 500
