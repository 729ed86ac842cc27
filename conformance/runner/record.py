"""The second stage on a live target: each request that the chosen cells need is sent once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..auth.redaction import Redactor
from ..auth.secret_table import WHOLE
from ..catalogue.selectors import is_drawn
from ..fuzzing import drawn_requests
from ..fuzzing.drawn_requests import draw
from ..model import Cell, Probe, Recording, State, mark
from ..options.config import Config
from ..planning.plan import Plan, afterwards, at_once, explores, probes_of_all
from ..recording.exchange_store import ExchangeStore
from ..requirements import CATALOGUE
from ..spec.described import described
from ..target import batches, target_file
from ..target.discovery import Discovered
from ..target.tenant import Tenant
from .prepared import Prepared, checked
from .recorded import Recorded, discovered, divided, now, plan_for, replayed

if TYPE_CHECKING:
    from ..auth.tokens import SourcedTokens
    from ..client.recorder import Recorder

Progress = Callable[[int, int], None]
Say = Callable[[str], object]
EMBEDDED = "the embedded reference server"
TIMED = 20
"""Responses whose time says how long a run will take."""
USUAL = 0.05
"""Seconds of a response from a server that is not far away."""


@dataclass(frozen=True)
class Live:
    """A target that can be asked: its address, its owners as far as they are known, and what asks."""

    prepared: Prepared
    base_url: str
    tenant: Tenant
    tokens: SourcedTokens
    recorder: Recorder
    notes: tuple[str, ...]

    def discovered(self, chosen: Sequence[Cell]) -> Discovered:
        """The owners with what asking says of them."""
        return discovered(self.prepared, self.tenant, chosen, self.recorder.ask, self.tokens.claims, self.base_url)


def _timed(progress: Progress, announce: Say, until: float) -> Progress:
    """Progress that is also announced, once, where the first responses show that not all can be asked by a moment."""
    since, compared = time.monotonic(), False

    def report(sent: int, wanted: int) -> None:
        nonlocal compared
        if sent < wanted:  # the end is reported once, when nothing follows
            progress(sent, wanted)
        if TIMED <= sent < wanted and not compared:
            compared = True
            needed = (time.monotonic() - since) / sent * wanted
            if since + needed > until:
                announce(
                    f"at this pace {wanted:,} requests take {needed:,.0f} s, longer than --max-time: what is not asked "
                    "by then is inconclusive (--concurrency, --sample or --shard help)"
                )

    return report


def record(
    prepared: Prepared,
    chosen: Sequence[Cell],
    progress: Progress = lambda _done, _total: None,
    *,
    say: Say = lambda _: None,
    begin: Callable[[], object] = lambda: None,
    announce: Say = lambda _: None,
    environ: Mapping[str, str] = os.environ,
) -> Recorded:
    """Ask what the chosen cells need, or read it from the recording that was given.

    `say` is given what a person must read, such as the code of a sign-in; `begin` is called when all input has been
    read and checked, before anything is sent; `announce` is given how many requests follow. KeyboardInterrupt ends the
    asking: what came by then is recorded, and `interrupted`.

    Raises:
        UsageProblem: something cannot be used; nothing was sent.
    """
    if prepared.cassette is not None:
        recorded = replayed(prepared, prepared.cassette, chosen, environ)
        begin()
        return recorded
    until = time.monotonic() + prepared.config.max_time
    with ExitStack() as stack:
        live = _opened(prepared, stack, say, environ, _wanted(prepared, chosen))
        begin()
        return _asked(live, chosen, progress, announce, until)


def discover(prepared: Prepared, say: Say, environ: Mapping[str, str] = os.environ) -> tuple[Discovered, Redactor]:
    """Only find out which owners there are, and what must not be printed of it.

    Raises:
        UsageProblem: see `record`.
    """
    with ExitStack() as stack:
        live = _opened(prepared, stack, say, environ)
        found = live.discovered(())
        return replace(found, notes=(*live.notes, *found.notes)), live.recorder.redactor


def dry_run(prepared: Prepared, chosen: Sequence[Cell], environ: Mapping[str, str] = os.environ) -> str:
    """How many requests a run sends, and the least time they take, in one line; nothing is sent.

    Raises:
        UsageProblem: see `record`.
    """
    if prepared.cassette is not None:
        return "0 requests: a recording is evaluated"
    with ExitStack() as stack:
        live = _opened(prepared, stack, lambda _: None, environ)
        tenant = live.tenant
        if tenant.default and not tenant.owners:
            return "the owners are found out first, by asking; how many requests follow depends on them"
        open_ones = sum(owner.state is None for owner in tenant.owners)
        tenant = tenant.with_owners(replace(owner, state=owner.state or State.PRESENT) for owner in tenant.owners)
        plan = plan_for(divided(prepared, tenant)[0], prepared.widest_edition)
        wanted = probes_of_all(plan.in_editions(prepared.editions), chosen)
        explored = _wanted(prepared, chosen) * len(plan.edition.operations)
        line = estimate(prepared.config, len(wanted) + explored, at_most=len(at_once(wanted)) < len(wanted))
        return line + (f"; {open_ones} owners whose photo is not declared are asked for it first" if open_ones else "")


def estimate(config: Config, requests: int, *, at_most: bool = False) -> str:
    """Before the first request: how many there are, and the least time they take.

    `at_most`: some depend on the responses to others.
    """
    words = f"{'at most ' * at_most}{requests:,} requests"
    if config.rate:
        return f"{words}, {config.rate:g} a second: at least {requests / config.rate:,.0f} s"
    seconds = requests * USUAL / config.concurrency
    return f"{words}, {config.concurrency} at a time: about {seconds:,.0f} s if a response takes {USUAL * 1000:g} ms"


def _asked(live: Live, chosen: Sequence[Cell], progress: Progress, announce: Say, until: float) -> Recorded:
    prepared, recorder, tenant, notes = live.prepared, live.recorder, live.tenant, live.notes
    started, interrupted = now(), False
    explored: tuple[Probe, ...] = ()
    plan = None
    try:
        found = live.discovered(chosen)
        tenant, notes = found.tenant, (*notes, *found.notes)
        own, parts = divided(prepared, tenant)
        explored = _drawn(prepared, chosen, own)
        plan = _send(live, parts, chosen, explored, progress, announce, until)
    except KeyboardInterrupt:
        interrupted = True
    return Recorded(
        prepared, chosen, live.base_url, tenant,
        Recording(recorder.exchanges, (*notes, *_tokens_like_text(recorder))),
        started, now(), interrupted, explored=explored,
        asked=plan if plan and plan.tenant == tenant else None,
    )  # fmt: skip


def _send(
    live: Live,
    parts: Sequence[Tenant],
    chosen: Sequence[Cell],
    explored: tuple[Probe, ...],
    progress: Progress,
    announce: Say,
    until: float,
) -> Plan:
    """Send what the chosen cells need of each part of the owners, then the random requests; the last part's plan."""
    prepared, recorder, by_discovery = live.prepared, live.recorder, len(live.recorder.exchanges)
    report, in_all = _timed(progress, announce, until), 0

    def sent() -> int:
        return len(recorder.exchanges) - by_discovery

    def send(probes: Sequence[Probe]) -> None:
        before = sent()
        recorder.send(probes, lambda done: report(before + done, in_all))

    for number, part in enumerate(parts, 1):
        plan = plan_for(part, prepared.widest_edition, (), explored)
        wanted = probes_of_all(plan.in_editions(prepared.editions), chosen)
        first = at_once(wanted)
        fresh = {probe.key for probe in wanted if not is_drawn(probe.key)}.difference(recorder.exchanges)
        later = sum(len(one.owners) for one in parts[number:]) / max(1, len(part.owners))
        in_all = sent() + round(len(fresh) * (1 + later)) + len(explored)
        if number == 1:
            announce(estimate(prepared.config, in_all, at_most=len(first) < len(wanted)))
        send([probe for probe in first if not is_drawn(probe.key)])
        send(list(afterwards(wanted, recorder.exchanges)))
    send(explored)  # last, so that it harms no other response
    recorder.finish()
    if sent():
        progress(sent(), sent())
    return plan


