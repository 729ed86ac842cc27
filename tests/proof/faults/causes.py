"""The causes of a fault of the matrix, and which likely causes describe which faults."""

from __future__ import annotations

from functools import cache
from typing import Any

from conformance.causes import grouping
from conformance.causes.evidence import Seen
from conformance.reporting.outcomes import BAD
from tests.proof.faults.matrix import Matrix, found, showing
from tests.proof.likely import document, seen

DESCRIBES = {
    "missing-routes": ("operation.gone-photo.", "operation.gone-metadata.", "narrow.gone.", "status.photo.404"),
    "octet-stream": ("type.photo.octet-stream",),
    "compressed": ("body.is.gzip-unsaid", "picture.is.gzip-unsaid"),
    "base64-body": ("picture.is.base64", "picture.is.data-url"),
    "text-decoder": ("picture.is.replacement-signs", "picture.is.crlf"),
    "other-edition": ("property.id-spelt.small-x",),
    "nothing-matches": ("status.crash.unknown",),
    "any-id-is-found": ("narrow.unknown.", "status.unknown.200"),
    "one-picture-for-all": ("relation.one-picture-for-all",),
}
"""Likely causes, by the beginnings of the names of the faults that they describe."""


@cache
def _good(matrix: Matrix) -> dict[str, Seen]:
    return {key: seen(probe, exchange) for key, (probe, _, exchange) in matrix.conforming.good.items()}


def causes(name: str) -> list[str]:
    """Ids of the causes of a fault."""
    changed, verdicts = found(name)
    bad: list[dict[str, Any]] = [
        {
            "requirement": case.cell.requirement, "level": "MUST", "cites": "S1", "variant": case.cell.variant,
            "form": case.cell.form, "addressing": case.cell.addressing, "state": case.cell.state,
            "case": case.cell.name, "outcome": verdict.outcome, "reason": verdict.reason, "blocked_by": None,
            "exchanges": [probe.key for probe in verdict.probes],
            "findings": [{"at": each.at, "wanted": each.wanted, "got": each.got} for each in verdict.findings],
        }
        for case, verdict in verdicts
        if verdict.outcome in BAD
    ]  # fmt: skip
    good = showing(name).conforming.good
    now = {**_good(showing(name)), **{key: seen(good[key][0], exchange) for key, exchange in changed.items()}}
    return [cause["id"] for cause in grouping.causes(document(bad), now)]


def described_by(name: str) -> set[str]:
    """Ids of the likely causes that describe the fault."""
    return {f"likely.{cause}" for cause, starts in DESCRIBES.items() if name.startswith(starts)}
