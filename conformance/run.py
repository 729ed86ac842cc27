"""One run: from options to verdicts. Everything but pytest: who is the target, what is asked, what was answered."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from . import approach, diagnosis, replaying
from .contract import Contract, load
from .discovery import callers
from .discovery.callers import ClaimsOf
from .discovery.enquiry import Ask
from .discovery.finding import find_out
from .edition import DEFAULT, EDITIONS, Edition
from .judging import Judge
from .model import Cell, Exchange, Outcome, Probe, Recording, State, Verdict
from .options import UsageProblem, checked_base_url
from .planning import target as target_file
from .planning.directory import Directory
from .planning.plan import Plan, cells
from .planning.target import Target, TargetError
from .recording import har
from .recording.recorder import Recorder
from .recording.redaction import Redactor
from .recording.tape import Tape
from .recording.tokens import SourcedTokens
from .requirements import CATALOGUE

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
        self.edition: Edition = EDITIONS[name]
        self.contract: Contract = load(self.edition.name)
        self.redactor = Redactor(value for _, value in self.options["http_header"])
        self.recording = Recording({}, self.target.directory.owners, self.target.directory.callers)

    def _read_target(self) -> Target:
        path = self.options["target"]
        if path is None:
            return target_file.parse({})
        try:
            return target_file.read(path)
        except TargetError as error:
            raise UsageProblem(str(error)) from None

    def _recorded(self, name: str, known: Container[str]) -> str | None:
        """What the recording tells of the run that it was made by, if that is something known."""
        value = replaying.told(self.tape, name) if self.tape else None
        return value if value in known else None

    @property
    def complete(self) -> bool:
        """Whether a cell that is not exercised fails the run."""
        told: bool | None = self.options["complete"]
        return self.embedded if told is None else told

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells of the edition, in the catalogue's order."""
        return list(cells(CATALOGUE, self.contract, self.edition))

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
            recorder = stack.enter_context(self._recorder(stack, told))
            try:
                self._find_out(recorder.ask, self._tokens.claims)
                self._plan(self.target.directory)
                recorder.ask(self.probes)
            finally:
                directory = self.plan.directory
                self.recording = Recording(recorder.exchanges, directory.owners, directory.callers, self.notes)

    def _recorder(self, stack: ExitStack, progress: Progress) -> Recorder:
        """A recorder for the target, when all that it needs has been checked."""
        environ: dict[str, str] = dict(os.environ)
        if self.base_url is None:
            environ |= self._start_reference(stack)
        base_url = self.base_url or ""
        self._tokens = SourcedTokens(self.target.sources, environ, self.say)
        self.target = approach.checked(self.target, self._tokens, self.options, base_url)
        recorder = Recorder(approach.settings(self.options, base_url), self._tokens, progress)
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
        self.target = replace(self.target, directory=found.directory)
        self.notes = found.notes
        return found.heard

    def _start_reference(self, stack: ExitStack) -> dict[str, str]:
        """Our own server as the target; what it says stands in for the target file and the environment."""
        from .reference import embedding  # late: a run on another target needs no server
        from .reference.serving import Settings as ServerSettings

        running = stack.enter_context(embedding.start(ServerSettings(port=0, edition=self.edition.name)))
        self.target = target_file.read(running.target)
        self.base_url = running.base_url
        return dict(running.tokens)

    def _plan(self, directory: Directory) -> None:
        self.plan = self._planned(directory)
        self.probes = self.plan.probes(self.chosen)

    def _planned(self, directory: Directory) -> Plan:
        return Plan(CATALOGUE, self.contract, self.edition, directory)

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
        self.base_url, self.recording = found.base_url, found.recording
        self.plan = replace(self._planned(found.directory), extra=found.extra)
        self.probes = self.plan.probes(self.chosen)

    @cached_property
    def judge(self) -> Judge:
        """Judges what was recorded; to be asked after `record`."""
        return Judge(self.plan, diagnosis.set_aside(self.recording, self.probes))

    def verdicts(self, cell: Cell) -> list[Verdict]:
        """The verdicts of one cell, one an owner."""
        return self.judge.verdicts(cell)

    def document(self) -> dict[str, Any]:
        """`verdicts.json` of the chosen cells."""
        from .reporting import provenance, verdicts_file  # late: merely collecting draws no report

        return verdicts_file.document(
            [verdict for cell in self.chosen for verdict in self.verdicts(cell)],
            target=self.about(),
            requirements={
                one.id: {"sentence": one.sentence, "level": str(one.level), "cites": one.cites,
                         "chapter": one.chapter, "link": one.link}
                for one in CATALOGUE.values()
            },
            edition=self.edition.name,
            started=self.started,
            finished=self.finished,
            interrupted=self.interrupted,
            fail_on=self.options["fail_on"],
            complete=self.complete,
            shapes=[shape.key for shape in self.contract.shapes],
            notes=self.judge.recording.notes,
            run=provenance.ci_run(os.environ),
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        """The target as plain data, without any token: address, owners, callers."""
        directory = self.plan.directory
        return {
            "base_url": self.base_url,
            "owners": [{"label": owner.label, "kind": owner.kind, "state": owner.state} for owner in directory.owners],
            "callers": [
                {"label": caller.label, "scopes": sorted(caller.scopes) if caller.scopes is not None else None}
                for caller in directory.callers
            ],
        }

    def har(self) -> str:
        """The recording as HAR, with all that a replay needs to know of the target."""
        directory = self.plan.directory
        about = {
            "base_url": self.base_url,
            "edition": self.edition.name,
            "started": self.started,
            "embedded": self.embedded,
            **replaying.described(directory),
        }
        return har.dump(self.recording, self.probes, about)


def exit_code(document: dict[str, Any]) -> int:
    """The exit code that a document's outcomes ask for (see README: exit codes)."""
    counts = {outcome: document["counts"][outcome] for outcome in Outcome}
    if document["interrupted"]:
        return 2
    if counts[Outcome.BROKEN]:
        return 3
    should = document["fail_on"] == "should" and counts[Outcome.DEPARTS]
    gaps = document["complete"] and counts[Outcome.NOT_EXERCISED]
    if counts[Outcome.VIOLATES] or should or gaps or document["about"]["stale"]:
        return 1
    if counts[Outcome.INCONCLUSIVE]:
        return 6
    exercised = (Outcome.CONFORMS, Outcome.DEPARTS, Outcome.KNOWN)
    return 0 if any(counts[outcome] for outcome in exercised) else 5


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


__all__ = ["EMBEDDED", "Progress", "Run", "exit_code"]
