"""Tokens by caller: fetched when needed, kept while good, fetched again in time, and once when they are refused."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from conformance.auth.authorization import CredentialError, TokenSource, UnusableToken
from conformance.auth.tokens import AT_MOST_EVERY, EARLY, SourcedTokens
from tests.unit.auth.jwts import jwt


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def counting(folder: Path, **options: object) -> TokenSource:
    """A command that hands out `fresh-1`, `fresh-2`, … with this expiry."""
    code = (
        "import json, pathlib, sys; p = pathlib.Path(sys.argv[1]); n = int(p.read_text()) + 1 if p.exists() else 1;"
        "p.write_text(str(n)); print(json.dumps({'token': f'fresh-{n}', **json.loads(sys.argv[2])}))"
    )
    return TokenSource("command", [sys.executable, "-c", code, str(folder / "count"), json.dumps(options)])


def of(source: TokenSource, clock: Clock, **environ: str) -> SourcedTokens:
    return SourcedTokens({"adele": source}, dict(os.environ) | environ, clock=clock)


def test_a_variable_is_read_and_stripped() -> None:
    """A line end after the token is no part of it."""
    tokens = of(TokenSource("env", "T"), Clock(), T=" secret-token\n")

    assert tokens.token("adele") == "secret-token"
    assert not tokens.refused("adele")


def test_a_token_that_is_good_is_fetched_once(tmp_path: Path) -> None:
    """A token that tells no expiry is kept."""
    clock = Clock()
    tokens = of(counting(tmp_path), clock)
    seen = {tokens.token("adele")}
    clock.now += 10**6

    assert seen | {tokens.token("adele")} == {"fresh-1"}


def test_a_token_is_fetched_again_before_it_expires(tmp_path: Path) -> None:
    """A minute before the given expiry the command runs again."""
    clock = Clock()
    tokens = of(counting(tmp_path, expires_on=clock.now + 3600), clock)
    seen = [tokens.token("adele")]
    for now in (3600 - EARLY - 1, 3600 - EARLY + 1):
        clock.now = 1_000_000.0 + now
        seen.append(tokens.token("adele"))

    assert seen == ["fresh-1", "fresh-1", "fresh-2"]


def test_a_jwt_tells_its_own_expiry(monkeypatch: pytest.MonkeyPatch) -> None:
    """`exp` counts where the source gives no expiry; after it a variable is not read at each request."""
    clock = Clock()
    tokens = of(TokenSource("env", "T"), clock, T=jwt(exp=clock.now - 5))
    fetches: list[str] = []
    monkeypatch.setattr(tokens, "check", fetches.append)
    for _ in range(3):
        tokens.token("adele")
    clock.now += AT_MOST_EVERY + 1
    tokens.token("adele")

    assert len(fetches) == 2


def test_a_refused_token_is_fetched_again_once(tmp_path: Path) -> None:
    """A target that refuses every token does not make the command run for each request."""
    clock = Clock()
    tokens = of(counting(tmp_path), clock)
    tokens.token("adele")

    assert [tokens.refused("adele") for _ in range(3)] == [True, False, False]
    assert tokens.token("adele") == "fresh-2"
    clock.now += AT_MOST_EVERY + 1
    assert tokens.refused("adele")


def test_a_failing_source_is_not_asked_at_each_turn(tmp_path: Path) -> None:
    """The first error is repeated for a while."""
    log = tmp_path / "log"
    code = f"open({str(log)!r}, 'a').write('x'); raise SystemExit(1)"
    tokens = of(TokenSource("command", [sys.executable, "-c", code]), Clock())
    for _ in range(3):
        with pytest.raises(CredentialError, match="ended with code 1"):
            tokens.token("adele")

    assert log.read_text() == "x"
    assert tokens.claims("adele") is None


def test_claims_are_those_of_the_token() -> None:
    """A JWT tells them, an opaque token does not."""
    result = of(TokenSource("env", "T"), Clock(), T=jwt(scp="User.Read")).claims("adele")

    assert result is not None
    assert result.scopes == frozenset({"User.Read"})
    assert of(TokenSource("env", "T"), Clock(), T="opaque-token").claims("adele") is None


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (("one", "one", "other"), ["user-1", "user-2"]),
        (("one", "two", "one"), []),
        ((jwt(idtyp="app", roles=["User.Read.All"]),) * 3, []),
    ],
    ids=["two users", "a user and an identity", "an application's"],
)
def test_users_with_one_token_are_named(values: tuple[str, ...], named: list[str]) -> None:
    """A token is of one user; an identity may be a user again, and an application's opens no /me."""
    sources = {label: TokenSource("env", label) for label in ("user-1", "user-2", "identity-1")}

    assert SourcedTokens(sources, dict(zip(sources, values, strict=True))).shared(["user-1", "user-2"]) == named


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (TokenSource("env", "NOWHERE"), "environment variable NOWHERE, which is not set"),
        (TokenSource("command", ["no-such-program"]), "is not found"),
        (TokenSource("azure", {"client_secret_env": "NOWHERE"}), "NOWHERE, which is not set"),
    ],
)
def test_a_source_is_checked_before_it_is_used(source: TokenSource, text: str) -> None:
    """What cannot work is reported, with the caller's name."""
    with pytest.raises(CredentialError, match=f"(?s)adele.*{text}"):
        of(source, Clock()).check("adele")


