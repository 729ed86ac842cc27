"""All reports of a run, each written whole or not at all; those of an earlier run go first."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..causes import evidence, grouping
from . import exchanges as recorded
from . import verdicts_file
from .regenerate import drawn, page
from .verdicts_file import write_atomically

NAMES = ("verdicts.json", "exchanges.har", "junit.xml", "ctrf.json", "summary.md", "badge.json", "report.html")


def check(folder: Path) -> None:
    """See that reports can be written there. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()


def write(
    folder: Path, document: dict[str, Any], har: str, clean: Callable[[str], str], *, show_photos: bool = False
) -> None:
    """Write every report of a document; `clean` takes secrets out of each text once more.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / name).unlink(missing_ok=True)
    write_atomically(folder / "exchanges.har", clean(har))
    exchanges = recorded.read(folder / "exchanges.har")
    grouping.attach(document, evidence.seen(exchanges))
    text = clean(verdicts_file.text(document))
    write_atomically(folder / "verdicts.json", text)
    document = json.loads(text)  # what is drawn from here on is what was cleaned
    for name, text in drawn(document, exchanges).items():
        write_atomically(folder / name, clean(text))
        if name == "summary.md" and (step := os.environ.get("GITHUB_STEP_SUMMARY")):
            with Path(step).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(clean(text))
    page(document, exchanges, folder / "report.html", show_photos)
