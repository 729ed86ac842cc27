"""One broken thing in front of a good API, or in it, is one headline that names it, and a second one at most."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

from conformance.model import Answer
from conformance.reference.embedding import Running
from tests.interop.broken_things import SCENARIOS
from tests.interop.gateways import Asked, Forward, relay
from tests.interop.owners import known
from tests.interop.scenarios import suite_on
from tests.suite import server, suite_alone


@pytest.mark.parametrize("name", SCENARIOS)
def test_one_broken_thing_is_named_first(name: str, tmp_path: Path) -> None:
    """The first headline is the right cause, one more at most stands beside it, and the terminal begins with it."""
    about = SCENARIOS[name]
    with server(tmp_path, edition=about.edition) as api, about.behind(api, tmp_path) as base_url:
        ran = suite_on(api, base_url, tmp_path)

    found = ran.document["causes"]
    ids = [cause["id"] for cause in found]
    assert ids[0] == about.first, ids
    assert len(ids) <= about.most, ids
    assert re.search(rf"^1\. [A-Z]+ {re.escape(found[0]['title'][:40])}", ran.said, re.MULTILINE)


def test_an_encoded_dollar_sign_that_is_not_routed_is_named(running: Running, tmp_path: Path) -> None:
    """A recording of a client that sends `%24value`, which the router does not know, has that one cause."""

    def routed(asked: Asked, forward: Forward) -> Answer:
        return Answer(404, (("Content-Type", "text/plain"),)) if "%24" in asked.target else forward(asked)

    token = running.tokens["ADELE_TOKEN"]
    with relay(running.base_url, routed) as base_url:
        urls = [f"{base_url}{one.path}/photo{rest}" for one in known() for rest in ("", "/%24value")]
        entries = [_recorded(url, token) for url in urls]
    recording = tmp_path / "app.har"
    recording.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "app"}, "entries": entries}}))
    options = (f"--recording={recording}", f"--target={running.target}", f"--base-url={base_url}")
    ran = suite_alone(*options, reports=tmp_path / "reports", env={"ADELE_TOKEN": token})

    assert [cause["id"] for cause in ran.document["causes"]] == ["likely.encoded-dollar"]


def _recorded(url: str, token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    response = requests.get(url, headers=headers, timeout=10)
    content = {"text": base64.b64encode(response.content).decode(), "encoding": "base64"}
    return {
        "startedDateTime": "2026-05-04T10:00:00Z",
        "request": {"method": "GET", "url": url, "headers": _pairs(headers)},
        "response": {"status": response.status_code, "headers": _pairs(dict(response.headers)), "content": content},
    }


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]
