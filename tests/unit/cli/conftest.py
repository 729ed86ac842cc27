from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.runs import reports


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of a run on the reference service."""
    return reports(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of a run on one whose ids are in lower case."""
    return reports(tmp_path_factory.mktemp("bad"), lower=True)