def _tokens_like_text(recorder: Recorder) -> list[str]:
    """Notes on the tokens that cannot be distinguished from innocent text when a response holds them."""
    holds = recorder.redactor.holds
    missed: dict[str, list[str]] = {}
    for name, token in recorder.sent.items():
        if not holds(token.encode(), mark(name)):
            why = "shorter than 16 characters" if len(token) < WHOLE else "part of an id or a URL of the target"
            missed.setdefault(why, []).append(name)
    unchecked = "whether responses repeat a token was not checked where it is"
    return [f"{unchecked} {why}: {', '.join(names)}" for why, names in missed.items()]


def _drawn(prepared: Prepared, chosen: Sequence[Cell], own: Tenant) -> tuple[Probe, ...]:
    edition = prepared.widest_edition
    return drawn_requests.probes(draw(edition, _wanted(prepared, chosen), prepared.config.seed), edition, own.whole)


def _wanted(prepared: Prepared, chosen: Sequence[Cell]) -> int:
    """Random requests per operation: none where none of them is evaluated, or another shard sends them."""
    elsewhere = prepared.shard is not None and prepared.shard[0] > 1
    wanted = any(explores(CATALOGUE[cell.requirement]) for cell in chosen) and not elsewhere
    return prepared.widest_edition.explore * wanted


