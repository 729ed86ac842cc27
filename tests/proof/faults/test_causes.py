"""No likely cause is named for a fault that it does not describe, and one fault is one cause or two."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from conformance.causes import grouping
from conformance.causes.evidence import Seen
from conformance.evaluation.found import BAD
from conformance.faults import FAULTS
from conformance.model import Exchange, Probe
from tests.proof.faults.matrix import faulted, matrix

DESCRIBES = {
    "missing-routes": ("operation.gone-photo.", "operation.gone-metadata.", "narrow.gone.", "status.photo.404"),
    "octet-stream": ("type.photo.octet-stream",),
    "base64-body": ("picture.is.base64", "picture.is.data-url"),
    "text-decoder": ("picture.is.replacement-signs",),
    "other-edition": ("property.id-spelt.small-x",),
    "one-picture-for-all": ("relation.one-picture-for-all",),
}
"""Likely causes, by the beginnings of the names of the faults that they describe."""
SOME = sorted(
    set({fault.rpartition(".")[0]: fault for fault in FAULTS}.values())
    | {fault for fault in FAULTS for starts in DESCRIBES.values() if fault.startswith(starts)}
)
"""One fault of each kind, and all that some likely cause describes."""


def seen(probe: Probe, exchange: Exchange) -> Seen:
    answer = exchange.answer
    return Seen(
        id=probe.key,
        url=exchange.request.url,
        status=answer.status if answer else 0,
        headers={name.lower(): value for name, value in answer.headers} if answer else {},
        body=answer.body if answer else b"",
        shape=probe.shape.key,
        state=probe.state,
        owner=probe.owner.label,
        kind=probe.request_kind,
        caller=probe.credential.caller or "",
        credential=probe.credential.kind,
    )


@cache
def good() -> dict[str, Seen]:
    return {key: seen(probe, exchange) for key, (probe, _, exchange) in matrix().conforming.good.items()}


def causes(name: str) -> list[str]:
    """Ids of the causes of a fault."""
    changed = faulted(matrix().conforming, FAULTS[name])
    verdicts: list[dict[str, Any]] = [
        {
            "requirement": case.cell.requirement, "level": "MUST", "cites": "S1", "variant": case.cell.variant,
            "form": case.cell.form, "addressing": case.cell.addressing, "state": case.cell.state,
            "case": case.cell.name, "outcome": found.outcome, "reason": found.reason, "blocked_by": None,
            "exchanges": [probe.key for probe in found.probes],
            "findings": [{"at": each.at, "wanted": each.wanted, "got": each.got} for each in found.findings],
        }
        for case, found in matrix().found(changed)
        if found.outcome in BAD
    ]  # fmt: skip
    document = {"verdicts": verdicts, "edition": "v1.0-2016", "target": {"base_url": "http://127.0.0.1:8080/v1.0"}}
    now = {**good(), **{key: seen(matrix().conforming.good[key][0], exchange) for key, exchange in changed.items()}}
    return [cause["id"] for cause in grouping.causes(document, now)]


@pytest.mark.parametrize("name", SOME)
def test_a_likely_cause_is_named_where_it_describes_the_fault(name: str) -> None:
    """A fault that a likely cause describes may be named by it, and no other is."""
    found = causes(name)
    likely = {cause.removeprefix("likely.") for cause in found if cause.startswith("likely.")}
    assert likely <= {cause for cause, starts in DESCRIBES.items() if name.startswith(starts)}
    assert len(found) <= 2, found


@pytest.mark.parametrize("likely", DESCRIBES)
def test_each_of_them_is_named_for_some_fault(likely: str) -> None:
    """Each likely cause that describes a fault of the matrix is found there."""
    assert any(f"likely.{likely}" in causes(name) for name in SOME if name.startswith(DESCRIBES[likely]))
