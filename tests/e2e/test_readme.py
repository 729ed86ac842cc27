"""What the README and the guide say can be done, can be done: their commands are run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.reference import embedding
from conformance.reference.serving import Settings
from tests.shell import SET_UP, blocks, commands, copy, free_port, run
from tests.tree import ROOT

README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "five-minutes.md"
PUBLIC = "https://graph.microsoft.com/v1.0"


@pytest.mark.slow
def test_the_readmes_commands_work(tmp_path: Path) -> None:
    """A reader who types what the README says ends with a conforming run, each time.

    Without a target all operations of the embedded server are exercised; standing alone it gets the same verdicts.
    """
    clone = copy(tmp_path)
    target = next(block for block in blocks(README, "toml") if block.startswith("# target.toml"))
    with embedding.start(Settings(port=0)) as server:
        (clone / "target.toml").write_text(target.replace(PUBLIC, server.base_url), "utf-8")
        token = server.tokens["ADELE_TOKEN"]
        done = run(README, clone, {"ADELE_TOKEN=…": f"ADELE_TOKEN={token}", "8080": str(free_port())})

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\nConforms") == done.stdout.count("reports: ") == 3
    assert (clone / "reports" / "report.html").stat().st_size > 10_000
    embedded, _, alone = (json.loads((clone / f"verdicts-{n}.json").read_text("utf-8")) for n in (1, 2, 3))
    assert {"conforms"} == {word for word, count in embedded["counts"].items() if count}
    assert done.stdout.count("14 of 14 operations, 20 of 20 path shapes of edition v1.0-2016") == 2
    assert alone["verdicts"] == [
        one for one in embedded["verdicts"] if not one["requirement"].startswith("exploration.")
    ]


def test_the_guide_in_five_minutes_works(tmp_path: Path) -> None:
    """A reader who follows the guide sees the one requirement named that it says is violated."""
    clone = copy(tmp_path)
    done = run(GUIDE, clone, {"8080": str(free_port())})

    assert done.returncode == 0, done.stdout + done.stderr
    assert "exit code 1" in done.stdout
    verdicts = json.loads((clone / "reports" / "verdicts.json").read_text("utf-8"))["verdicts"]
    red = {verdict["requirement"] for verdict in verdicts if verdict["outcome"] in ("violates", "departs", "broken")}
    assert red == {"picture.content-type-is-image"}
    assert f"`{red.pop()}`" in GUIDE.read_text("utf-8")
    assert (clone / "people" / "index.json").is_file()


@pytest.mark.parametrize("command", ["make conformance", "make test"])
def test_ci_runs_what_sets_up_an_environment(command: str) -> None:
    """The commands that are not run here are in the README and in `.ci/run`."""
    steps = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()

    assert command in commands(README)
    assert any(line.startswith("step ") and line.endswith(command) for line in steps)


def test_make_does_what_the_pip_lines_say() -> None:
    """The README's lines for those without make are those of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("$(PYTHON)", "python3").replace("$(BIN)", ".venv/bin")
    recipe = makefile.replace("python -m pip install --quiet --disable-pip-version-check", "pip install")
    lines = [line.strip().removesuffix(" $(ARGS)") for line in recipe.splitlines()]

    assert set(SET_UP) - {"make conformance", "make test"} <= {*commands(README)}
    assert {"python3 -m venv .venv", ".venv/bin/pip install --requirement requirements.lock"} <= {*lines}
    assert ".venv/bin/pytest" in {*commands(README)} & {*lines}
