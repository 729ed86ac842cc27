"""Who may import whom: arrows between the rooms of the package point down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tree import PACKAGE, name, parsed, python

LEVELS = (
    {"__main__"},
    {"plugin", "fixture"},
    {"commands", "api"},
    {"sharing"},
    {"run"},
    {"recorded"},
    {"approach", "auto", "deviations", "portions", "replaying"},
    {"reporting", "items", "options", "exit_code"},
    {"reference", "faults", "lawful"},
    {"requirements", "exploration", "discovery", "sampling"},
    {"judging", "diagnosis"},
    {"recording"},
    {"planning"},
    {"requirement"},
    {"seen"},
    {"contract", "evidence"},
    {"edition", "model", "__version__"},
)
"""From the top down; a room imports what stands below it, and itself."""

NARROW = {
    "reference": {"contract", "model"},  # so that server and suite cannot be wrong together
    "reporting": {"contract", "model"},  # reports are drawn from data, and can be drawn again
    "faults": {"model"},
    "lawful": {"model"},
    "contract": {"model"},
    "evidence": {"model"},
    "model": set[str](),
}
"""Rooms that may see less than what stands below them."""

RANKS = {room: rank for rank, level in enumerate(LEVELS) for room in level}
FILES = python(PACKAGE)


def imported_rooms(path: Path) -> Iterator[str]:
    """The rooms of ours that a file imports, its own among them, late imports too."""
    package = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            parts = (*base, *(node.module.split(".") if node.module else ()))
            yield from [parts[0]] if parts else [alias.name for alias in node.names]


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_down(path: Path) -> None:
    """A file imports only from its own room and from rooms below it."""
    room = room_of(path)
    if room == "__init__":
        return
    allowed = NARROW.get(room, {below for below in RANKS if RANKS[below] > RANKS.get(room, len(LEVELS))})

    assert set(imported_rooms(path)) - {room} <= allowed


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_within_the_package_are_relative(path: Path) -> None:
    """No file names the package, since the wheel gives it another name."""
    absolute = [
        told
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0)
        for told in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if told and told.split(".")[0] in ("conformance", "photo_conformance", "tests")
    ]

    assert absolute == []


def test_every_room_has_its_place() -> None:
    """A new room is given a level before anything imports it."""
    rooms = {room_of(path) for path in FILES} - {"__init__"}

    assert rooms - set(RANKS) == set()


def test_only_the_command_line_imports_the_plugin() -> None:
    """pytest loads the plugin; nothing else depends on it but the command that starts pytest."""
    importers = {name(path) for path in FILES if "plugin" in imported_rooms(path)}

    assert importers <= {"conformance/__main__.py"}


def test_only_the_recording_opens_sockets_to_a_target() -> None:
    """The recording owns the only client; the reference server listens, and nothing else knows a socket."""
    clients = {"socket", "http", "urllib3", "requests", "ssl"}
    users = {
        room_of(path)
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0)
        for told in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if told.split(".")[0] in clients and told != "http.cookies"
    }

    assert users <= {"recording", "reference"}
