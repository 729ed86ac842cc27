"""Another tool's recording in place of a target: which response is due to which probe, and what became of the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from ..model import CredentialKind, Exchange, Probe, Recording, State
from ..model.probe import HEAD, KEYED, NO_SUCH_SIZE, OWN_TAG, PLAIN
from ..planning.plan import Plan
from ..spec import Edition
from ..target.target_file import DEFAULT_CALLER
from ..target.tenant import Tenant
from . import har_import, recorded_tenant, whose
from .har_import import Asked, Params, asked_for, comparable, counted
from .har_reader import Cassette
from .kept_credentials import NOT_SHOWN, digest
from .replay import Replay, Settle

_ADVICE = {
    "webinspector": 'in Chromium\'s DevTools, disable the cache and choose "Export HAR (with sensitive data)"; bodies '
    "read by fetch().blob() or arrayBuffer() may be missing: open the photo's URL in a tab, or record with a proxy",
    "firefox": "in Firefox, disable the cache and persist logs, and raise devtools.netmonitor.responseBodyLimit",
    "playwright": 'with Playwright, record with recordHar: { path, content: "embed" }',
    "dev.?proxy": "with dev-proxy, set includeSensitiveInformation and includeResponse of HarGeneratorPlugin to true",
    "mitm": "with mitmproxy, record with --set hardump=FILE, and without stream_large_bodies",
}
"""By what a tool calls itself."""
_HIDDEN = "left out: nothing says whose token it bears: none is shown"
_UNKNOWN = "left out: nothing says whose token it bears; set the variables that the target file names"

_OWN_TERMS = ("range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range")
"""Header fields of a request that may get another response than a plain one does."""
_ON_CONDITION = (206, 304, 412, 416)
"""What it gets where the condition holds, or fails; anything else is the plain response."""
_OTHER_MEANS = (HEAD.name, OWN_TAG.name, KEYED.name)

_OF_CACHES = re.compile(
    r"_*(t|ts|v|ver|version|r|rnd|rand|random|time|timestamp|date|now|cb|bust|buster|(no|cache)?[-_]?cache|"
    r"cache[-_]?bust(er)?|_)?", re.IGNORECASE
)  # fmt: skip
"""Options by which a browser's app gets past caches: they change nothing of what is asked."""
MOST_ALIKE = 1000
"""Entries that ask the same and receive the same status and body, which are evaluated each."""

_Place = tuple[str, Params]
_RequestKind = tuple[_Place, str, CredentialKind, int]


def replay(
    cassette: Cassette,
    plans: Callable[[Tenant], Plan],
    edition: Edition,
    target: Tenant | None,
    url: str | None,
    settle: Settle,
    tokens: Mapping[str, str],
) -> Replay:
    """What asking would have shown. `target`: the owners, where the user gave them; `url`: the given base URL;
    `tokens`: the callers' own, as far as they are known.
    """
    every, base_url, notes = har_import.read(cassette, edition, url)
    if target is None:
        tenant, known = recorded_tenant.callers(every, cassette.claims)
    else:
        tenant, known = target, {digest(token): label for label, token in tokens.items()}
        if DEFAULT_CALLER not in known.values():
            tenant = recorded_tenant.with_callers(tenant, cassette.claims.values())
    callers = whose.callers(every, tenant, cassette.claims, known)
    latest = whose.without_outdated(every, tenant, callers)
    current = whose.without_lesser(latest, callers, cassette.claims)
    asked = whose.settled(current, callers)
    if target is None:
        tenant = recorded_tenant.tenant(asked, tenant.callers)
    claims_of = whose.held(callers, cassette.claims).get
    tenant = settle(tenant, lambda probes: _match(asked, probes, edition)[0], claims_of)
    tenant, asked = recorded_tenant.with_sizes(tenant, asked)
    tenant = replace(tenant, exhaustive=True)
    exchanges, extra, left_out = _match(asked, plans(tenant).every_probe, edition)
    before = {
        "left out: from before a photo was changed": sum(not one.changes for one in every) - len(latest),
        "left out: refused, where another token, perhaps of the same user with other scopes, got in": len(latest)
        - len(current),
    }
    after = {**left_out, "like no request of the suite; evaluated by what holds of every response": len(extra)}
    notes = [*counted(cassette.left_out), *notes, *counted({**before, **after}), *_lost(cassette.creator, current)]
    return Replay(base_url, tenant, Recording(exchanges, tuple(notes)), tuple(extra))


