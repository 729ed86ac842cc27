"""A badge for a README: the JSON that shields.io's endpoint badge reads (shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json

from ..model import Outcome
from .cells import Document
from .conclusion import concluded
from .outcomes import EXERCISED
from .verdicts_file import counts


def text(document: Document) -> str:
    """The badge's JSON: the verdict, how many verdicts of those reached conform, and on how many operations."""
    found, said = counts(document), concluded(document)
    asked = sum(found[outcome] for outcome in EXERCISED)
    badge = {
        "schemaVersion": 1,
        "label": f"profilePhoto {document['edition']}",
        "message": f"{said.words.lower()} {found['conforms']}/{asked}" + (f", {said.partly}" if said.partly else ""),
        "color": said.colour,
        "isError": said.exit_code in (1, 3) or said.outcome is Outcome.VIOLATES,
    }
    return json.dumps(badge, indent=1) + "\n"
