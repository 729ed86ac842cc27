"""One run: from options to verdicts. Everything but pytest: who is the target, what is asked, what was answered."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from . import diagnosis
from .contract import Contract, load
from .edition import DEFAULT, EDITIONS, Edition
from .judging import Judge
from .model import Cell, Outcome, Probe, Recording, Verdict
from .options import UsageProblem, checked_base_url
from .planning import target as target_file
from .planning.directory import Directory
from .planning.plan import Plan, cells, detection
from .planning.states import learnt
from .planning.target import DEFAULT_CALLER, Target, TargetError
from .recording import har
from .recording.recorder import Recorder
from .recording.redaction import Redactor
from .recording.settings import Settings
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

    def __post_init__(self) -> None:
        self.target = self._read_target()
        self.base_url = self.base_url or self.target.base_url
        if self.base_url is not None:
            self.base_url = checked_base_url(self.base_url)
        name = self.options["edition"] or self.target.edition or DEFAULT.name
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

    @property
    def embedded(self) -> bool:
        """Whether the target is our own server."""
        return self.base_url is None and self.options["recording"] is None

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
            if self.options["recording"] is not None:
                self._replay(self.options["recording"])
            else:
                self._ask(progress)
        except KeyboardInterrupt:
            self.interrupted = True
            raise
        finally:
            self.finished = _now()

    def _ask(self, progress: Progress | None) -> None:
        with ExitStack() as stack:
            environ: dict[str, str] = dict(os.environ)
            if self.base_url is None:
                environ |= self._start_reference(stack)
            tokens = SourcedTokens(self.target.sources, environ)
            self._check_tokens(tokens)
            recorder = stack.enter_context(Recorder(self._settings(), tokens, progress))
            self.redactor = recorder.redactor
            try:
                directory = self.target.directory
                states = recorder.ask(detection(self.contract, directory))
                self._plan(learnt(directory, states, self.contract))
                recorder.ask(self.probes)
            finally:
                directory = self.plan.directory
                self.recording = Recording(recorder.exchanges, directory.owners, directory.callers)

    def _start_reference(self, stack: ExitStack) -> dict[str, str]:
        """Our own server as the target; what it says stands in for the target file and the environment."""
        from .reference import embedding  # late: a run on another target needs no server
        from .reference.serving import Settings as ServerSettings

        running = stack.enter_context(embedding.start(ServerSettings(port=0, edition=self.edition.name)))
        self.target = target_file.read(running.target)
        self.base_url = running.base_url
        return dict(running.tokens)

    def _check_tokens(self, tokens: SourcedTokens) -> None:
        directory = self.target.directory
        missing = tokens.missing(self.target.sources)
        if missing == {DEFAULT_CALLER: target_file.GRAPH_TOKEN} or set(missing) == {DEFAULT_CALLER}:
            self.target = replace(self.target, directory=replace(directory, default=None))
            return
        for caller, variable in missing.items():
            raise UsageProblem(
                f"the token of {caller} should stand in the environment variable {variable}; it is not set"
            )

    def _settings(self) -> Settings:
        told = self.options
        try:
            return Settings(
                base_url=self.base_url or "",
                concurrency=int(told["concurrency"]),
                deadline=told["deadline"],
                patience=told["patience"],
                rate=told["rate"],
                headers=told["http_header"],
                ca_bundle=_text(told["ca_bundle"]),
                client_cert=_text(told["client_cert"]),
                proxy=told["http_proxy"],
            )
        except ValueError as error:
            raise UsageProblem(str(error)) from None

    def _plan(self, directory: Directory) -> None:
        self.plan = Plan(CATALOGUE, self.contract, self.edition, directory)
        self.probes = self.plan.probes(self.chosen)

    @cached_property
    def plan(self) -> Plan:
        return Plan(CATALOGUE, self.contract, self.edition, self.target.directory)

    def _replay(self, path: Path) -> None:
        try:
            tape = har.load(path)
        except har.UnreadableRecording as error:
            raise UsageProblem(f"recording {path}: {error}") from None
        self._take(tape)

    def replay(self, chosen: Sequence[Cell], tape: har.Tape) -> None:
        """Judge the chosen cells by what another process of this run recorded."""
        self.chosen = chosen
        self.started = str(tape.about.get("started") or _now())
        self._take(tape)
        self.finished = _now()

    def _take(self, tape: har.Tape) -> None:
        """Judge what a tape holds, as if it had just been recorded."""
        directory = self.target.directory
        if tape.owners and self.options["target"] is None:
            directory = replace(directory, owners=tape.owners, callers=tape.callers, **_about_callers(tape.about))
        self.base_url = self.base_url or str(tape.about.get("base_url") or "") or None
        self.recording = replace(tape.recording(), owners=directory.owners, callers=directory.callers)
        self._plan(directory)

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
            "default": directory.default,
            "identities": list(directory.identities),
            "unknown": dict(directory.unknown),
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


def _about_callers(about: Any) -> dict[str, Any]:
    default, identities, unknown = about.get("default"), about.get("identities"), about.get("unknown")
    return {
        "default": default if isinstance(default, str) else None,
        "identities": tuple(one for one in identities if isinstance(one, str)) if isinstance(identities, list) else (),
        "unknown": {k: v for k, v in unknown.items() if isinstance(v, str)} if isinstance(unknown, dict) else {},
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


__all__ = ["EMBEDDED", "Progress", "Run", "exit_code"]