def _lost(creator: str, current: Sequence[Asked]) -> Iterator[str]:
    """What the recorder did not keep of the entries that are evaluated, and how to record better."""
    lost = [f"not evaluated: {one.exchange.failure.detail}" for one in current if one.exchange.failure]
    answers = [one.exchange.answer for one in current if one.exchange.answer]
    lost += [f"evaluated by status and headers alone: {each.unread}" for each in answers if each.unread]
    for reason, count in Counter(lost).most_common(5):
        yield f"{count} {'response' if count == 1 else 'responses'} {reason}"
    if lost:
        found = (how for tool, how in _ADVICE.items() if re.search(tool, creator, re.IGNORECASE))
        how = next(found, "for instance with mitmdump --set hardump=FILE, which keeps all")
        yield f"to record what was not kept: {how} (docs/recordings.md)"


def _match(
    asked: Iterable[Asked], probes: Sequence[Probe], edition: Edition
) -> tuple[dict[str, Exchange], list[Probe], Counter[str]]:
    """Give every entry, those that were kept whole first, to a probe that asks the same and has no answer yet.

    Returns:
        Exchanges by probe key; probes for entries that no request of the plan is like; how many are left out, and why.
    """
    waiting, known = _index(probes, edition)
    exchanges: dict[str, Exchange] = {}
    accepted: dict[object, str | None] = {}
    extra: list[Probe] = []
    alike: Counter[object] = Counter()
    left_out = Counter[str]()
    for one in sorted(asked, key=lambda one: (one.unlisted, one.lost)):
        answer = one.exchange.answer
        outcome = one.same, answer and (answer.status, answer.body)
        alike[outcome] += 1
        if _has_no_owner(one):
            left_out[_HIDDEN if one.credential.caller == NOT_SHOWN else _UNKNOWN] += 1
        elif free := [] if _on_own_terms(one, accepted) else _free(one, waiting):
            accepted[one.same] = one.accept
            probe = min(free, key=lambda each: _lacks_plain(each, exchanges))
            waiting[_request_kind(one)].remove(probe)
            exchanges[probe.key] = one.exchange
        elif alike[outcome] > MOST_ALIKE:
            left_out["left out: a thousand others asked the same and received the same"] += 1
        elif another := _extra(one, known, len(extra) + 1):
            extra.append(another)
            exchanges[another.key] = one.exchange
        else:
            left_out["left out: no owner of the target is asked for, or none whose state is known"] += 1
    return exchanges, extra, left_out


def _has_no_owner(asked: Asked) -> bool:
    """Whether it has to be known who asked, and is not: nothing else says whose photo it is, or who was refused."""
    caller, signed_in = asked.credential.caller, asked.operation.signed_in
    if asked.credential.kind is not CredentialKind.TOKEN:
        return False
    if caller is None:
        return signed_in or asked.status != 200
    return caller == NOT_SHOWN and (signed_in or asked.status == 403)