def test_no_token_is_shown() -> None:
    """Neither the tokens' keeper nor its sources show one."""
    tokens = of(TokenSource("env", "T"), Clock(), T="canary-token-123")
    shown = f"{tokens.token('adele')!r}{tokens!r}{tokens._kept!r}{TokenSource('command', ['canary-token-123'])!r}"

    assert "canary" not in shown
    with pytest.raises(CredentialError, match="no token is known for pradeep"):
        tokens.token("pradeep")


def test_a_command_gets_no_variable_that_holds_a_secret(tmp_path: Path) -> None:
    """Neither another caller's token, nor GRAPH_TOKEN, nor what --http-header reads; all else it gets."""
    seen = tmp_path / "seen"
    sources = {
        "adele": TokenSource("command", ["sh", "-c", f"env > {seen}; echo a-token"]),
        "megan": TokenSource("env", "MEGAN_TOKEN"),
    }
    secrets = {"MEGAN_TOKEN": "m-token", "GRAPH_TOKEN": "g-token", "GATEWAY": "key-1"}
    tokens = SourcedTokens(sources, {**secrets, "PATH": os.environ["PATH"], "KEPT": "1"}, hidden=["key-1"])

    assert "a-token" == tokens.token("adele")
    assert "KEPT=1" in seen.read_text()
    assert not [name for name in secrets if name in seen.read_text()]


@pytest.mark.parametrize("value", ["Bearer abc", "zq xv", "tökén", '"zqxv"', "'zqxv'"])
def test_a_variable_holds_the_token_alone(value: str) -> None:
    """The message names the variable and what is wrong, never the value."""
    tokens = SourcedTokens({"caller": TokenSource("env", "GRAPH_TOKEN")}, {"GRAPH_TOKEN": value})

    with pytest.raises(UnusableToken, match=r"GRAPH_TOKEN .* without `Bearer`") as caught:
        tokens.check("caller")
    assert value not in str(caught.value)


def test_a_command_ends_with_the_time_of_the_run() -> None:
    """What is left of --max-time bounds all commands together, whatever one alone may take."""
    source = TokenSource("command", [sys.executable, "-c", "import time; time.sleep(60)"])
    began = time.monotonic()
    tokens = SourcedTokens({"adele": source, "megan": source}, os.environ, max_time=0.5)
    for caller in ("adele", "megan"):
        with pytest.raises(CredentialError, match=f"the token of {caller} did not end within"):
            tokens.token(caller)

    assert time.monotonic() - began < 5
