"""What ails a run as a whole, told once: nobody is there, the token is refused everywhere, the path is wrong.

Such a run says nothing of the contract. Its answers are set aside, so that every verdict is inconclusive and gives
the same one reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .model import CredentialKind, Exchange, Failure, FailureKind, Probe, Recording, State

WRONG_PATH = "every path is answered 404, with a token and without: is the version segment of the base URL right?"
FEWEST = 8
"""Answers from which on "every one of them" says something."""


def set_aside(recording: Recording, probes: Iterable[Probe]) -> Recording:
    """The recording to be judged: as it is, or with the answers that say nothing set aside and a note why."""
    asked = {probe.key: probe for probe in probes if probe.key in recording.exchanges}
    exchanges = dict(recording.exchanges)
    notes = list(recording.notes)
    if _wrong_path(asked, exchanges):
        exchanges = {
            key: _without(exchange, FailureKind.UNREACHABLE, WRONG_PATH) for key, exchange in exchanges.items()
        }
        notes.append(WRONG_PATH)
    for caller in sorted({probe.credential.caller or "" for probe in asked.values()}):
        own = [probe.key for probe in asked.values() if _as(caller, probe)]
        statuses = {answer.status for key in own if (answer := exchanges[key].answer)}
        if statuses == {401} and len(own) > 1:
            why = f"the token of {caller} is refused everywhere (401): expired, or not for this target?"
            exchanges.update({key: _without(exchanges[key], FailureKind.CREDENTIAL, why) for key in own})
            notes.append(why)
    return replace(recording, exchanges=exchanges, notes=tuple(notes))


def _wrong_path(asked: dict[str, Probe], exchanges: dict[str, Exchange]) -> bool:
    """Whether owners with a photo and callers without a token were asked for, and all there ever was is 404."""
    statuses = [answer.status for exchange in exchanges.values() if (answer := exchange.answer)]
    kinds = {(probe.state, probe.credential.kind) for probe in asked.values()}
    expected = (State.PRESENT, CredentialKind.TOKEN) in kinds and (State.NO_CREDENTIALS, CredentialKind.NONE) in kinds
    return expected and len(statuses) >= FEWEST and set(statuses) == {404}


def _as(caller: str, probe: Probe) -> bool:
    return bool(caller) and probe.credential.kind is CredentialKind.TOKEN and probe.credential.caller == caller


def _without(exchange: Exchange, kind: FailureKind, why: str) -> Exchange:
    return replace(exchange, answer=None, failure=exchange.failure or Failure(kind, why))
