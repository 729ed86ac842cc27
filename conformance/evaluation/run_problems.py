"""Problems of the run as a whole, reported once: the token is refused everywhere, the path is wrong.

Such a run says nothing about the contract. Its responses are set aside, so that every verdict is inconclusive and
gives the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

from ..catalogue.selectors import is_drawn
from ..media.header_fields import asks_for_claims, has_expired
from ..model import OWNED, Caller, CredentialKind, Exchange, Failure, FailureKind, Form, Probe, Recording, State
from ..reporting.printable import timestamp

WRONG_PATH = "no path is found (404): is the version segment of the base URL right?"
FEWEST = 8
"""The least number of responses from which a conclusion is drawn."""


def set_aside(recording: Recording, probes: Iterable[Probe], callers: Iterable[Caller] = ()) -> Recording:
    """The recording to evaluate: as it is, or without the responses that say nothing, and with a note why.

    Only planned requests are evidence: a target may refuse a random one before it checks the token.
    """
    asked = {probe.key: probe for probe in probes if probe.key in recording.exchanges}
    exchanges = dict(recording.exchanges)
    notes = list(recording.notes)

    def leave_out(keys: Iterable[str], why: str, kind: FailureKind = FailureKind.CREDENTIAL) -> None:
        for key in keys:
            failure = exchanges[key].failure or Failure(kind, why)
            exchanges[key] = replace(exchanges[key], answer=None, failure=failure)
        notes.append(why)

    if _wrong_path(asked, exchanges):
        leave_out(recording.exchanges, WRONG_PATH, FailureKind.UNREACHABLE)
    refused_callers: dict[str, list[str]] = {}
    without_scopes = {caller.label for caller in callers if caller.scopes is None}
    for caller, own in sorted(_by_caller(asked.values()).items()):
        planned = {key: exchanges[key] for key in own if not is_drawn(key)}
        statuses = {answer.status for exchange in planned.values() if (answer := exchange.answer)}
        if statuses == {401} and len(planned) > 1:
            refused_callers[caller] = own
        elif caller in without_scopes and (refused := _all_403(planned, asked)):
            leave_out(refused, f"every photo is 403 to {caller}, whose scopes are not known: are they enough?")
        elif late := _expired([exchanges[key] for key in own], planned.values()):
            of_token = [key for key in own if exchanges[key].id in late]
            leave_out(of_token, f"the token of {caller} expired during the run (401)")
    if refused_callers:
        leave_out(chain.from_iterable(refused_callers.values()), _refused_everywhere([*refused_callers]))
    return replace(recording, exchanges=exchanges, notes=tuple(notes))


def _by_caller(probes: Iterable[Probe]) -> dict[str, list[str]]:
    """The keys of the requests with each caller's token."""
    found: dict[str, list[str]] = {}
    for probe in probes:
        if _with_token(probe) and probe.credential.caller:
            found.setdefault(probe.credential.caller, []).append(probe.key)
    return found


def _refused_everywhere(callers: list[str]) -> str:
    named = ", ".join(callers[:5]) + (f" and {len(callers) - 5} more" if len(callers) > 5 else "")
    whose = f"the token of {named} is" if len(callers) == 1 else f"the tokens of {named} are"
    return f"{whose} refused everywhere (401): expired, for another target, or removed on the way?"


def _all_403(planned: Mapping[str, Exchange], asked: Mapping[str, Probe]) -> list[str]:
    """The keys of a caller's 403, if every response about a known owner is one, or about any where none is known."""
    refused = [key for key, exchange in planned.items() if exchange.answer and exchange.answer.status == 403]
    decisive = [key for key in planned if asked[key].state in OWNED] or list(planned)
    return refused if len(decisive) > 1 and {*decisive} <= {*refused} else []


def _wrong_path(asked: dict[str, Probe], exchanges: dict[str, Exchange]) -> bool:
    """Whether every response is 404, with a token and without; or with a token, when photos were requested."""
    asked = {key: probe for key, probe in asked.items() if not is_drawn(key)}
    everything = [each.answer.status for key, each in exchanges.items() if each.answer and not is_drawn(key)]
    tokenless = any(probe.credential.kind is CredentialKind.NONE for probe in asked.values())
    if tokenless and len(everything) >= FEWEST and set(everything) == {404}:
        return True
    found = [
        (probe, answer) for key, probe in asked.items() if _with_token(probe) and (answer := exchanges[key].answer)
    ]
    forms = {probe.shape.form for probe, _ in found if probe.state is State.PRESENT}
    return forms == set(Form) and len(found) >= FEWEST and {answer.status for _, answer in found} == {404}


def _expired(own: Iterable[Exchange], planned: Iterable[Exchange]) -> set[str]:
    """Ids of a caller's 401 that are about the token: claims challenges, and those that say that it expired.

    The latter are not believed where the token was accepted later.
    """
    challenged = {each.id for each in own if each.answer and asks_for_claims(each.answer)}
    said = [each for each in own if each.answer and has_expired(each.answer)]
    if not said:
        return challenged
    since = min(timestamp(each.started) + each.seconds for each in said)
    later = {each.answer.status for each in planned if each.answer and timestamp(each.started) > since}
    return challenged | ({each.id for each in said} if later <= {401} else set())


def _with_token(probe: Probe) -> bool:
    return probe.credential.kind is CredentialKind.TOKEN
