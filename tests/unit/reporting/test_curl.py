from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.model import REDACTED, mark
from conformance.reporting.exchanges import curl_line

URL = "https://graph.example/v1.0/me/photo"


def entry(url: str = URL, headers: dict[str, str] | None = None, method: str = "GET") -> dict[str, Any]:
    pairs = [{"name": name, "value": value} for name, value in (headers or {}).items()]
    return {"request": {"method": method, "url": url, "headers": pairs}}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a curl that only tells its arguments."""
    home = tmp_path_factory.mktemp("bin")
    (home / "curl").write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    (home / "curl").chmod(0o755)
    return home


def words(command: str, home: Path) -> list[str]:
    environment = {"PATH": f"{home}:{os.environ['PATH']}", "GRAPH_TOKEN": "t0k en'", "OCP_APIM_KEY": "k"}
    ran = subprocess.run(["sh", "-c", command], env=environment, cwd=home, capture_output=True, check=True)
    assert sorted(path.name for path in home.iterdir()) == ["curl"]
    return ran.stdout.decode().split("\0")[:-1]


def test_the_line_reads_the_token_from_the_environment() -> None:
    """The usual line is short, and a secret stands nowhere in it."""
    result = curl_line(
        entry(headers={"Authorization": f"Bearer {REDACTED}", "Accept": "application/json", "Host": "x"})
    )
    assert result == f"curl -sS -i -H \"Authorization: Bearer $GRAPH_TOKEN\" '{URL}'"


def test_a_picture_goes_to_a_file() -> None:
    """Bytes of a picture do not go to a terminal."""
    assert curl_line(entry(f"{URL}/$value")) == f"curl -sS -D - -o photo.bin '{URL}/$value'"


def test_other_credentials_are_repeated_as_they_were(shell: Path) -> None:
    """Garbage is no secret; an empty token, another scheme and a gateway's key are sent as they were."""
    headers = {"Authorization": "Bearer not.a.token"}
    assert "Authorization: Bearer not.a.token" in words(curl_line(entry(headers=headers)), shell)
    assert "Authorization: Bearer " in words(curl_line(entry(headers={"Authorization": "Bearer "})), shell)
    assert "Authorization: Token t0k en'" in words(
        curl_line(entry(headers={"Authorization": f"Token {REDACTED}"})), shell
    )
    assert "Ocp-Apim-Key: k" in words(curl_line(entry(headers={"Ocp-Apim-Key": mark("Ocp-Apim-Key")})), shell)


def test_head_and_odd_paths_keep_their_meaning() -> None:
    """HEAD is asked as HEAD, and curl neither globs nor tidies the path."""
    assert curl_line(entry(method="HEAD")) == f"curl -sS -I '{URL}'"
    assert curl_line(entry("https://h/a/../b{c}")) == "curl -sS -i -g --path-as-is 'https://h/a/../b{c}'"


def test_a_content_coding_that_does_not_decode_is_asked_for() -> None:
    """Without one the gateway sends what decodes; curl itself says that it does not."""
    wrong = entry() | {"_failure": {"kind": "bad-encoding", "detail": ""}}
    assert curl_line(wrong) == f"curl -sS -i --compressed '{URL}'"


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "-o/etc/passwd", "@x"])
def test_only_web_addresses_make_a_line(url: str) -> None:
    """A recording of somebody else's cannot make curl read files or take options."""
    assert curl_line(entry(url)) == ""


@pytest.mark.parametrize(
    "odd", [None, [], {"request": 7}, {"request": {"url": 3}}, entry() | {"request": {"url": URL, "headers": [3, {}]}}]
)
def test_odd_entries_do_not_raise(odd: Any) -> None:
    """What is not there is left out."""
    assert curl_line(odd) in ("", f"curl -sS -i '{URL}'")


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_text_stays_one_word(shell: Path, path: str, value: str) -> None:
    """No quote, line end or substitution from the wire gets out of its word."""
    command = curl_line(
        entry(f"https://h/{path}{REDACTED}'`id`$(touch x)", {"X-A": value, "If-None-Match": f"'{REDACTED}"})
    )
    result = words(command, shell)
    assert "\n" not in command
    assert result[-1].startswith("https://h/")
    assert result[-1].endswith("t0k en''`id`$(touch x)")
