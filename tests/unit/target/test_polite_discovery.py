"""Manners: a target that asks to wait is waited for, a token that expires is renewed, and every request names us."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance.model import Answer
from conformance.reference.default_tenant import ADELE, MEGAN
from conformance.reference.responses_sent import ServiceRequest
from conformance.reporting.conclusion import concluded
from conformance.reporting.run import Run
from tests.unit.target.runs import run_on, verdicts
from tests.unit.target.targets import TOKENS, Apply, served


def throttling() -> Apply:
    """Every fifth request has to wait: shortly, at once, or by a fraction of a second."""
    waits = ("0.05", "0", "0.3", "1")
    count, lock = [0], threading.Lock()

    def apply(_: ServiceRequest, answer: Answer) -> Answer:
        with lock:
            count[0] += 1
            turn, late = divmod(count[0], 5)
        body = b'{"error": {"code": "TooManyRequests", "message": "Please wait."}}'
        headers = (("Content-Type", "application/json"), ("Retry-After", waits[turn % len(waits)]))
        return answer if late else Answer(429, headers, body)

    return apply


@pytest.mark.slow
def test_a_throttled_run_gets_the_verdicts_of_a_calm_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers 429 with Retry-After are waited for, in discovery too, and change no verdict."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_TOKEN"])
    with served() as base_url:
        calm = run_on(base_url, tmp_path, "unknown")
    with served(throttling()) as base_url:
        throttled = run_on(base_url, tmp_path, "unknown")

    waited = [each for each in throttled.recorded.recording.exchanges.values() if each.throttled]
    assert len(waited) > 10
    assert verdicts(calm) == verdicts(throttled)
    assert concluded(Run(throttled.document())).exit_code == 0


def test_throttled_past_the_patience_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that only ever asks to wait is not evaluated."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_TOKEN"])
    with served(lambda _, __: Answer(429, (("Retry-After", "30"),))) as base_url:
        document = run_on(base_url, tmp_path, "credentials", patience="1").document()

    assert concluded(Run(document)).exit_code == 6


@contextmanager
def expiring(after: int) -> Iterator[tuple[str, str]]:
    """A server that knows `first-token-…` for so many requests, then another one; its URL, and a command for tokens."""
    count, lock = [0], threading.Lock()
    good = TOKENS["ADELE_TOKEN"]

    def apply(request: ServiceRequest, answer: Answer) -> Answer:
        header = request.header("authorization") or ""
        with lock:
            count[0] += header == f"Bearer {good}"
            expired = count[0] > after and header == f"Bearer {good}"
        if not expired:
            return answer
        error = {"code": "InvalidAuthenticationToken", "message": "Access token has expired or is not yet valid."}
        return Answer(401, (("WWW-Authenticate", "Bearer"),), json.dumps({"error": error}).encode())

    with served(apply) as base_url:
        yield base_url, good


def asked_by_command(folder: Path, tokens: Sequence[str]) -> Path:
    """A target file of two users, the first with a command that hands out these tokens one after the other."""
    code = "import pathlib, sys; p = pathlib.Path(sys.argv[1]); n = len(p.read_text()) if p.exists() else 0;"
    code += "p.write_text('x' * (n + 1)); print(sys.argv[2:][min(n, len(sys.argv) - 3)])"
    command = json.dumps([sys.executable, "-c", code, str(folder / "count"), *tokens])
    path = folder / "target.toml"
    path.write_text(
        f'[[user]]\nid = "{ADELE.id}"\nupn = "{ADELE.upn}"\nphoto = true\ntoken = {{ command = {command} }}\n'
        f'[[user]]\nid = "{MEGAN.id}"\nupn = "{MEGAN.upn}"\nphoto = false\n',
        "utf-8",
    )
    return path


def test_a_token_that_expires_midway_is_renewed(tmp_path: Path) -> None:
    """A command hands out a fresh token after a 401 that says expired, and every verdict is as with one token."""
    fresh = TOKENS["MEGAN_TOKEN"]
    chapters = ("metadata", "picture", "placeholder", "unknown")
    (tmp_path / "calm").mkdir()
    with served() as base_url:
        target = asked_by_command(tmp_path / "calm", [TOKENS["ADELE_TOKEN"]])
        calm = run_on(base_url, tmp_path, *chapters, target=str(target))
    with expiring(after=12) as (base_url, _):
        target = asked_by_command(tmp_path, [TOKENS["ADELE_TOKEN"], fresh])
        renewed = run_on(base_url, tmp_path, *chapters, target=str(target))

    away = [each for each in verdicts(renewed) if not each[1].startswith("me")]  # the fresh one is another user's
    assert away == [each for each in verdicts(calm) if not each[1].startswith("me")]
    assert {each[2] for each in away} == {"conforms", "not-exercised"}
    assert (tmp_path / "count").read_text() == "xx"


def test_a_token_that_expires_for_good_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers 401 that say expired are the token's fault; what was answered before is evaluated."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_TOKEN"])
    with expiring(after=45) as (base_url, _):
        run = run_on(base_url, tmp_path, "metadata")
    document = run.document()

    assert concluded(Run(document)).exit_code == 6
    assert document["counts"]["conforms"] > 0
    assert document["counts"]["inconclusive"] > 0
    reasons = {each["reason"] for each in document["verdicts"] if each["outcome"] == "inconclusive"}
    assert reasons == {"the token of caller is refused (401) where it was accepted before"}


def test_every_request_names_us_and_every_answer_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """User-Agent is sent, in discovery too, and request-id is kept in the recording."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_TOKEN"])
    with served() as base_url:
        run = run_on(base_url, tmp_path, "placeholder")
    entries = json.loads("".join(run.har().lines()))["log"]["entries"]
    names = [
        ({h["name"].lower(): h["value"] for h in entry["request"]["headers"]},
         {h["name"].lower() for h in entry["response"]["headers"]})
        for entry in entries
    ]  # fmt: skip

    assert any(entry["_id"].startswith("discovery/") for entry in entries)
    assert all(sent["user-agent"].startswith("photo-conformance/") for sent, _ in names)
    assert all("request-id" in came for _, came in names)
