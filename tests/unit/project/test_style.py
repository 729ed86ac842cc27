"""The style of the project: sizes, sentences, and no path of a machine."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet

from tests.tree import PACKAGE, ROOT, Function, files, functions, name, parsed, python

LINES, BODY, REQUIREMENT = 300, 40, 15
CODE = [*python(PACKAGE), *python(ROOT / "tests"), *python(ROOT / "docs"), ROOT / "conftest.py"]
TESTS = [path for path in python(ROOT / "tests") if path.name.startswith("test_")]
REQUIREMENTS = [path for path in python(PACKAGE / "requirements") if path.name.startswith("test_")]
VAGUE = ("utils", "util", "helpers", "helper", "manager", "managers", "common", "misc")


def own_lines(function: Function) -> int:
    """The lines of a body, but for its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def too_long(paths: list[Path], limit: int) -> dict[str, int]:
    by_name = {f"{name(path)}::{function.name}": own_lines(function) for path in paths for function in functions(path)}
    return {function: lines for function, lines in by_name.items() if lines > limit}


def test_files_are_short() -> None:
    """A file has at most 300 lines."""
    by_name = {name(path): len(path.read_text("utf-8").splitlines()) for path in CODE}

    assert {file: lines for file, lines in by_name.items() if lines > LINES} == {}


def test_functions_are_short() -> None:
    """A function has at most 40 lines."""
    assert too_long(CODE, BODY) == {}


def test_requirements_are_short() -> None:
    """A requirement has at most 15 lines."""
    assert too_long(REQUIREMENTS, REQUIREMENT) == {}


def test_no_module_has_a_vague_name() -> None:
    """Modules are called for what is in them."""
    assert [name(path) for path in CODE if path.stem in VAGUE or path.parent.name in VAGUE] == []


def test_every_test_states_a_behaviour() -> None:
    """The docstring of a test is a sentence."""
    assert [
        f"{name(path)}::{test.name}"
        for path in TESTS
        for test in named_tests(path)
        if not is_sentence(ast.get_docstring(test))
    ] == []


def test_every_requirement_is_a_sentence() -> None:
    """The docstring of a requirement is its clause, as a sentence."""
    assert [
        f"{name(path)}::{f.name}"
        for path in REQUIREMENTS
        for f in functions(path)
        if f.name.startswith("test_") and not is_sentence(ast.get_docstring(f))
    ] == []


def named_tests(path: Path) -> list[Function]:
    """The tests of a file, in classes too; not what they define inside."""
    bodies = [parsed(path).body, *(node.body for node in parsed(path).body if isinstance(node, ast.ClassDef))]
    found = [node for body in bodies for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [function for function in found if function.name.startswith("test_")]


def is_sentence(docstring: str | None) -> bool:
    first = (docstring or "").split("\n\n")[0].strip()
    return len(first.split()) > 3 and first.endswith((".", ".)")) and not first.startswith("Test ")


def test_every_test_asserts() -> None:
    """A test that cannot fail is no test."""
    assert [
        f"{name(path)}::{test.name}" for path in TESTS for test in named_tests(path) if not asserts(test, parsed(path))
    ] == []


def asserts(function: Function, module: ast.Module, depth: int = 2) -> bool:
    """Whether there is an assertion in a function, or in one of the same file that it calls."""
    called = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            value = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if value in ("raises", "fail") or value.startswith(("assert_", "fnmatch_lines")):
                return True
            called.add(value)
    near = (node for node in module.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return depth > 0 and any(asserts(other, module, depth - 1) for other in near if other.name in called)


FORBIDDEN = re.compile(
    r"/work/(?:main|shared|\.library|\.mirror)|/tmp/(?:briefs|bash_jobs)|/roo[t]/|/home/[a-z]|/Users/[a-z]|/opt/[a-z]"
    r"|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|docker\.io|ghcr\.io|quay\.io|crates\.io|golang\.org|deb\.debian\.org"
)


def test_no_file_names_a_machine_or_a_registry() -> None:
    """No file names a path of the machine it was written on, nor the host of a package registry."""
    found = []
    for path in files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{name(path)}: {match[0]}" for match in FORBIDDEN.finditer(text)]

    assert found == []


def test_the_five_packages_are_used() -> None:
    """pytest, requests, jsonschema, schemathesis and pytest-html are imported, each where it works."""
    imported = {
        (path.parent.name, module.partition(".")[0])
        for path in python(PACKAGE)
        for node in ast.walk(parsed(path))
        for module in imports(node)
    }
    used = {"pytest_plugin": "pytest", "client": "requests", "spec": "jsonschema", "fuzzing": "schemathesis"}

    assert {*used.items(), ("pytest_plugin", "pytest_html")} - imported == set()


def imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def test_the_lock_pins_what_the_project_names() -> None:
    """Every package of pyproject.toml has a pin in requirements.lock, and the lock holds pins alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *project["dependency-groups"]["dev"],
    ]
    wanted = {plain(re.split(r"[<>=!~;\[ ]", one)[0]) for one in named}
    lines = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if not line.startswith("#")]

    assert [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+==[0-9][A-Za-z0-9.]*", line)] == []
    assert wanted - {plain(line.split("==")[0]) for line in lines} == set()


def plain(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def test_the_lock_is_of_versions_that_the_project_takes() -> None:
    """No pin is older than the least version that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pins = dict(line.split("==") for line in (ROOT / "requirements.lock").read_text("utf-8").split() if "==" in line)
    asked = [one.split(">=") for one in project["project"]["dependencies"] if ">=" in one]

    assert [each for each, least in asked if numbers(pins[plain(each)]) < numbers(least)] == []


def test_the_lock_is_for_the_oldest_python_that_the_project_takes() -> None:
    """No pinned package wants a later patch of Python: Debian 12 has 3.11.2."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    oldest = project["project"]["requires-python"].removeprefix(">=") + ".0"
    pinned = [line.split("==")[0] for line in (ROOT / "requirements.lock").read_text("utf-8").split() if "==" in line]
    takes = {each: SpecifierSet(str(metadata(each).json.get("requires_python", ""))) for each in pinned}

    assert [each for each, versions in takes.items() if not versions.contains(oldest)] == []


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
