"""A path and an edition that an overlay alone adds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance.spec import load
from tests.suite import ROOT

OVERLAY = """\
overlay: 1.0.0
info: { title: One path more, version: v9.9-next, x-date: '2099-01-01' }
x-applies-after: v1.0-2024
actions:
  - target: $.info
    update: { version: v9.9-next, summary: one path more }
  - target: $.paths
    update:
"""


def overlay() -> str:
    """An edition with the photo of a group at one more path, in both forms."""
    paths: dict[str, Any] = {}
    for number, ending in enumerate(("", "/$value"), 1):
        item = json.loads(json.dumps(load("v1.0-2024").document["paths"][f"/groups/{{group-id}}/photo{ending}"]))
        item["get"]["operationId"] = f"getBrand{number}"
        item["get"]["x-photo"] |= {"variant": "group-brand", "statement": f"P90{number}"}
        paths[f"/brands/{{group-id}}/photo{ending}"] = item
    return OVERLAY + "      " + json.dumps(paths) + "\n"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files with one overlay more."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("conformance", "openapi", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "openapi" / "overlays" / "next.yaml").write_text(overlay(), "utf-8")
    return folder


def run(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PHOTO_", "PYTEST_", "GRAPH_"))}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=clone, env=clean | {"PYTHONPATH": str(clone)}, capture_output=True, text=True, check=False
    )


def test_a_path_of_an_overlay_is_planned_requested_served_and_reported(clone: Path) -> None:
    """Cells, requests, responses of the reference server and report rows come from the overlay alone."""
    done = run(clone, "pytest", "--edition=v9.9-next", "--reports=out", "-k", "brand and not permission")
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((clone / "out" / "verdicts.json").read_text("utf-8"))
    verdicts = [verdict for verdict in document["verdicts"] if verdict["variant"] == "group-brand"]
    assert {verdict["state"] for verdict in verdicts} >= {"present", "absent", "unknown", "no-credentials"}
    assert {verdict["outcome"] for verdict in verdicts} == {"conforms"}
    assert {verdict["cites"] for verdict in verdicts} >= {"P901", "P902"}
    assert "/brands/" in (clone / "out" / "exchanges.har").read_text("utf-8")
    assert "group-brand" in (clone / "out" / "report.html").read_text("utf-8")


def test_an_edition_of_an_overlay_is_known_everywhere(clone: Path) -> None:
    """Options, the target file and the reference server know an edition by its overlay."""
    assert "v9.9-next" in run(clone, "pytest", "--edition=nonsense", "--collect-only").stderr
    assert "v9.9-next" in run(clone, "conformance.reference", "--help").stdout
    (clone / "target.toml").write_text(
        'base_url = "http://127.0.0.1:9/v1.0"\nedition = "v9.9-next"\n[[group]]\nid = "g"\n', "utf-8"
    )
    done = run(clone, "pytest", "--target=target.toml", "--collect-only", "-q", "-k", "brand")
    assert "group-brand" in done.stdout
