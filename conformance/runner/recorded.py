"""The second stage: the requests to a target and its responses; here as a recording has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial

from ..fuzzing import drawn_requests
from ..model import Cell, Probe, Recording, State
from ..planning.plan import Plan
from ..recording import imported, replay
from ..recording.har_reader import Cassette
from ..requirements import CATALOGUE
from ..spec import Edition
from ..target import batches, sizes
from ..target.discovery import ClaimsOf, Discovered, find_out
from ..target.listing import Ask
from ..target.tenant import Tenant
from .prepared import Prepared


@dataclass(frozen=True)
class Recorded:
    """The exchanges of a run, and what it learnt of its target."""

    prepared: Prepared
    chosen: Sequence[Cell]
    base_url: str | None
    tenant: Tenant
    """All owners of the target, or the sample of them that was asked for."""
    recording: Recording
    started: str
    finished: str
    interrupted: bool = False
    extra: tuple[Probe, ...] = ()
    """What a recording of another tool asks beyond the plan."""
    explored: tuple[Probe, ...] = ()
    """What was drawn at random."""
    asked: Plan | None = field(default=None, repr=False)
    """The plan that was recorded by, where there is one for all owners."""

    def plan(self, tenant: Tenant, edition: Edition) -> Plan:
        """The plan of these owners in an edition."""
        if self.asked is not None and self.asked.edition == edition:
            return self.asked
        return plan_for(tenant, edition, self.extra, self.explored)

    @cached_property
    def _divided(self) -> tuple[Tenant, list[Tenant]]:
        return divided(self.prepared, self.tenant, self.extra)

    @property
    def own(self) -> Tenant:
        """The owners that this run is about: all, or those of its shard."""
        return self._divided[0]

    @property
    def parts(self) -> list[Tenant]:
        """The same owners, as many at a time as memory should hold; a small target is one part."""
        return self._divided[1]


def plan_for(tenant: Tenant, edition: Edition, extra: tuple[Probe, ...] = (), explored: tuple[Probe, ...] = ()) -> Plan:
    """A plan; what is asked once in a run goes with the leading part of the owners."""
    once = (extra, explored) if tenant.leading else ((), ())
    return Plan(CATALOGUE, edition, replace(tenant), *once)  # what it caches goes with it


def divided(prepared: Prepared, tenant: Tenant, extra: tuple[Probe, ...] = ()) -> tuple[Tenant, list[Tenant]]:
    """The owners that a run is about, all or those of its shard; and the same in batches that memory should hold."""
    representing = set()  # the families of which something is asked that stands for all; they are evaluated together
    if prepared.shard or len(tenant.owners) > batches.AT_A_TIME:
        plan = plan_for(tenant.part((), leading=True), prepared.widest_edition, extra)
        representing = {probe.owner.family for probe in plan.probes(prepared.cells)}
    own = batches.shard(tenant, *prepared.shard, representing) if prepared.shard else tenant
    return own, batches.batches(own, representing=representing)


def discovered(
    prepared: Prepared, tenant: Tenant, chosen: Sequence[Cell], ask: Ask, claims_of: ClaimsOf, base_url: str
) -> Discovered:
    """The owners with what asking says of them; an identity's token is asked with only where that is evaluated."""
    scoped = any(cell.state is State.SCOPED for cell in chosen)
    labels = [one.label for one in tenant.callers] if scoped else tenant.usual_callers
    found = find_out(ask, tenant, prepared.widest_edition, base_url, claims_of, labels)
    size = None if tenant.owners else prepared.config.sample  # of owners that the user gave there is a sample already
    sample, notes = batches.sampled(found.tenant, size, prepared.config.seed)
    sized = sizes.found_out(ask, sample, list(reversed(prepared.editions)), {cell.variant for cell in chosen})
    return replace(found, tenant=sized, notes=(*found.notes, *notes))


def replayed(prepared: Prepared, cassette: Cassette, chosen: Sequence[Cell], environ: Mapping[str, str]) -> Recorded:
    """What a recording says, as if it had just been made.

    Raises:
        UsageProblem: it is not about this target.
    """
    started, edition = now(), prepared.widest_edition

    def settle(tenant: Tenant, ask: Ask, claims_of: ClaimsOf) -> Tenant:
        return discovered(prepared, tenant, chosen, ask, claims_of, prepared.base_url or "").tenant

    tokens = {}
    for label, source in prepared.target.sources.items():
        if source.kind == "env" and (token := environ.get(source.value)):
            tokens[label] = token
            prepared.redactor.add(token, source.value)
    sample = partial(batches.sampled, size=prepared.config.sample, seed=prepared.config.seed)
    target = None if prepared.config.target is None else prepared.target.tenant
    notes: tuple[str, ...] = ()
    if target and not cassette.imported:
        target, notes = sample(target)  # as the run did, before it asked
    if cassette.imported:
        plans = partial(plan_for, edition=edition)
        found = imported.replay(cassette, plans, edition, target, prepared.base_url, settle, tokens)
    else:
        found = replay.replay(cassette, target, prepared.base_url, settle)
    tenant, notes = (found.tenant, notes) if notes else sample(found.tenant)
    recording = replace(found.recording, notes=(*found.recording.notes, *notes))
    explored = tuple(drawn_requests.recorded(recording.exchanges, edition, tenant, found.base_url))
    return Recorded(
        prepared, chosen, found.base_url, tenant, recording, started, now(), extra=found.extra, explored=explored
    )


def now() -> str:
    """The moment, RFC 3339 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
