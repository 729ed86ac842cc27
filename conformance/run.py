"""One run: from options to verdicts. Everything but pytest: who is the target, what is asked, what was answered."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import approach, auto, deviations, diagnosis, portions, replaying, sampling
from .contract import Contract, load
from .discovery import callers
from .discovery.callers import ClaimsOf
from .discovery.enquiry import Ask
from .discovery.finding import find_out
from .edition import DEFAULT, EDITIONS, Edition
from .exploration import asking
from .exploration.child import Drawing
from .judging import Judge
from .model import Cell, Exchange, Probe, Recording, State, Verdict
from .options import UsageProblem, checked_base_url
from .planning import sizes
from .planning import target as target_file
from .planning.directory import Directory
from .planning.exploring import is_drawn
from .planning.followup import afterwards, at_once
from .planning.plan import Plan, explores
from .planning.target import Target, TargetError
from .portions import Tally
from .recording import har
from .recording.redaction import Redactor
from .recording.shelf import Memory, Shelf
from .recording.tape import Tape
from .requirements import CATALOGUE

if TYPE_CHECKING:
    from .recording.recorder import Recorder

Progress = Callable[[int, int], None]
EMBEDDED = "the embedded reference server"


@dataclass
class Run:
    """A run of the suite: `record` once, then `verdicts` of any chosen cell.

    Raises:
        UsageProblem: by its making or by `record`, before anything is sent.
    """

    options: dict[str, Any]
    base_url: str | None = None
    started: str = ""
    finished: str = ""
    interrupted: bool = False
    probes: list[Probe] = field(default_factory=list)
    chosen: Sequence[Cell] = ()
    plans: Sequence[Plan] = ()
    """One for each edition that may be followed."""
    parts: Sequence[Directory] = ()
    """The owners that are judged, so many at a time; one part where memory holds them all."""
    extra: tuple[Probe, ...] = ()
    """What a foreign recording asks beyond the plan."""
    explored: tuple[Probe, ...] = ()
    """What was drawn at random."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """Where the variables of tokens are looked up."""
    notes: tuple[str, ...] = ()
    """What finding out who lives there came to."""
    say: Callable[[str], object] = lambda line: print(line, file=sys.stderr)  # noqa: T201 - a sign-in's code, say

    def __post_init__(self) -> None:
        self.target = self._read_target()
        path = self.options["recording"]
        self.tape = None if path is None else replaying.load(path)
        self.base_url = self.base_url or self.target.base_url
        if self.base_url is not None:
            self.base_url = checked_base_url(self.base_url)
        self.embedded: bool = self.tape.about.get("embedded") is True if self.tape else self.base_url is None
        """Whether the target is our own server, or was when it was recorded."""
        name = self.options["edition"] or self.target.edition or self._recorded("edition", EDITIONS) or DEFAULT.name
        explore = asking.count(self.options["explore"], self.tape, embedded=self.embedded)
        self.editions = auto.candidates(name, odata=self.options["odata"], explore=explore)
        self.edition: Edition = self.editions[-1]
        """The one to judge by; of several the one with the most paths, until the answers tell which is followed."""
        self.contract: Contract = load(self.edition.name)
        listed = self.options["known_deviations"]
        self.deviations = deviations.read(listed, CATALOGUE) if listed else deviations.NONE
        self.redactor = Redactor(value for _, value in self.options["http_header"])
        self.own = self.target.directory
        self.recording = Recording({}, self.target.directory.owners, self.target.directory.callers)

    def _read_target(self) -> Target:
        told = self.options["target"]
        try:
            return target_file.parse(told or {}) if told is None or isinstance(told, Mapping) else target_file.read(told)
        except TargetError as error:
            raise UsageProblem(str(error)) from None

    def _recorded(self, name: str, known: Container[str]) -> str | None:
        """What the recording tells of the run that it was made by, if that is something known."""
        value = replaying.told(self.tape, name) if self.tape else None
        return value if value in known else None

    @property
    def edition_asked(self) -> str:
        """The edition's name as it was asked for: `auto` where the answers are to tell it."""
        return auto.AUTO if len(self.editions) > 1 else self.edition.name

    @property
    def complete(self) -> bool:
        """Whether a cell that is not exercised fails the run."""
        told: bool | None = self.options["complete"]
        return (self.embedded if told is None else told) and self.shard is None

    @property
    def shard(self) -> tuple[int, int] | None:
        """Which part of how many this run judges; None: the whole."""
        told: tuple[int, int] | None = self.options["shard"]
        return told or (replaying.shard(self.tape) if self.tape else None)

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells of the edition, in the catalogue's order; with `auto` those of all editions."""
        return auto.cells(CATALOGUE, self.editions)

    def record(self, chosen: Sequence[Cell], progress: Progress | None = None) -> None:
        """Ask what the chosen cells need, each request once; or read it from the recording that was given.

        Whatever was recorded when this ends, by KeyboardInterrupt too, is what `verdicts` judges.
        """
        self.chosen = chosen
        self.started = _now()
        try:
            if self.tape is not None:
                self._take(self.tape, None if self.options["target"] is None else self.target.directory)
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
                progress(done, total)

        with ExitStack() as stack:
            drawing = stack.enter_context(self._drawing())
            recorder = stack.enter_context(self._recorder(stack, told))
            try:
                self._find_out(recorder.ask, self._tokens.claims)
                self._divide(self.target.directory)
                self.explored = asking.probes(drawing.requests(), self.contract, self.own.whole)
                self.notes += drawing.notes
                for part in self.parts:
                    self._plan(self._planned(part))
                    recorder.ask([probe for probe in at_once(self.probes) if not is_drawn(probe.key)])
                    recorder.ask(list(afterwards(self.probes, recorder.exchanges)))
                recorder.ask(self.explored)  # last, so that it harms no other answer
            finally:
                directory = self.target.directory
                self.recording = Recording(recorder.exchanges, directory.owners, directory.callers, self.notes)

    def _drawing(self) -> Drawing:
        """Begin to draw what is asked at random: nothing where none of it is judged, or another shard does."""
        elsewhere = self.shard is not None and self.shard[0] > 1
        wanted = any(explores(CATALOGUE[cell.requirement]) for cell in self.chosen) and not elsewhere
        return Drawing(self.edition.name, self.edition.explore * wanted, self.options["seed"])

    def _recorder(self, stack: ExitStack, progress: Progress) -> Recorder:
        """A recorder for the target, when all that it needs has been checked."""
        from .recording.recorder import Recorder  # late: who merely looks opens no connection
        from .recording.tokens import SourcedTokens

        environ = dict(self.environ)
        if self.base_url is None:
            environ |= self._start_reference(stack)
        base_url = self.base_url or ""
        self._tokens = SourcedTokens(self.target.sources, environ, self.say)
        self.target = approach.checked(self.target, self._tokens, self.options, base_url)
        directory, self.notes = self._sampled(self.target.directory)
        self.target = replace(self.target, directory=directory)
        kept = Memory() if len(directory.owners) <= sampling.AT_A_TIME else Shelf()
        recorder = Recorder(approach.settings(self.options, base_url), self._tokens, progress, kept)
        self.redactor = recorder.redactor
        return recorder

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
        directory = self.target.directory
        scoped = any(cell.state is State.SCOPED for cell in self.chosen)
        labels = [one.label for one in directory.callers if scoped or one.label not in directory.identities]
        found = find_out(ask, directory, self.contract, self.base_url or "", claims_of, labels)
        contracts = [load(edition.name) for edition in reversed(self.editions)]
        sized = sizes.found_out(ask, found.directory, contracts, {cell.variant for cell in self.chosen})
        self.target = replace(self.target, directory=sized)
        self.notes = (*self.notes, *found.notes)
        return found.heard

    def _start_reference(self, stack: ExitStack) -> dict[str, str]:
        """Our own server as the target; what it says stands in for the target file and the environment."""
        from .reference import embedding  # late: a run on another target needs no server
        from .reference.serving import Settings as ServerSettings

        running = stack.enter_context(embedding.start(ServerSettings(port=0, edition=self.editions[0].name)))
        self.target = target_file.read(running.target)
        self.base_url = running.base_url
        return dict(running.tokens)

    def _plan(self, plan: Plan) -> None:
        self.plan, self.plans = plan, auto.plans(plan, self.editions)
        self.probes = auto.probes(self.plans, self.chosen)

    def _planned(self, directory: Directory) -> Plan:
        once = (self.extra, self.explored) if directory.leading else ((), ())
        return Plan(CATALOGUE, self.contract, self.edition, replace(directory), *once)  # what it caches goes with it

    def _sampled(self, directory: Directory) -> tuple[Directory, tuple[str, ...]]:
        """The directory, or the sample of it that was asked for, and a note that says so."""
        size, seed = self.options["sample"], int(self.options["seed"])
        return sampling.told(directory, int(size), seed) if size else (directory, ())

    def _divide(self, directory: Directory) -> None:
        """Settle which owners this run judges, and how many at a time."""
        self.own, standing = directory, self._standing(directory)
        if self.shard:
            self.own = sampling.shard(directory, *self.shard, standing)
        self.parts = sampling.portions(self.own, standing=standing)

    def _standing(self, directory: Directory) -> set[str]:
        """The families of which something is asked that stands for all; they are judged together."""
        if self.shard is None and len(directory.owners) <= sampling.AT_A_TIME:
            return set()
        plan = self._planned(directory.part((), leading=True))
        return {sampling.family(probe.owner) for probe in plan.probes(self.cells)}

    @cached_property
    def plan(self) -> Plan:
        return self._planned(self.target.directory)

    def replay(self, chosen: Sequence[Cell], tape: har.Tape) -> None:
        """Judge the chosen cells by what another process of this run recorded."""
        self.chosen = chosen
        self.started = str(tape.about.get("started") or _now())
        self._take(tape, None)
        self.finished = _now()

    def _take(self, tape: Tape, target: Directory | None) -> None:
        """Judge what a tape holds, as if it had just been recorded. `target`: who lives there, where that was told."""

        def settle(directory: Directory, asked: Mapping[str, Exchange]) -> Directory:
            self.target = replace(self.target, directory=directory)
            self._find_out(
                lambda probes: {probe.key: asked[probe.key] for probe in probes if probe.key in asked},
                callers.claimed(tape.callers),
            )
            return self.target.directory

        found = replaying.replay(tape, self._planned, self.contract, target, self.base_url, settle)
        directory, notes = self._sampled(found.directory)
        self.base_url, self.extra = found.base_url, found.extra
        self.target = replace(self.target, directory=directory)
        self.recording = replace(found.recording, owners=directory.owners, notes=(*found.recording.notes, *notes))
        self._divide(directory)
        self.explored = asking.recorded(self.recording.exchanges, self.contract, directory, self.base_url)
        self._plan(self._planned(self.parts[0]))

    @cached_property
    def judge(self) -> Judge | Tally:
        """Judges what was recorded, by the edition that it follows; to be asked after `record`."""
        recording = self.recording
        if many := len(self.parts) > 1:
            self._plan(self._planned(self.parts[0]))
            recording = portions.answered(recording, self.probes)
        recording = diagnosis.set_aside(recording, self.probes)
        if len(self.plans) > 1:
            found = auto.followed(self.plans, recording, self.chosen)
            self.plan, self.edition, self.contract = found.plan, found.plan.edition, found.plan.contract
            recording = replace(recording, notes=(*recording.notes, *found.notes))
        if many:
            whole = replace(self.recording, notes=recording.notes)
            return portions.judged(self.own, self.parts, self._planned, whole, self.chosen)
        return Judge(self.plan, recording)

    def verdicts(self, cell: Cell) -> list[Verdict]:
        """The verdicts of one cell, one an owner; none where the edition that is followed does not ask for it."""
        found = self.judge.verdicts(cell)
        return self.deviations.applied(found) if cell.name in self._asked_for else []

    @cached_property
    def _asked_for(self) -> set[str]:
        return {cell.name for cell in auto.cells(CATALOGUE, [self.edition])}

    def document(self) -> dict[str, Any]:
        """`verdicts.json` of the chosen cells."""
        from .reporting import provenance, verdicts_file  # late: merely collecting draws no report

        judge = self.judge
        verdicts = [verdict for cell in self.chosen for verdict in self.verdicts(cell)]
        others = set(self.cells) - set(self.chosen) if self.deviations.lines else ()
        partly = bool(self.options["sample"] or self.shard or len(self.parts) > 1)
        return verdicts_file.document(
            verdicts,
            target={"base_url": self.base_url, **replaying.people(self.target.directory)},
            requirements=CATALOGUE.described(),
            edition=self.edition.name,
            started=self.started,
            finished=self.finished,
            interrupted=self.interrupted,
            fail_on=self.options["fail_on"],
            complete=self.complete,
            shapes=[shape.key for shape in self.contract.shapes],
            notes=(*judge.notes, *sampling.notes(self.own, self.shard, counted=isinstance(judge, Tally))),
            stale=self.deviations.stale(verdicts, others, sampled=partly),
            run=provenance.ci_run(os.environ),
            shard=self._told_of_shard(),
        )

    def _told_of_shard(self) -> dict[str, Any] | None:
        """What `merge` has to know of a shard: which it is, and what the whole run was asked for."""
        if self.shard is None:
            return None
        whole = self.embedded if self.options["complete"] is None else self.options["complete"]
        return {"number": self.shard[0], "of": self.shard[1], "edition": self.edition_asked, "complete": whole}

    def har(self) -> str:
        """The recording as HAR, with all that a replay needs to know of the target.

        Past 500 owners it holds what some verdict names, and of all else the SHA-256; but a shard's is whole, since
        `merge` judges by it.
        """
        judge, recording, probes = self.judge, self.recording, self.probes
        about = {
            "base_url": self.base_url,
            "edition": self.edition.name,
            "started": self.started,
            "embedded": self.embedded,
            "explore": self.edition.explore,
            **replaying.described(self.target.directory, self.shard),
        }
        if self.shard and len(self.parts) > 1:
            probes = [probe for part in self.parts for probe in self._planned(part).probes(self.chosen)]
        elif isinstance(judge, Tally):
            recording, probes = replace(recording, exchanges=judge.exchanges), judge.probes
            about["left_out"] = judge.left_out
        return har.dump(recording, probes, about)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


__all__ = ["EMBEDDED", "Progress", "Run"]
