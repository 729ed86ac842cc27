"""Running the suite in this process, on a reference server or on a recording, and comparing what it says."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.model import Cell
from conformance.options import config
from conformance.runner.evaluated import Evaluated, evaluate
from conformance.runner.prepared import Prepared, prepare
from conformance.runner.record import record

Document = dict[str, Any]


def prepared(base_url: str | None = None, **values: Any) -> Prepared:
    """A run with these options, as values; no environment and no ini file."""
    if isinstance(recording := values.get("recording"), Path):
        values["recording"] = (recording,)
    return prepare(config.settle({**values, "base_url": base_url}))


def run(base_url: str | None = None, **values: Any) -> Evaluated:
    """A run of all cells."""
    begun = prepared(base_url, **values)
    return run_of(begun, begun.cells)


def run_of(begun: Prepared, cells: Sequence[Cell], environ: Mapping[str, str] = os.environ) -> Evaluated:
    """A run of these cells."""
    return evaluate(record(begun, cells, environ=environ))


def evaluated(base_url: str | None = None, **values: Any) -> Document:
    """The document of a run of all cells."""
    return run(base_url, **values).document()


def timeless(document: Document) -> str:
    """The document as it is written, but for its times."""
    return json.dumps({name: value for name, value in document.items() if name not in ("started", "finished")})


def outcomes(document: Document, *unlike: str) -> dict[tuple[str, str], str]:
    """Outcomes by requirement and case, those of the unlike left out."""
    return {
        (verdict["requirement"], verdict["case"]): verdict["outcome"]
        for verdict in document["verdicts"]
        if verdict["outcome"] not in unlike
    }


def reasons(document: Document, outcome: str) -> set[str]:
    """Why verdicts ended so."""
    return {verdict["reason"] for verdict in document["verdicts"] if verdict["outcome"] == outcome}


def written(folder: Path, entries: Iterable[Document], **log: Any) -> Path:
    """A HAR file of these entries."""
    path = folder / "recording.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries), **log}}), encoding="utf-8")
    return path
