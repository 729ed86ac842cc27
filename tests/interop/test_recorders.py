"""Real recorders between an app and the reference server: what they keep is evaluated, and nothing is blamed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from conformance.reference.embedding import Running
from tests.e2e.recordings.evaluating import Document, evaluated, outcomes
from tests.interop.test_graph_client import absent

PLAYWRIGHT, MITMPROXY = "playwright-core@1.65.1", "mitmproxy==11.0.2"
SCRIPT = Path(__file__).with_name("playwright_recorder.cjs")
USERS = ("ADELE_TOKEN", "MEGAN_TOKEN")


def installed(command: list[str]) -> None:
    """Run an installer; skip where it cannot."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    except (OSError, subprocess.TimeoutExpired):
        absent(f"{command[0]} did not install {command[-1]}")
    else:
        if done.returncode:
            absent(f"{command[-1]} cannot be installed: {done.stderr.strip()[-300:]}")


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Playwright without its browsers."""
    folder = tmp_path_factory.mktemp("npm")
    installed(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), PLAYWRIGHT])
    return folder / "node_modules"


@pytest.fixture(scope="module")
def mitmdump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """mitmproxy's recorder, in an environment of its own."""
    folder = tmp_path_factory.mktemp("mitmproxy")
    installed([sys.executable, "-m", "venv", str(folder)])
    installed([str(folder / "bin" / "pip"), "install", "--quiet", MITMPROXY])
    return folder / "bin" / "mitmdump"


def checked(recording: Path, running: Running, monkeypatch: pytest.MonkeyPatch) -> Document:
    """The document of a recording of two users; nothing is violated, and each user's `/me` is theirs."""
    for name in USERS:
        monkeypatch.setenv(name, running.tokens[name])
    document = evaluated(recording=recording, target=running.target)
    found = outcomes(document, "not-exercised")

    assert document["counts"]["violates"] == document["counts"]["departs"] == 0
    assert found["metadata.is-json", "me.metadata.present/user-1"] == "conforms"
    assert found["picture.is-a-picture", "me.photo.present/user-1"] == "conforms"
    assert found["placeholder.id-is-1x1", "me.metadata.absent/user-2"] == "conforms"
    assert found["picture.absent-is-404", "me.photo.absent/user-2"] == "conforms"
    return document


@pytest.mark.parametrize(("name", "content"), [("app.har", "embed"), ("app.har", "attach"), ("app.zip", "attach")])
def test_playwright(
    name: str, content: str, modules: Path, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bodies in the HAR, beside it, and in an archive; what was read by blob() is not kept, and the rest is."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        absent("Chromium is not installed")
    tokens = [running.tokens[name] for name in USERS]
    command = ["node", str(SCRIPT), running.base_url, str(tmp_path / name), content, str(browser), *tokens]
    subprocess.run(command, env=os.environ | {"NODE_PATH": str(modules)}, timeout=90, check=True)
    document = checked(tmp_path / name, running, monkeypatch)

    assert any("the response's body was not kept" in note for note in document["notes"])
    assert any("with Playwright, record with" in note for note in document["notes"])


def test_mitmdump(mitmdump: Path, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a proxy saw is kept, the request without a token too."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    recording = tmp_path / "app.har"
    command = [str(mitmdump), "-q", "--listen-host", "127.0.0.1", "-p", str(port), "--set", f"hardump={recording}"]
    with subprocess.Popen([*command, "--set", f"confdir={tmp_path / 'conf'}"]) as proxy:
        try:
            through_proxy(port, running)
        finally:
            proxy.terminate()
    document = checked(recording, running, monkeypatch)

    assert outcomes(document)["credentials.none-is-refused", "me.metadata.no-credentials/user-1"] == "conforms"
    assert not any("not kept" in note or "left out" in note for note in document["notes"])


def through_proxy(port: int, running: Running) -> None:
    """Both users' own photos, and one request without a token."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.2)
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": f"http://127.0.0.1:{port}"}
        for name in USERS:
            for path in ("/me/photo", "/me/photo/$value"):
                headers = {"Authorization": f"Bearer {running.tokens[name]}"}
                session.get(running.base_url + path, headers=headers, timeout=20)
        session.get(running.base_url + "/me/photo", timeout=20)
