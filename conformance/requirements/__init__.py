"""What must hold, one chapter of the contract a file. Importing this package fills the catalogue, in reading order."""

from __future__ import annotations

import importlib
from pathlib import Path

from ..catalogue.requirement import CATALOGUE

FOLDER = Path(__file__).parent
CHAPTERS = (
    "http", "picture", "metadata", "annotations", "placeholder", "undeclared", "unknown", "credentials", "permissions",
    "options", "relations", "errors", "sizes", "odata", "exploration",
)  # fmt: skip

for _chapter in CHAPTERS:
    importlib.import_module(f".test_{_chapter}", __package__)

__all__ = ["CATALOGUE", "CHAPTERS", "FOLDER"]
