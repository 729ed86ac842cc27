"""What several tests of recordings need."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from conformance.target import target_file
from tests.e2e.recordings.other_tools import TOKEN, target


@pytest.fixture
def target_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reference tenant's target file; the tokens of the recordings stand in the environment."""
    for label, source in target_file.parse(tomllib.loads(target())).sources.items():
        monkeypatch.setenv(source.value, TOKEN if label == "user-1" else f"opaque-token-of-{label}")
    path = tmp_path / "target.toml"
    path.write_text(target(), encoding="utf-8")
    return path
