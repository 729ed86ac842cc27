"""CI: the action, the examples for other services, and our own `.ci/run`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.action import action, run, shell_steps
from tests.tree import ROOT

EXAMPLES = ROOT / "docs" / "ci"
SCHEMAS = {
    ROOT / "action.yml": ["vendor.github-actions"],
    EXAMPLES / "github-workflow.yml": ["vendor.github-workflows"],
    EXAMPLES / "gitlab-ci.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    # Its schema has patterns that the stricter dialect refuses.
    EXAMPLES / "azure-pipelines.yml": [
        "vendor.azure-pipelines", "--data-transform", "azure-pipelines", "--regex-variant", "nonunicode",
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: str(path.name))
def test_a_file_for_ci_obeys_the_schema_of_its_service(path: Path) -> None:
    """What cannot be run here is held to the schema that its service has published."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *SCHEMAS[path], str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_example_is_held_to_a_schema() -> None:
    """No file among the examples is left unread."""
    assert {path for path in EXAMPLES.iterdir() if path.suffix in (".yml", ".yaml")} <= set(SCHEMAS)


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """What the action's first step would have installed, for this checkout: it ends in a folder of its own."""
    temp = tmp_path / "temp"
    program = temp / "photo-conformance" / "bin" / "photo-conformance"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m conformance "$@"\n', "utf-8")
    program.chmod(0o755)
    (tmp_path / "workspace").mkdir()
    return temp


def environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PHOTO_", "PYTEST_", "GITHUB_"))}


def test_the_action_holds_a_target_to_the_contract(command: Path, tmp_path: Path) -> None:
    """The step writes the reports to the given folder, and prints the exit code."""
    args = "-q \n\n  -k=credentials and group\n"
    inputs = {"self-test": "true", "reports": "out", "edition": "v1.0-2023", "args": args}
    code, output, outputs = run(shell_steps()[1], inputs, tmp_path / "workspace", command, environ())

    assert (code, outputs) == (0, "exit-code=0\n"), output
    assert (tmp_path / "workspace" / "out" / "report.html").is_file()
    assert "v1.0-2023" in output


def test_the_action_fails_as_the_run_does(command: Path, tmp_path: Path) -> None:
    """A run that fails is a step that fails with the same code, which stands among the outputs as well."""
    inputs = {"target": "not-there.toml", "base-url": "http://127.0.0.1:9/v1.0"}
    code, output, outputs = run(shell_steps()[1], inputs, tmp_path / "workspace", command, environ())

    assert (code, outputs) == (4, "exit-code=4\n"), output
    assert "not-there.toml" in output


@pytest.mark.parametrize("inputs", [{}, {"base-url": "", "target": ""}, {"self-test": ""}], ids=str)
def test_the_action_tests_no_target_of_its_own_choice(inputs: dict[str, str], command: Path, tmp_path: Path) -> None:
    """Without a target, as where a variable of the workflow is empty, the step fails before it starts anything."""
    code, said, outputs = run(shell_steps()[1], inputs, tmp_path / "workspace", command, environ())

    assert (code, outputs) == (4, "exit-code=4\n")
    assert "expected base-url or target" in said


def test_no_input_is_a_piece_of_script() -> None:
    """Inputs reach the shell by the environment: what a caller writes is never run."""
    assert [step["name"] for step in shell_steps() if "${{" in step["run"]] == []


def test_the_reports_are_kept_whatever_the_outcome() -> None:
    """The last step of the action is an upload that always happens."""
    last = action()["runs"]["steps"][-1]

    assert last["uses"].startswith("actions/upload-artifact@")
    assert last["if"] == "always()"


def test_every_input_is_documented() -> None:
    """Each input of the action says what it is, and what it is by default."""
    assert [name for name, one in action()["inputs"].items() if not one["description"] or "default" not in one] == []


def test_the_examples_keep_reports_whatever_the_outcome() -> None:
    """GitLab and Azure Pipelines take junit.xml and the folder even where the run failed."""
    gitlab = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text("utf-8"))["photo-conformance"]["artifacts"]
    azure = yaml.safe_load((EXAMPLES / "azure-pipelines.yml").read_text("utf-8"))["steps"]

    assert (gitlab["when"], gitlab["reports"]["junit"]) == ("always", "reports/junit.xml")
    assert [step["condition"] for step in azure if "publish" in step or "Publish" in step.get("task", "")] == [
        "always()"
    ] * 2


def test_ci_is_a_shell_script_without_errors() -> None:
    """`.ci/run` can be started, and bash can read it whole."""
    script = ROOT / ".ci" / "run"
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, timeout=20, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert os.access(script, os.X_OK)


def test_ci_demands_what_a_person_may_lack() -> None:
    """In CI no browser test is skipped."""
    assert re.search(r"^export CI=true DEMAND_BROWSER=1\b", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)


def test_what_ci_makes_there_is_to_make() -> None:
    """Each target of the Makefile says what it is for, and `.ci/run` asks for no other."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    found = set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    made = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / ".ci" / "run").read_text("utf-8")))

    assert found == phony
    assert made - {"make"} <= found