def _free(asked: Asked, waiting: Mapping[_RequestKind, list[Probe]]) -> list[Probe]:
    """The probes that ask the same as the same caller; where the token is not shown, as any but an identity.

    A path that says whose photo it is shows it to other callers alike; what they are refused may be right.
    """
    probes = waiting.get(_request_kind(asked), [])
    if asked.credential.kind is not CredentialKind.TOKEN:
        return probes
    own = [probe for probe in probes if probe.credential.caller == asked.credential.caller]
    if own or (asked.operation.signed_in and asked.credential.caller != NOT_SHOWN):
        return own
    others = [probe for probe in probes if probe.state is not State.SCOPED]
    due = {State.PRESENT: (200,), State.ABSENT: (200, 404)}
    return [p for p in others if asked.credential.caller == NOT_SHOWN or asked.status in due.get(p.state, (200,))]


def _index(
    probes: Iterable[Probe], edition: Edition
) -> tuple[dict[_RequestKind, list[Probe]], dict[tuple[_Place, bool], Probe]]:
    """Probes by what they ask; and one probe for every place, with and without a good token."""
    waiting: dict[_RequestKind, list[Probe]] = {}
    known: dict[tuple[_Place, bool], Probe] = {}
    match = cache(edition.match)
    for probe in probes:
        path, _, query = probe.target.partition("?")
        found = match(path)
        if found is None or probe.headers or probe.request_kind in _OTHER_MEANS:
            continue
        place = (found.operation.id, comparable(found))
        kind = (place, _in_order(asked_for(query)), probe.credential.kind, probe.credential.variety)
        waiting.setdefault(kind, []).append(probe)
        if probe.state is not State.SCOPED:
            known.setdefault((place, probe.state is State.NO_CREDENTIALS), probe)
    return waiting, known


def _lacks_plain(probe: Probe, exchanges: Mapping[str, Exchange]) -> bool:
    """Whether it is compared with a size of the photo that the recording does not show."""
    plain = f"{probe.key.rpartition('/')[0]}/{PLAIN.name}"
    return NO_SUCH_SIZE.name in probe.request_kind and plain not in exchanges


def _place(asked: Asked) -> _Place:
    """Where it leads; all sizes that are none are one."""
    made_up = {"size": NO_SUCH_SIZE.size or ""} if asked.unlisted else {}
    return asked.operation.id, tuple({**asked.values, **made_up}.items())


def _request_kind(asked: Asked) -> _RequestKind:
    credential = asked.credential
    return _place(asked), _in_order(asked.query), credential.kind, credential.variety


def _in_order(query: str) -> str:
    """The query with the names of `$select` in the order of the alphabet: any order selects the same."""
    option, sign, names = query.partition("$select=")
    return option + sign + ",".join(sorted(name.strip() for name in names.split(",")))


def _extra(asked: Asked, known: Mapping[tuple[_Place, bool], Probe], number: int) -> Probe | None:
    """A probe of its own for an entry about an owner who is known, or about any without a good token."""
    bare = asked.credential.kind is not CredentialKind.TOKEN
    place = _place(asked)
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


def _on_own_terms(asked: Asked, accepted: Mapping[object, str | None]) -> bool:
    """Whether it may get another response than the plain request: under a condition, with an option or an Accept of
    its own, or by another spelling of the URL and not found. `accepted`: the Accept of the first that asked the same.
    """
    path = asked.target.partition("?")[0]
    lenient = asked.respelled or path.count("/") != asked.operation.template.count("/") or ", " in asked.query
    conditions = {name.lower(): value for name, value in asked.exchange.request.headers if name.lower() in _OWN_TERMS}
    tag = asked.exchange.answer.header("ETag") if asked.exchange.answer else None
    own_copy = tag and tag in conditions.get("if-none-match", "")  # the fields of a 304, and a browser's own copy
    return (
        any(_OF_CACHES.fullmatch(name) is None for name in asked.others)  # `?size=48x48` may mean anything
        or asked.status == 304
        or (conditions and (asked.status in _ON_CONDITION or own_copy))
        or (lenient and asked.status != 200)
        or (asked.status == 406 and "*" not in (asked.accept or "*"))
        or accepted.get(asked.same, asked.accept) != asked.accept
    )
