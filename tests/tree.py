"""The project's own files, as a fresh clone has them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "conformance"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file but those that .gitignore names, and git's own; below the project's root."""
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    ignored = {line.strip("/") for line in lines if not line.startswith("!")}
    return tuple(sorted(_walk(ROOT, ignored | {".git"})))


def _walk(folder: Path, ignored: set[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in ignored and not any(path.match(name) for name in ignored):
                yield from _walk(path, ignored)
        elif folder.name != "reports" or path.name == "README.md":
            yield path


def python(folder: Path) -> list[Path]:
    """The Python files below a folder."""
    return [path for path in files() if path.suffix == ".py" and path.is_relative_to(folder)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Every function of a file, methods and inner ones too."""
    return (node for node in ast.walk(parsed(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
