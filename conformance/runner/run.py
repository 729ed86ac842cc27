"""One run: from options to verdicts. Everything but pytest: who is the target, what is asked, what was answered."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..catalogue.random_selectors import is_drawn
from ..fuzzing import probes
from ..fuzzing.child_process import Drawing
from ..model import Cell, Recording, State, UsageProblem
from ..planning.follow_up import afterwards, at_once
from ..planning.plan import explores
from ..recording import replay
from ..recording.exchange_store import FileStore, MemoryStore
from ..recording.har_reader import Cassette
from ..requirements import CATALOGUE
from ..spec import load
from ..target import batches, sizes
from ..target import target_file as target_file
from ..target.callers import ClaimsOf
from ..target.discovery import find_out
from ..target.listing import Ask
from ..target.tenant import Tenant
from . import preflight
from .recorded import Recorded

if TYPE_CHECKING:
    from ..client.recorder import Recorder

Progress = Callable[[int, int], None]
EMBEDDED = "the embedded reference server"


@dataclass
class Run(Recorded):
    """A run of the suite: `record` once, then `verdicts` of any chosen cell.

    Raises:
        UsageProblem: by its making or by `record`, before anything is sent.
    """

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """Where the variables of tokens are looked up."""
    say: Callable[[str], object] = lambda line: print(line, file=sys.stderr)  # noqa: T201 - a sign-in's code, say

    def record(self, chosen: Sequence[Cell], progress: Progress | None = None) -> None:
        """Ask what the chosen cells need, each request once; or read it from the recording that was given.

        Whatever was recorded when this ends, by KeyboardInterrupt too, is what `verdicts` judges.
        """
        self.chosen = chosen
        self.started = _now()
        try:
            if self.cassette is not None:
                self._take(self.cassette, None if self.options["target"] is None else self.target.tenant)
            else:
                self._ask(progress)
        except KeyboardInterrupt:
            self.interrupted = True
            raise
        except UsageProblem:
            self.started = ""  # there was no run
            raise
        finally:
            self.finished = _now()

    def _ask(self, progress: Progress | None) -> None:
        def told(done: int, total: int) -> None:
            if progress and self.probes:  # finding out who lives there asks a few at a time
                before = len(recorder.exchanges) if len(self.parts) > 1 else 0
                progress(before + done, before + total + round(total * later))

        later = 0.0  # how much is still to be asked after this portion, in portions like it
        with ExitStack() as stack:
            drawing = stack.enter_context(self._drawing())
            recorder = stack.enter_context(self._recorder(stack, told))
            try:
                self._find_out(recorder.ask, self._tokens.claims)
                self._divide(self.target.tenant)
                self.explored = probes.probes(drawing.requests(), self.contract, self.own.whole)
                self.notes += drawing.notes
                for number, part in enumerate(self.parts, 1):
                    later = sum(len(one.owners) for one in self.parts[number:]) / max(1, len(part.owners))
                    self._plan(self._planned(part))
                    recorder.ask([probe for probe in at_once(self.probes) if not is_drawn(probe.key)])
                    recorder.ask(list(afterwards(self.probes, recorder.exchanges)))
                recorder.ask(self.explored)  # last, so that it harms no other answer
            finally:
                tenant = self.target.tenant
                self.recording = Recording(recorder.exchanges, tenant.owners, tenant.callers, self.notes)

    def _drawing(self) -> Drawing:
        """Begin to draw what is asked at random: nothing where none of it is judged, or another shard does."""
        elsewhere = self.shard is not None and self.shard[0] > 1
        wanted = any(explores(CATALOGUE[cell.requirement]) for cell in self.chosen) and not elsewhere
        return Drawing(self.edition.name, self.edition.explore * wanted, self.options["seed"])

    def _recorder(self, stack: ExitStack, progress: Progress) -> Recorder:
        """A recorder for the target, when all that it needs has been checked."""
        from ..auth.tokens import SourcedTokens
        from ..client.recorder import Recorder  # late: who merely looks opens no connection

        environ = dict(self.environ)
        if self.base_url is None:
            environ |= self._start_reference(stack)
        base_url = self.base_url or ""
        self._tokens = SourcedTokens(self.target.sources, environ, self.say)
        self.target = preflight.checked(self.target, self._tokens, self.options, base_url)
        tenant, self.notes = self._sampled(self.target.tenant)
        self.target = replace(self.target, tenant=tenant)
        self.redactor.allow(target_file.harmless(self.target, base_url))
        kept = MemoryStore() if len(tenant.owners) <= batches.AT_A_TIME else FileStore()
        return Recorder(preflight.settings(self.options, base_url), self._tokens, progress, kept, self.redactor)

    def discover(self) -> bool:
        """Only find out who lives there: `target.directory` and `notes` say it. False: no answer said anything.

        Raises:
            UsageProblem: see `record`.
        """
        with ExitStack() as stack:
            recorder = stack.enter_context(self._recorder(stack, lambda _done, _total: None))
            return self._find_out(recorder.ask, self._tokens.claims)

    def _find_out(self, ask: Ask, claims_of: ClaimsOf) -> bool:
        """Put into the target's directory what asking tells; an identity's token only where it is judged."""
        tenant = self.target.tenant
        scoped = any(cell.state is State.SCOPED for cell in self.chosen)
        labels = [one.label for one in tenant.callers if scoped or one.label not in tenant.identities]
        found = find_out(ask, tenant, self.contract, self.base_url or "", claims_of, labels)
        contracts = [load(edition.name) for edition in reversed(self.editions)]
        sized = sizes.found_out(ask, found.tenant, contracts, {cell.variant for cell in self.chosen})
        self.target = replace(self.target, tenant=sized)
        self.notes = (*self.notes, *found.notes)
        return found.heard

    def _start_reference(self, stack: ExitStack) -> dict[str, str]:
        """Our own server as the target; what it says stands in for the target file and the environment."""
        from ..reference import embedding  # late: a run on another target needs no server
        from ..reference.serving import Settings as ServerSettings

        running = stack.enter_context(embedding.start(ServerSettings(port=0, edition=self.editions[0].name)))
        self.target = target_file.read(running.target)
        self.base_url = running.base_url
        return dict(running.tokens)

    def _sampled(self, tenant: Tenant) -> tuple[Tenant, tuple[str, ...]]:
        """The directory, or the sample of it that was asked for, and a note that says so."""
        size, seed = self.options["sample"], int(self.options["seed"])
        return batches.told(tenant, int(size), seed) if size else (tenant, ())

    def replay(self, chosen: Sequence[Cell], cassette: Cassette) -> None:
        """Judge the chosen cells by what another process of this run recorded."""
        self.chosen = chosen
        self.started = str(cassette.about.get("started") or _now())
        self._take(cassette, None)
        self.finished = _now()

    def _take(self, cassette: Cassette, target: Tenant | None) -> None:
        """Judge what a tape holds, as if it had just been recorded. `target`: who lives there, where that was told."""

        def settle(tenant: Tenant, ask: Ask, claims_of: ClaimsOf) -> Tenant:
            self.target = replace(self.target, tenant=tenant)
            self._find_out(ask, claims_of)
            return self.target.tenant

        tokens = {
            label: token
            for label, source in self.target.sources.items()
            if source.kind == "env" and (token := self.environ.get(source.value))
        }
        found = replay.replay(cassette, self._planned, self.contract, target, self.base_url, settle, tokens)
        tenant, notes = self._sampled(found.tenant)
        self.base_url, self.extra = found.base_url, found.extra
        self.target = replace(self.target, tenant=tenant)
        self.recording = replace(found.recording, owners=tenant.owners, notes=(*found.recording.notes, *notes))
        self._divide(tenant)
        self.explored = probes.recorded(self.recording.exchanges, self.contract, tenant, self.base_url)
        self._plan(self._planned(self.parts[0]))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


__all__ = ["EMBEDDED", "Progress", "Run"]
