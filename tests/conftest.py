"""Markers of the suite's own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

INTEROP = Path(__file__).parent / "interop"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes more than five seconds; `make interop` runs it")
    config.addinivalue_line("markers", "interop: runs other people's programs; `make interop` runs it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(INTEROP):
            item.add_marker(pytest.mark.interop)
