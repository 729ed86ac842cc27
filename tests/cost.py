"""`python -m tests.cost FILE ARGUMENT …`: pytest with these arguments; FILE is cost_file what it cost."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import pytest

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Run:
    """What a run of pytest took, and how it ended."""

    code: int
    said: str
    seconds: float
    """On the wall, with the start of the process."""
    cpu: float
    """Seconds of the processor, those of child processes not among them."""
    megabytes: float
    """Of memory, at the most."""


def measured_pytest(arguments: list[str], env: Mapping[str, str], folder: Path) -> Run:
    """Run pytest at the root in a process of its own, and measure it; `folder` is made, and takes two files."""
    folder.mkdir(exist_ok=True)
    cost_file, said = folder / "cost.json", folder / "said.txt"
    started = perf_counter()
    with said.open("wb") as out:
        code = subprocess.run(
            [sys.executable, "-m", __name__, str(cost_file), *arguments],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    seconds = perf_counter() - started
    text = said.read_text("utf-8", "replace")
    if not cost_file.exists():
        raise RuntimeError(f"pytest ended with code {code} before it was measured:\n{text}")
    return Run(code, text, seconds, **json.loads(cost_file.read_text("utf-8")))


def main(file: str, *arguments: str) -> int:
    code = pytest.main(list(arguments))
    Path(file).write_text(json.dumps({"cpu": process_time(), "megabytes": _peak()}), encoding="utf-8")
    return code


def _peak() -> float:
    """Of this program alone: `ru_maxrss` begins with what the parent had when it forked, and that may be far more."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    if found is None:
        raise RuntimeError("/proc/self/status tells no VmHWM")
    return int(found[1]) / 1024


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
