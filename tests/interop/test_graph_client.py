"""Microsoft's library for JavaScript, @microsoft/microsoft-graph-client, against the reference server."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conformance import spec
from conformance.reference.embedding import Running
from tests.interop.conftest import Asked
from tests.interop.owners import known

PACKAGE = "@microsoft/microsoft-graph-client@3.0.7"
SCRIPT = Path(__file__).with_name("graph_client.cjs")


def absent(reason: str) -> None:
    """Skip, and say why; a failure where node is demanded (DEMAND_NODE=1)."""
    if os.environ.get("DEMAND_NODE") == "1":
        pytest.fail(f"DEMAND_NODE=1, and {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library, installed into a temporary folder."""
    if not (shutil.which("node") and shutil.which("npm")):
        absent("node or npm is not installed")
    folder = tmp_path_factory.mktemp("npm")
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        absent(f"npm did not install {PACKAGE} in two minutes")
    if done.returncode:
        absent(f"npm cannot install {PACKAGE}: {done.stderr.strip()[-300:]}")
    return folder / "node_modules"


def ask(modules: Path, running: Running, token: str, paths: list[str]) -> list[Any]:
    """What the library gives for each path: `metadata`, `bytes` (base64) or `error`."""
    order = {"baseUrl": running.base_url, "token": running.tokens[token], "paths": paths}
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(order),
        env=os.environ | {"NODE_PATH": str(modules)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    entries: list[Any] = json.loads(done.stdout)
    return entries


def test_the_library_reads_metadata_and_picture_of_all_14_operations(
    modules: Path, running: Running, asked: Asked
) -> None:
    """Each of the seven owners answers it metadata as an object and bytes as a buffer, and each operation was asked."""
    paths = [f"{owner.path}/photo{form}" for owner in known() for form in ("", "/$value")]
    result = ask(modules, running, "ADELE_TOKEN", paths)

    assert [(one["metadata"]["width"], one["metadata"]["height"]) for one in result[::2]] == [
        (owner.photo.width, owner.photo.height) for owner in known()
    ]
    assert [base64.b64decode(one["bytes"]) for one in result[1::2]] == [owner.photo.data for owner in known()]
    assert asked() == set(spec.load().operations)


def test_the_library_reports_a_missing_photo_as_its_own_error(modules: Path, running: Running) -> None:
    """Without a photo it gives the placeholder, and for the bytes an error with the status."""
    metadata, picture = ask(modules, running, "MEGAN_TOKEN", ["/me/photo", "/me/photo/$value"])

    assert metadata["metadata"]["id"] == "1X1"
    assert picture["error"]["status"] == 404
