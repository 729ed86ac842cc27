"""Markers and names of the suite's own tests, and Ctrl-C as a terminal sends it."""

from __future__ import annotations

import gc
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

INTEROP = Path(__file__).parent / "interop"

# Neither is a fault of what is tested: workers share the processor.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")
# Conforming runs are kept for all tests of a process: looking through them for garbage took a sixth of the time.
gc.set_threshold(100_000, 10, 50)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes seconds, or measures them; `make interop` runs it")
    config.addinivalue_line("markers", "whole: evaluates whole runs, for seconds; `make test-fast` leaves it out")
    config.addinivalue_line("markers", "interop: runs other people's programs; `make interop` runs it")
    # Here, and not in the ini file, where it would hold for conformance runs: the warnings of their neighbours too.
    config.addinivalue_line("filterwarnings", "error")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell leaves it for what runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their argument: packed data holds the time, and each worker must collect the same names."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(INTEROP):
            item.add_marker(pytest.mark.interop)
