"""A badge for a README: the JSON that shields.io's endpoint badge reads (shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json

from ..model import Outcome
from .cells import EXERCISED, Document
from .overview import headline
from .verdicts_file import counts

_COLOURS = {
    Outcome.CONFORMS: "brightgreen",
    Outcome.VIOLATES: "red",
    Outcome.DEPARTS: "orange",
    Outcome.KNOWN: "orange",
    Outcome.BROKEN: "lightgrey",
}


def text(document: Document) -> str:
    """The badge's JSON: the verdict, and how many verdicts of those reached conform."""
    found = counts(document)
    asked = sum(found[outcome] for outcome in EXERCISED)
    said = headline(document)
    badge = {
        "schemaVersion": 1,
        "label": f"profilePhoto {document['edition']}",
        "message": f"{said.words.lower()} {found['conforms']}/{asked}",
        "color": _COLOURS.get(said.outcome, "lightgrey"),
        "isError": said.outcome in (Outcome.BROKEN, Outcome.VIOLATES),
    }
    return json.dumps(badge, indent=1) + "\n"
