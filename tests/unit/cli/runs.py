"""Two runs to compare: on the reference service, and on one whose photos' ids are in lower case."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from conformance.reporting import verdicts_file
from conformance.runner.evaluated import Evaluated
from tests.e2e.recordings.evaluating import prepared, run_of, written
from tests.e2e.recordings.other_tools import TOKEN, Entry, everything, plainly, target


def recorded(folder: Path, *, lower: bool = False, **values: Any) -> Evaluated:
    """A run that was recorded, without a socket."""
    (folder / "target.toml").write_text(target(), encoding="utf-8")
    entries = [_lower(entry) if lower else entry for entry in everything(plainly)]
    begun = prepared(recording=written(folder, entries), target=folder / "target.toml", **values)
    return run_of(begun, begun.cells, {"ADELE_TOKEN": TOKEN})


def _lower(entry: Entry) -> Entry:
    content = entry["response"]["content"]
    if "encoding" in content:
        return entry
    lowered = re.sub("([0-9]{2})X", r"\1x", content["text"])
    return {**entry, "response": {**entry["response"], "content": {**content, "text": lowered}}}


def reports(folder: Path, *, lower: bool = False) -> Path:
    """The folder with `verdicts.json` and `exchanges.har` of such a run."""
    folder.mkdir(parents=True, exist_ok=True)
    made = recorded(folder, lower=lower)
    (folder / "verdicts.json").write_text(verdicts_file.text(made.document()), encoding="utf-8")
    (folder / "exchanges.har").write_text("".join(made.har().lines()), encoding="utf-8")
    return folder
