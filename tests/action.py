"""The shell steps of `action.yml`, run as GitHub would: `python -m tests.action [NAME=VALUE …]` gives inputs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.tree import ROOT

Step = dict[str, Any]


def action() -> dict[str, Any]:
    """`action.yml`, read."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return read


def shell_steps() -> list[Step]:
    """The steps that are shell scripts."""
    return [step for step in action()["runs"]["steps"] if "run" in step]


def run(
    step: Step, inputs: Mapping[str, str], folder: Path, temp: Path, environ: Mapping[str, str]
) -> tuple[int, str, str]:
    """Run one step in a folder; its exit code, what it printed, and what it set as outputs."""
    values = {name: value["default"] for name, value in action()["inputs"].items()} | dict(inputs)
    given = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: str(values[match[1]]), text)
        for name, text in step.get("env", {}).items()
    }
    outputs = temp / "outputs"
    outputs.touch()
    github = {"RUNNER_TEMP": str(temp), "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(outputs)}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder, env={**environ, **github, **given}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=600, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, outputs.read_text("utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run all shell steps in an empty folder; the first code that is not 0."""
    inputs = dict(argument.split("=", 1) for argument in arguments)
    with tempfile.TemporaryDirectory() as place:
        folder, temp = Path(place, "workspace"), Path(place, "temp")
        folder.mkdir()
        temp.mkdir()
        for step in shell_steps():
            code, value, outputs = run(step, inputs, folder, temp, os.environ)
            print(f"{step['name']}:\n{value}{outputs}")
            if code:
                return code
        return 0 if (folder / inputs.get("reports", "reports") / "report.html").is_file() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