def _opened(prepared: Prepared, stack: ExitStack, say: Say, environ: Mapping[str, str], explore: int = 0) -> Live:
    """What asks the target, when all that it needs has been checked; our own server is started where there is none."""
    from ..auth.tokens import SourcedTokens
    from ..client.recorder import Recorder  # late: a run that sends nothing opens no connection

    if prepared.base_url is None:
        prepared, environ = _embedded(prepared, stack, environ, explore)
    base_url, target, config = prepared.base_url or "", prepared.target, prepared.config
    hidden = [value for _, value in config.http_header]
    tokens = SourcedTokens(target.sources, environ, say, hidden, max_time=config.max_time)
    target = checked(target, tokens, config, base_url)
    tenant, notes = batches.sampled(replace(target.tenant, seed=config.seed), config.sample, config.seed)
    if tenant.default and (alike := tokens.shared(tenant.usual_callers)):
        notes = (*notes, f"one token for {' and '.join(alike)}, and /me is one user: give each the token of their own")
    kept = ExchangeStore(in_file=len(tenant.owners) > batches.AT_A_TIME)
    prepared.redactor.allow(target_file.harmless(replace(target, tenant=tenant), base_url))
    recorder = stack.enter_context(Recorder(replace(config, base_url=base_url), tokens, kept, prepared.redactor))
    return Live(prepared, base_url, tenant, tokens, recorder, notes)


def _embedded(
    prepared: Prepared, stack: ExitStack, environ: Mapping[str, str], explore: int
) -> tuple[Prepared, Mapping[str, str]]:
    """Our own server as the target; what it says stands in for the target file and the environment."""
    from ..reference import embedding  # late: a run on another target needs no server
    from ..reference.serving import Settings

    ready = stack.enter_context(embedding.launched(Settings(port=0, edition=prepared.editions[0].name)))
    if explore:
        described(prepared.widest_edition.name)  # which takes as long as the server takes to start
    running = ready()
    target = target_file.read(running.target)
    return replace(prepared, target=target, base_url=running.base_url), {**environ, **running.tokens}
