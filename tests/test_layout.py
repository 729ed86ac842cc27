"""Tests mirror the code: who looks for the tests of a module knows where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tree import PACKAGE, ROOT, name, python

PROVED_TOGETHER = {
    "requirements": "each is woken by its faults, and by no lawful difference: tests/faults, tests/lawful",
    "faults": "each is held to what it says it wakes: tests/faults",
    "lawful": "each is held to wake nothing: tests/lawful",
}
ELSEWHERE = {
    "conformance/edition.py": "tests/contract/test_description.py",
    "conformance/model.py": "tests/test_layers.py",
    "conformance/recording/dialling.py": "tests/recording/test_roads.py",
    "conformance/planning/question.py": "tests/planning/test_plan.py",
    "conformance/planning/relating.py": "tests/planning/test_plan.py",
    "conformance/planning/identities.py": "tests/planning/test_plan.py",
    "conformance/planning/scope.py": "tests/planning/test_plan.py",
    "conformance/recording/credentials.py": "tests/recording/test_recorder.py",
    "conformance/recording/foreign.py": "tests/replay/test_foreign.py",
    "conformance/recording/head.py": "tests/recording/test_wire.py",
    "conformance/recording/message.py": "tests/recording/test_wire.py",
    "conformance/recording/placing.py": "tests/replay/test_foreign.py",
    "conformance/recording/stream.py": "tests/recording/test_wire.py",
    "conformance/recording/stripping.py": "tests/replay/test_foreign.py",
    "conformance/recording/tape.py": "tests/recording/test_har.py",
    "conformance/recording/trust.py": "tests/recording/test_roads.py",
    "conformance/replaying.py": "tests/replay/test_own.py",
    "conformance/reporting/html_data.py": "tests/reporting/test_html.py",
    "conformance/reporting/html_page.py": "tests/reporting/test_html.py",
    "conformance/reporting/markdown.py": "tests/reporting/test_summary.py",
    "conformance/run.py": "tests/test_plugin.py",
    "conformance/sharing.py": "tests/test_plugin.py",
}
"""Modules that are parts of a greater whole, and where that one is tested."""

MODULES = [
    path
    for path in python(PACKAGE)
    if path.name != "__init__.py" and path.relative_to(PACKAGE).parts[0] not in PROVED_TOGETHER
]


def usual(path: Path) -> str:
    return f"tests/{path.relative_to(PACKAGE).with_name('test_' + path.name)}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_has_tests(path: Path) -> None:
    """The tests of `conformance/room/module.py` are in `tests/room/test_module.py`, or where this file says."""
    assert (ROOT / ELSEWHERE.get(name(path), usual(path))).is_file()


def test_no_exception_outlives_its_need() -> None:
    """What is tested elsewhere is there, and has no tests in the usual place."""
    needless = {told for told in ELSEWHERE if not (ROOT / told).is_file() or (ROOT / usual(ROOT / told)).exists()}

    assert needless == set()
