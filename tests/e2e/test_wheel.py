"""The wheel: what is in it, under which names, and that it runs where no checkout is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.tree import PACKAGE, ROOT, files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_has_one_package_of_its_own_name(names: set[str]) -> None:
    """Nothing generic, such as `tests`, `conformance` or `schemas`, is put at the top of an environment."""
    top = {name.split("/")[0] for name in names}

    assert {name for name in top if not name.endswith(".dist-info")} == {"photo_conformance"}
    assert len(top) == 2


def test_the_wheel_has_the_package_whole(names: set[str]) -> None:
    """Code, templates, tables, descriptions and schemas are all in it."""
    packed = {PACKAGE: "photo_conformance", ROOT / "openapi": "photo_conformance/openapi",
              ROOT / "schemas": "photo_conformance/schemas"}  # fmt: skip
    wanted = {
        f"{inside}/{path.relative_to(folder).as_posix()}"
        for folder, inside in packed.items()
        for path in files()
        if path.is_relative_to(folder)
    }

    assert wanted - names == set()
    assert not [name for name in names if "test_wheel" in name or name.endswith(".pyc")]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An environment where the wheel's package is found, and the checkout's is not."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PHOTO_", "PYTEST_"))}
    return {**inherited, "PYTHONPATH": str(folder)}


def call(installed: Mapping[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "photo_conformance", *arguments]
    return subprocess.run(
        command, cwd=folder, env=dict(installed), capture_output=True, text=True, timeout=120, check=False
    )


def test_the_wheel_runs_from_an_empty_folder(installed: Mapping[str, str], tmp_path: Path) -> None:
    """Without a checkout the command holds the embedded server to the contract, and writes the reports here."""
    done = call(installed, tmp_path, "-q", "-k", "picture and group")

    assert done.returncode == 0, done.stdout + done.stderr
    assert {"report.html", "verdicts.json"} <= {path.name for path in (tmp_path / "reports").iterdir()}
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_the_wheel_knows_its_commands(installed: Mapping[str, str], tmp_path: Path) -> None:
    """`help` names the subcommands, and writes nothing."""
    done = call(installed, tmp_path, "help")

    assert (done.returncode, "compare" in done.stdout, list(tmp_path.iterdir())) == (0, True, [])


@pytest.mark.parametrize("conftest", ["", 'pytest_plugins = ["photo_conformance.pytest_plugin.fixture"]'])
def test_a_foreign_session_has_the_fixture(conftest: str, installed: Mapping[str, str], tmp_path: Path) -> None:
    """pytest finds it by itself, and a conftest that names it too changes nothing."""
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_mine.py").write_text("def test_it(photo_conformance):\n    assert photo_conformance\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis"]
    done = subprocess.run(command, cwd=tmp_path, env=dict(installed), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
