"""The fixture for tests of users' own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.suite import ROOT, server

pytestmark = pytest.mark.whole

TESTS = '''
def test_it_conforms(photo_conformance):
    """The mock obeys the contract."""
    photo_conformance(only="picture.is-a-picture*", target={target!r}).raise_for_violations()


def test_it_is_reported(photo_conformance):
    """The other port is reported as unreachable."""
    assert photo_conformance("http://127.0.0.1:9/v1.0", only="credentials.*", deadline=2).exit_code == 6
'''


def test_a_users_own_tests_call_it(tmp_path: Path) -> None:
    """A conftest that loads the fixture gives it to tests, with pytest-base-url's base URL as the default."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["conformance.pytest_plugin.fixture"]\n')
    with server(tmp_path) as running:
        (tmp_path / "test_mine.py").write_text(TESTS.format(target=str(running.target)))
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--base-url={running.base_url}", "."],
            cwd=tmp_path, env={"PYTHONPATH": str(ROOT), **running.tokens}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert "2 passed" in done.stdout, done.stdout
