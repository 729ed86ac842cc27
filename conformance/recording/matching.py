"""Which answer of a foreign recording answers which probe of the plan; the others are held to what holds everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..auth.claims import Claims
from ..media.header_fields import wait_asked_for
from ..model import Answer, Credential, CredentialKind, Exchange, Failure, FailureKind, Probe, State
from ..spec import Contract
from ..spec.request_kinds import HEAD, KEYED, OWN_TAG
from ..target.tenant import Tenant
from .har_import import Asked, Params, Reading, decoded

_OWN_TERMS = ("range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range")
"""Header fields of a request that call for another answer than a plain one gets."""
_OTHER_MEANS = (HEAD.name, OWN_TAG.name, KEYED.name)

_Place = tuple[str, Params]
_Question = tuple[_Place, str, CredentialKind, int, str | None]


@dataclass
class Matched:
    """Exchanges by probe key. `extra`: probes for entries that no question of the plan asks."""

    exchanges: dict[str, Exchange] = field(default_factory=dict)
    extra: list[Probe] = field(default_factory=list)
    foreign_secrets: int = 0
    """Entries about owners whose state nothing tells."""
    others: int = 0
    """Entries that bear another token than most: nothing says whose."""


def place(
    reading: Reading, probes: Sequence[Probe], tenant: Tenant, contract: Contract, claims: Mapping[str, Claims]
) -> Matched:
    """Give every entry to the first probe that asks the same and has no answer yet; a later one answers `again`."""
    several = len({owner.caller for owner in tenant.owners if owner.caller}) > 1
    waiting, known = _index((probe for probe in probes if not (reading.bare and several and _mine(probe))), contract)
    callers = _whose(reading, tenant, claims)
    matched = Matched()
    for one in _without_waits(_with_credentials(reading, tenant.default, callers)):
        if one.credential.kind is CredentialKind.TOKEN and one.credential.caller is None:
            matched.others += 1
            continue
        free = [] if _on_own_terms(one) else waiting.get(_question(one), [])
        if free:
            matched.exchanges[free.pop(0).key] = one.exchange
        elif probe := _extra(one, known, len(matched.extra) + 1):
            matched.extra.append(probe)
            matched.exchanges[probe.key] = one.exchange
        else:
            matched.foreign_secrets += 1
    return matched


def _mine(probe: Probe) -> bool:
    """Whether nothing in the path says whose photo it is."""
    return probe.shape.operation.signed_in and probe.credential.kind is CredentialKind.TOKEN


def _whose(reading: Reading, tenant: Tenant, claims: Mapping[str, Claims]) -> dict[str, str]:
    """Callers by the tokens that entries bear: by what a token says of its holder; else the default caller's is the
    one that most of them bear. Two tokens of one caller must be good for the same.
    """
    borne = Counter(one.credential.caller for one in reading.asked if one.credential.caller)
    found: dict[str, str] = {}
    scopes: dict[str, frozenset[str] | None] = {}
    for rank, (token, _) in enumerate(borne.most_common()):
        told = claims.get(token)
        caller = _named(told, tenant) if told else None
        if caller is None and rank == 0 and not (told and _contradicts(told, tenant)):
            caller = tenant.default
        own = told.scopes if told else frozenset((token,))
        if caller is not None and scopes.setdefault(caller, own) == own:
            found[token] = caller
    return found


def _named(told: Claims, tenant: Tenant) -> str | None:
    """The caller whose token it says it is."""
    callers = [one for one in tenant.callers if one.label not in tenant.identities]
    return next((one.label for one in callers if _is(told, one.user_id, one.user_upn)), None)


def _is(told: Claims, user_id: str | None, user_upn: str | None) -> bool:
    if told.user_id and user_id:
        return told.user_id == user_id
    return bool(told.user_upn and user_upn) and str(told.user_upn).casefold() == str(user_upn).casefold()


def _contradicts(told: Claims, tenant: Tenant) -> bool:
    """Whether the token says that it is somebody else's than the default caller's."""
    default = tenant.caller_by_label.get(tenant.default or "")
    return bool(default and ((told.user_id and default.user_id) or (told.user_upn and default.user_upn)))


def _index(
    probes: Iterable[Probe], contract: Contract
) -> tuple[dict[_Question, list[Probe]], dict[tuple[_Place, bool], Probe]]:
    """Probes by what they ask; and one probe for every place, with and without a good token."""
    waiting: dict[_Question, list[Probe]] = {}
    known: dict[tuple[_Place, bool], Probe] = {}
    for probe in probes:
        path, _, query = probe.target.partition("?")
        match = contract.match(path)
        if match is None or probe.state is State.SCOPED or probe.headers or probe.request_kind in _OTHER_MEANS:
            continue
        asked = (match.operation.id, tuple(match.params.items()))
        kind, variety = probe.credential.kind, probe.credential.variety
        caller = probe.credential.caller if kind is CredentialKind.TOKEN else None
        waiting.setdefault((asked, decoded(query), kind, variety, caller), []).append(probe)
        known.setdefault((asked, probe.state is State.NO_CREDENTIALS), probe)
    return waiting, known


def _question(asked: Asked) -> _Question:
    credential = asked.credential
    caller = credential.caller if credential.kind is CredentialKind.TOKEN else None
    return (asked.operation.id, asked.params), asked.query, credential.kind, credential.variety, caller


def _extra(asked: Asked, known: Mapping[tuple[_Place, bool], Probe], number: int) -> Probe | None:
    """A probe of its own for an entry about an owner who is known, or about any without a good token."""
    bare = asked.credential.kind is not CredentialKind.TOKEN
    place = (asked.operation.id, asked.params)
    alike = known.get((place, bare)) or (known.get((place, False)) if bare else None)
    if alike is None:
        return None
    return replace(
        alike,
        key=f"{alike.shape.key}/{alike.owner.label}/entry-{number}",
        request_kind=f"entry-{number}",
        state=State.NO_CREDENTIALS if bare else alike.state,
        target=asked.target,
        credential=replace(asked.credential, caller=alike.credential.caller),
    )


def _with_credentials(reading: Reading, default: str | None, callers: Mapping[str, str]) -> Iterator[Asked]:
    """Entries with callers of the directory, None where nothing says whose token it is.

    Where no entry holds Authorization the exporter left it out: what was not refused was asked with a token.
    """
    for one in reading.asked:
        refused = one.exchange.answer is not None and one.exchange.answer.status == 401
        if reading.bare and not refused:
            yield replace(one, credential=Credential(caller=default))
        else:
            yield replace(one, credential=replace(one.credential, caller=callers.get(one.credential.caller or "")))


def _on_own_terms(asked: Asked) -> bool:
    """Whether no plain answer is due: asked under conditions, or by a path that only OData's lenient readings take."""
    exchange = asked.exchange
    path = asked.target.partition("?")[0]
    return (
        any(name.lower() in _OWN_TERMS for name, _ in exchange.request.headers)
        or (exchange.answer is not None and exchange.answer.status == 304)
        or path.count("/") != asked.operation.template.count("/")
    )


def _without_waits(every: Iterable[Asked]) -> Iterator[Asked]:
    """An answer that asked to wait belongs to the next one to the same request; without a next one none has come."""
    waits: dict[object, list[tuple[Asked, Answer]]] = {}
    for one in every:
        same = (one.operation.id, one.params, one.query, one.credential)
        answer = one.exchange.answer
        if answer is not None and wait_asked_for(answer) is not None:
            waits.setdefault(same, []).append((one, answer))
            continue
        before = tuple(answer for _, answer in waits.pop(same, []))
        yield replace(one, exchange=replace(one.exchange, throttled=before)) if before else one
    for still in waits.values():
        last, _ = still[-1]
        failure = Failure(FailureKind.THROTTLED, "in the recording: the target asked to wait, and was not asked again")
        before = tuple(answer for _, answer in still)
        yield replace(last, exchange=replace(last.exchange, answer=None, failure=failure, throttled=before))
