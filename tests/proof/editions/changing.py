"""Responses of an in-process run changed by the request, where a place says too little (methods, headers, keys)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from conformance.model import Answer, Probe, Recording
from tests.in_process import InProcessRun
from tests.proof.faults.matrix import matrix_of

Change = Callable[[Probe, Answer], Answer | None]
"""The answer in place of the one that was due, or None to leave it."""


def changed(conforming: InProcessRun, change: Change) -> Recording:
    """The good recording with each answer changed."""
    exchanges = {}
    for key, (probe, _, exchange) in conforming.good.items():
        answer = change(probe, exchange.answer) if exchange.answer else None
        exchanges[key] = exchange if answer is None else replace(exchange, answer=answer)
    return Recording(exchanges)


def named(conforming: InProcessRun, change: Change) -> set[str]:
    """The requirements that the changed recording violates or departs from; unchanged it conforms wholly."""
    exchanges = changed(conforming, change).exchanges
    return set(matrix_of(conforming).evaluated({k: e for k, e in exchanges.items() if e is not conforming.good[k][2]}))


def with_header(answer: Answer, name: str, value: str | None) -> Answer:
    """The answer with another value of a header field, or without it."""
    others = tuple(field for field in answer.headers if field[0].lower() != name.lower())
    return replace(answer, headers=others if value is None else (*others, (name, value)))


def refused(status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """An error as the service words it."""
    value = {"Content-Type": "application/json", "OData-Version": "4.0"} | dict(headers or {})
    return Answer(status, tuple(value.items()), b'{"error": {"code": "Some", "message": "Some reason."}}')
