"""However a token is given, it is in no file and on no terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conformance.model import Answer
from conformance.reference.default_tenant import ADELE
from conformance.reference.responses_sent import ServiceRequest
from tests.suite import suite
from tests.unit.auth.jwts import jwt
from tests.unit.target.targets import TOKENS, served

CANARY = TOKENS["ADELE_TOKEN"]


def command(code: str) -> str:
    return f"token = {{ command = {json.dumps([sys.executable, '-c', code])} }}"


GIVEN: dict[str, tuple[str, dict[str, str]]] = {
    "graph-token": ("", {"GRAPH_TOKEN": CANARY}),
    "env": ('token = { env = "CANARY_ENV" }', {"CANARY_ENV": CANARY}),
    "command": (command("import os; print(os.environ['CANARY'])"), {"CANARY": CANARY}),
    "failing-command": (command(f"print({CANARY!r}); raise SystemExit({CANARY!r})"), {}),
    "jwt": ("", {"GRAPH_TOKEN": jwt(scp="User.Read", oid=ADELE.id, canary="1f0e9d8c7b6a5f4e")}),
}


@pytest.mark.parametrize("way", GIVEN)
def test_no_token_is_in_any_output(tmp_path: Path, way: str) -> None:
    """However it is given, and though the target echoes it, the token is in no file and on no terminal."""
    token, env = GIVEN[way]
    secret = env.get("GRAPH_TOKEN", CANARY)

    def echo(request: ServiceRequest, answer: Answer) -> Answer:
        value = request.header("authorization") or "none"
        return Answer(answer.status, (*answer.headers, ("X-Echo", value)), answer.body + f" {value}".encode())

    target = tmp_path / "target.toml"
    target.write_text(f'[[user]]\nid = "{ADELE.id}"\nphoto = true\n{token}\n', "utf-8")
    with served(echo) as base_url:
        outcome = suite(
            "-q", "-k", "user.metadata", f"--base-url={base_url}", f"--target={target}", "--showlocals",
            reports=tmp_path / "reports", env=env,
        )  # fmt: skip

    files = [path.read_bytes() for path in (tmp_path / "reports").rglob("*") if path.is_file()]
    assert outcome.code in (1, 6)
    assert files
    assert secret not in outcome.said
    assert not any(secret.encode() in data for data in files)
