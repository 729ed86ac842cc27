"""In which order requests are sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from ..model import Probe
from ..spec.request_kinds import AGAIN, PLAIN


def waves(probes: list[Probe]) -> list[list[Probe]]:
    """Plain requests, then all others, then repeated ones: a cache is filled before requests without a token."""
    names = {PLAIN.name: 0, AGAIN.name: 2}
    found: list[list[Probe]] = [[], [], []]
    for probe in probes:
        found[names.get(probe.request_kind, 1)].append(probe)
    return [wave for wave in found if wave]


def interleaved(probes: Iterable[Probe]) -> list[Probe]:
    """One probe of each operation in turn, so that a hanging one does not block all threads; else in given order."""
    queues: dict[str, deque[Probe]] = {}
    for probe in probes:
        queues.setdefault(probe.shape.operation.id, deque()).append(probe)
    order: list[Probe] = []
    while queues:
        order += [waiting.popleft() for waiting in queues.values()]
        queues = {operation: waiting for operation, waiting in queues.items() if waiting}
    return order
