"""Whole runs whose token comes back, or is a user's id: nothing leaks, and the recording gives the same verdicts."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.suite import Outcome, server, suite

TOKEN = "canary/9f3b+7e21=token~of.no-user"
COOKIE = "granted~41c8/9f0e+77ab"
HALF_ESCAPED = TOKEN.replace("/", "%2F").replace("+", "\\u002B").replace("=", "&#61;")
CHOSEN = ("-k", "user.metadata.id or user.photo.id.absent", "-rA", "-vv", "--tb=long", "--showlocals")


@contextmanager
def gateway(port: int, sent: str, good: str, echo: bytes) -> Iterator[int]:
    """A server before the real one that takes another token, sets a cookie, and may put something into errors."""

    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            connection = HTTPConnection("127.0.0.1", port)
            headers = {name: value.replace(sent, good) for name, value in self.headers.items()}
            connection.request("GET", self.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if echo and answer.status == 404:
                body = body.replace(b'"message":"', b'"message":"' + echo, 1).replace(
                    b'"message": "', b'"message": "' + echo, 1
                )
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Set-Cookie", f"sid={COOKIE}; Path=/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield listening.server_address[1]
    finally:
        listening.shutdown()
        listening.server_close()


def runs(folder: Path, token: str | None, echo: bytes = b"") -> tuple[str, Outcome, Outcome]:
    """The token, the run behind the gateway, and the evaluation of its recording. None: the user's id is the token."""
    with server(folder) as running:
        target = running.target.read_text("utf-8")
        user = tomllib.loads(target)["user"][0]
        sent, variable = token or user["id"], user["token"]["env"]
        port = int(running.base_url.split(":")[2].partition("/")[0])
        with gateway(port, sent, running.tokens[variable], echo) as before:
            file = folder / "target.toml"
            file.write_text(target.replace(f":{port}/", f":{before}/"), "utf-8")
            environment = dict(running.tokens) | {variable: sent}
            live = suite(*CHOSEN, f"--target={file}", reports=folder / "live", env=environment)
    replayed = suite(*CHOSEN, f"--recording={live.reports / 'exchanges.har'}", reports=folder / "replayed")
    return sent, live, replayed


def verdicts(outcome: Outcome) -> set[tuple[str, str, str]]:
    """Each verdict, without what it found."""
    return {(one["requirement"], one["case"], one["outcome"]) for one in outcome.document["verdicts"]}


def test_a_token_that_is_a_users_id_gives_no_false_violation(tmp_path: Path) -> None:
    """The id stays in every URL and response; only the token that was sent is replaced."""
    sent, live, replayed = runs(tmp_path, None)

    assert set() == live.bad
    assert verdicts(live) == verdicts(replayed)
    assert sent in (live.reports / "exchanges.har").read_text("utf-8")
    assert f"Bearer {sent}" not in (live.reports / "exchanges.har").read_text("utf-8")


@pytest.mark.parametrize("token", ["response", "requirement"])
def test_a_token_that_is_a_word_of_the_reports_changes_nothing(token: str, tmp_path: Path) -> None:
    """Mocks take any token: neither verdicts nor causes are others, and the recording can be read."""
    _, live, again = runs(tmp_path, token)

    assert set() == live.bad
    assert live.document["causes"] == []
    assert verdicts(live) == verdicts(again)


def test_a_half_escaped_echo_is_found_and_shows_nowhere(tmp_path: Path) -> None:
    """Live in the response as it came, in the recording by the mark; the terminal and all files hold neither form."""
    echo = json.dumps(HALF_ESCAPED)[1:-1].encode()
    _, live, replayed = runs(tmp_path, TOKEN, echo)
    texts = [live.said, replayed.said]
    for reports in (live.reports, replayed.reports):
        texts += [path.read_text("utf-8", "replace") for path in reports.iterdir()]

    assert {"error.does-not-echo-token"} == live.bad
    assert verdicts(live) == verdicts(replayed)
    assert not [text for text in texts for part in ("canary", "9f3b+7e21", "token~of", "~of.no-user") if part in text]


def test_a_cookie_that_the_target_grants_shows_nowhere(tmp_path: Path) -> None:
    """It is looked for everywhere, and the verdicts stay as they are, live and from the recording."""
    _, live, replayed = runs(tmp_path, TOKEN, COOKIE.encode())
    texts = [live.said, replayed.said]
    for reports in (live.reports, replayed.reports):
        texts += [path.read_text("utf-8", "replace") for path in reports.iterdir()]

    assert set() == live.bad
    assert verdicts(live) == verdicts(replayed)
    assert not [text for text in texts if COOKIE in text or "41c8/9f0e" in text]
    assert "[redacted:Set-Cookie]" in (live.reports / "exchanges.har").read_text("utf-8")


def test_a_token_that_was_put_into_our_own_recording_shows_nowhere(tmp_path: Path) -> None:
    """A recording of ours may have been edited, or joined with another tool's: credentials in it are secrets."""
    live = suite("-k", "me.metadata", "--explore=0", reports=tmp_path / "live")
    har = json.loads((live.reports / "exchanges.har").read_text("utf-8"))
    for entry in har["log"]["entries"]:
        entry["request"]["headers"].append({"name": "Authorization", "value": f"Bearer {TOKEN}"})
        entry["response"]["statusText"] = f"OK {TOKEN}"
    edited = tmp_path / "edited.har"
    edited.write_text(json.dumps(har), "utf-8")
    replayed = suite("-k", "me.metadata", f"--recording={edited}", reports=tmp_path / "replayed")

    assert replayed.document["verdicts"]
    for text in (replayed.said, *(path.read_text("utf-8", "replace") for path in replayed.reports.iterdir())):
        assert "canary" not in text
