"""Another tool's recording in place of a target: who asked, what it evaluates, and what became of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..model import Recording
from ..planning.plan import Plan
from ..spec import Edition
from ..target.target_file import DEFAULT_CALLER
from ..target.tenant import Tenant
from . import har_import, recorded_tenant, whose
from .har_import import Asked, Reading, counted
from .har_reader import Cassette
from .kept_credentials import digest
from .matching import Matched, match
from .replay import Replay, Settle

_ADVICE = {
    "webinspector": 'in Chromium\'s DevTools, disable the cache and choose "Export HAR (with sensitive data)"; bodies '
    "read by fetch().blob() or arrayBuffer() may be missing: open the photo's URL in a tab, or record with a proxy",
    "firefox": "in Firefox, disable the cache and persist logs, and raise devtools.netmonitor.responseBodyLimit",
    "playwright": 'with Playwright, record with recordHar: { path, content: "embed" }',
    "dev-proxy": "with dev-proxy, set includeSensitiveInformation and includeResponse of HarGeneratorPlugin to true",
    "mitmproxy": "with mitmproxy, record with --set hardump=FILE, and without stream_large_bodies",
}
_SAME = {"browser": "playwright", "dev proxy": "dev-proxy", "devproxy": "dev-proxy", "mitmdump": "mitmproxy"}
"""Other names of the tools."""


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
    reading = har_import.read(cassette, edition, url)
    if target is None:
        tenant, known = recorded_tenant.callers(reading.asked, cassette.claims)
    else:
        tenant, known = target, {digest(token): label for label, token in tokens.items()}
        if DEFAULT_CALLER not in known.values():
            tenant = recorded_tenant.with_callers(tenant, cassette.claims.values())
    callers = whose.callers(reading.asked, tenant, cassette.claims, known)
    current = whose.without_outdated(reading.asked, tenant, callers)
    asked = whose.settled(current, callers)
    if target is None:
        tenant = recorded_tenant.tenant(asked, tenant.callers)
    claims_of = whose.held(callers, cassette.claims).get
    tenant = settle(tenant, lambda probes: match(asked, probes, edition).exchanges, claims_of)
    asked = recorded_tenant.with_unlisted(asked, tenant)
    tenant = replace(recorded_tenant.with_sizes(tenant, asked), exhaustive=True)
    plan = plans(tenant)
    every = [probe for cases in plan.cases.values() for case in cases for _, probe in case.primary + case.support]
    unique = {probe.key: probe for probe in sorted(every, key=lambda probe: probe.request_kind == "again")}
    matched = match(asked, tuple(unique.values()), edition)
    notes = tuple(_notes(cassette, reading, current, matched))
    return Replay(reading.base_url, tenant, Recording(matched.exchanges, notes), matched.extra)


def _notes(cassette: Cassette, reading: Reading, current: Sequence[Asked], matched: Matched) -> Iterator[str]:
    """What became of the entries that are not evaluated, or not by all that is due."""
    outdated = sum(not one.changes for one in reading.asked) - len(current)
    yield from counted(cassette.left_out)
    yield from reading.notes
    yield from counted(
        {
            "left out: from before a photo was changed": outdated,
            **matched.left_out,
            "like no request of the suite; evaluated by what holds of every response": len(matched.extra),
        }
    )
    lost = [one.exchange.failure.detail for one in current if one.exchange.failure]
    for reason, count in Counter(lost).most_common(5):
        yield f"{count} {'response' if count == 1 else 'responses'} not evaluated: {reason}"
    if lost:
        yield _advice(cassette.creator)


def _advice(creator: str) -> str:
    """How to record better, with the tool that a recording names."""
    words = {**{tool: tool for tool in _ADVICE}, **_SAME}
    found = next((tool for word, tool in words.items() if word in creator.lower()), None)
    how = _ADVICE[found] if found else "for instance with mitmdump --set hardump=FILE, which keeps all"
    return f"to record what was not kept: {how} (docs/recordings.md)"
