"""Likely causes over runs in one process: what their rules see of an exchange, and which of them fire."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conformance.causes import grouping
from conformance.causes.evidence import Evidence, Seen
from conformance.model import Exchange, Probe


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
        failure=exchange.failure.kind if exchange.failure else "",
    )


def document(verdicts: list[dict[str, Any]], edition: str = "v1.0-2016") -> dict[str, Any]:
    return {"verdicts": verdicts, "edition": edition, "target": {"base_url": "http://127.0.0.1:8080/v1.0"}}


def firing(exchanges: Iterable[tuple[Probe, Exchange]], edition: str) -> list[str]:
    """The rules that take these exchanges for what they describe, whatever the verdicts on them are."""
    evidence = Evidence(document([], edition), {probe.key: seen(probe, exchange) for probe, exchange in exchanges})
    return [name for name, rule in grouping.RULES.items() if rule(evidence)]
