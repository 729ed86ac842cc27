"""One recording for all processes of a run: under pytest-xdist one worker records, the others read what it recorded."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model import Cell, UsageProblem
from ..recording import har_writer
from .run import Progress, Run

STOP = "stop"
STOPPED_WITHIN = 5.0
"""Seconds; a request under way ends at once, and its answers are written in less."""


@dataclass
class Sharing:
    """Where the recording is shared; None: this process is the only one."""

    folder: Path | None = None
    _kept: Any = None
    _nodes: _Nodes | None = None

    @classmethod
    def of(cls, config: Any, run: Run) -> Sharing:
        """For a worker, the folder that the controller named; for a controller of workers, a new one.

        Raises:
            UsageProblem: there are more owners than a recording is shared of.
        """
        worker = getattr(config, "workerinput", None)
        if worker is not None:
            return cls(Path(worker["photo_sharing"]))
        if config.getoption("dist", "no") == "no":
            return cls()
        if run.large:
            raise UsageProblem("-n: expected at most 500 owners, or --sample; --shard divides a run over machines")
        kept = tempfile.TemporaryDirectory(prefix="photo-conformance-")
        nodes = _Nodes(kept.name)
        config.pluginmanager.register(nodes, "photo-conformance-nodes")
        return cls(Path(kept.name), kept, nodes)

    def record(self, run: Run, chosen: Sequence[Cell], progress: Progress | None) -> None:
        """Record, unless another process has; then read what that one recorded."""
        if self.folder is None or run.cassette is not None:
            run.record(chosen, progress)
            return
        from filelock import FileLock  # late: a run in one process needs none

        cassette = self.folder / "exchanges.har"
        with FileLock(self.folder / "lock"):
            if not cassette.exists():
                try:
                    run.record(chosen, self._until_stopped(progress))
                finally:
                    if run.started:  # also what came before an interrupt: the controller reports on it
                        part = cassette.with_suffix(".part")
                        part.write_text(run.har(), encoding="utf-8")
                        part.rename(cassette)
                return
        run.replay(chosen, har_writer.load(cassette))

    def _until_stopped(self, progress: Progress | None) -> Progress:
        """A progress that breaks off when the controller was interrupted: the signal reaches nobody else."""
        assert self.folder is not None  # noqa: S101 - whoever shares has one
        stop = self.folder / STOP

        def told(done: int, total: int) -> None:
            if stop.exists():
                raise KeyboardInterrupt
            if progress:
                progress(done, total)

        return told

    def stop(self) -> None:
        """Let the worker that records break off, and wait until what it has is there, a few seconds at most."""
        if self.folder is None or self._nodes is None:
            return
        (self.folder / STOP).touch()
        due = time.monotonic() + STOPPED_WITHIN
        while (self.folder / "lock").exists() and not (self.folder / "exchanges.har").exists():
            if time.monotonic() > due:
                return
            time.sleep(0.05)

    def recorded(self, run: Run, chosen: Sequence[Cell]) -> bool:
        """Whether there is something to report on; a controller takes what its workers recorded."""
        if self.folder is not None and not run.chosen:
            names = self._nodes.selected if self._nodes else set()
            cells = chosen or [cell for cell in run.cells if cell.name in names]
            cassette = self.folder / "exchanges.har"
            if cells and run.cassette is not None:
                run.record(cells)
            elif cells and cassette.exists():
                with contextlib.suppress(har_writer.UnreadableRecording):
                    run.replay(cells, har_writer.load(cassette))
        return bool(run.started)


@dataclass
class _Nodes:
    """Tells each worker where the recording is shared, and keeps the names of the items that they selected."""

    folder: str
    selected: set[str] = field(default_factory=set)

    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        self.selected |= {name.rpartition("::")[2] for name in ids}

    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["photo_sharing"] = self.folder
