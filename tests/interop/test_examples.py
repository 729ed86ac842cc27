"""Mock servers that others made: each example runs, and its page says what the suite says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.tree import ROOT, name

EXAMPLES = ROOT / "docs" / "examples"
NEEDED = {"prism": ("node", "npm"), "nginx": ("apt-get", "dpkg"), "mountebank": ("node", "npm")}
"""What an example's script wants of the machine."""
INSTEAD = {"nginx": "nginx"}
"""A program that, where it is there, is enough by itself."""
SCRIPTS = sorted(EXAMPLES.rglob("*.sh"))


def absent(reason: str) -> None:
    """Skip, and say why; a failure where the examples are demanded (DEMAND_EXAMPLES=1)."""
    if os.environ.get("DEMAND_EXAMPLES") == "1":
        pytest.fail(f"DEMAND_EXAMPLES=1, and {reason}")
    pytest.skip(reason)


def documented(page: Path) -> dict[tuple[str, str], int]:
    """The requirements and outcomes that a page lists, and the number of verdicts of each."""
    rows = re.findall(r"^\| `([a-z0-9.-]+)` \| ([a-z]+) \| (\d+) \|", page.read_text("utf-8"), re.MULTILINE)
    return {(requirement, outcome): int(count) for requirement, outcome, count in rows}


def found(verdicts: Path) -> Counter[tuple[str, str]]:
    document = json.loads(verdicts.read_text("utf-8"))
    assert document["counts"]["broken"] == document["counts"]["inconclusive"] == 0
    pairs = [(verdict["requirement"], verdict["outcome"]) for verdict in document["verdicts"]]
    return Counter(pair for pair in pairs if pair[1] in ("violates", "departs"))


def test_every_example_is_tried() -> None:
    """Each folder with a script has a row in this file, a page, and a row in the overview."""
    overview = (ROOT / "docs" / "other-peoples-programs.md").read_text("utf-8")

    assert {script.parent.name for script in EXAMPLES.glob("*/run.sh")} == set(NEEDED)
    assert [example for example in NEEDED if f"(examples/{example}/README.md)" not in overview] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_a_script_can_be_read_whole(script: Path) -> None:
    """Bash, and ShellCheck where it is installed, have nothing against it; what is installed has a version."""
    commands = [["bash", "-n", str(script)]]
    if shutil.which("shellcheck"):
        commands.append(["shellcheck", "--external-sources", "--shell=bash", str(script)])
    for command in commands:
        done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=30, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    text = script.read_text("utf-8")
    assert re.findall(r"^npm_package \S+$", text, re.MULTILINE) == []
    assert re.findall(r"registry|https?://(?!127\.0\.0\.1)", text) == []


@pytest.mark.parametrize("example", NEEDED)
def test_the_suite_says_of_an_example_what_its_page_says(example: str, tmp_path: Path) -> None:
    """The script starts the server, tests it and stops it; requirements, outcomes and counts are as documented."""
    missing = [program for program in NEEDED[example] if not shutil.which(program)]
    if missing and not shutil.which(INSTEAD.get(example, missing[0])):
        absent(f"{', '.join(missing)} is not installed")
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("PHOTO_", "PYTEST_", "GITHUB_"))}
    environ = keep | {"PYTHON": sys.executable, "REPORTS": str(tmp_path / "reports")}
    command = ["bash", str(EXAMPLES / example / "run.sh")]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode and not (tmp_path / "reports").exists():
        absent(f"{example} cannot be stood up here: {(done.stderr or done.stdout).strip()[-400:]}")

    expected = documented(EXAMPLES / example / "README.md")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == f"exit code {1 if expected else 0}"
    assert dict(found(tmp_path / "reports" / "verdicts.json")) == expected
