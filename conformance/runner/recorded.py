"""What was recorded of a target, and what it comes to: plans, verdicts, the document, the recording as a file."""

from __future__ import annotations

import os
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..auth.redaction import Redactor
from ..evaluation import batched_evaluation, edition_detection, known_deviations, run_problems
from ..evaluation.batched_evaluation import Tally
from ..evaluation.evaluator import Evaluator
from ..fuzzing import probes
from ..model import Cell, Probe, Recording, UsageProblem, Verdict
from ..planning.plan import Plan
from ..recording import har_writer, replay
from ..requirements import CATALOGUE
from ..spec import EDITIONS, Contract, load
from ..spec.editions import Edition
from ..target import batches
from ..target import target_file as target_file
from ..target.base_url import checked_base_url
from ..target.target_file import Target, TargetError
from ..target.tenant import Tenant


@dataclass
class Recorded:
    """The part of a run that sends nothing; `run.Run` fills it, by asking or from a tape.

    Raises:
        UsageProblem: by its making, where something told cannot be used.
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
    parts: Sequence[Tenant] = ()
    """The owners that are judged, so many at a time; one part where memory holds them all."""
    extra: tuple[Probe, ...] = ()
    """What a foreign recording asks beyond the plan."""
    explored: tuple[Probe, ...] = ()
    """What was drawn at random."""
    notes: tuple[str, ...] = ()
    """What finding out who lives there came to."""

    def __post_init__(self) -> None:
        self.target = self._read_target()
        path = self.options["recording"]
        self.cassette = None if path is None else replay.load(path)
        if self.base_url is None:
            self.base_url = self.target.base_url
        if self.base_url is not None:
            self.base_url = checked_base_url(self.base_url)
        elif self.options["target"] is not None and self.cassette is None:
            raise UsageProblem(f"target file {self.options['target']}: expected a base_url in it, or --base-url")
        self.embedded: bool = self.cassette.about.get("embedded") is True if self.cassette else self.base_url is None
        """Whether the target is our own server, or was when it was recorded."""
        name = self.options["edition"] or self.target.edition or self._recorded("edition", EDITIONS) or EDITIONS[0]
        explore = probes.count(self.options["explore"], self.cassette, embedded=self.embedded)
        self.editions = edition_detection.candidates(name, odata=self.options["odata"], explore=explore)
        self.edition: Edition = self.editions[-1]
        """The one to judge by; of several the one with the most paths, until the answers tell which is followed."""
        self.contract: Contract = load(self.edition.name)
        listed = self.options["known_deviations"]
        self.deviations = known_deviations.read(listed, CATALOGUE) if listed else known_deviations.NONE
        self.redactor = Redactor(self.options["http_header"])
        self.own = self.target.tenant
        self.recording = Recording({}, self.target.tenant.owners, self.target.tenant.callers)

    def _read_target(self) -> Target:
        told = {} if self.options["target"] is None else self.options["target"]
        try:
            return target_file.parse(told) if isinstance(told, Mapping) else target_file.read(told)
        except TargetError as error:
            raise UsageProblem(str(error)) from None

    def _recorded(self, name: str, known: Container[str]) -> str | None:
        """What the recording tells of the run that it was made by, if that is something known."""
        value = replay.told(self.cassette, name) if self.cassette else None
        return value if value in known else None

    @property
    def edition_asked(self) -> str:
        """The edition's name as it was asked for: `auto` where the answers are to tell it."""
        return edition_detection.AUTO if len(self.editions) > 1 else self.edition.name

    @property
    def complete(self) -> bool:
        """Whether a cell that is not exercised fails the run."""
        told: bool | None = self.options["complete"]
        return (self.embedded if told is None else told) and self.shard is None

    @property
    def shard(self) -> tuple[int, int] | None:
        """Which part of how many this run judges; None: the whole."""
        told: tuple[int, int] | None = self.options["shard"]
        return told or (replay.shard(self.cassette) if self.cassette else None)

    @property
    def large(self) -> bool:
        """Whether its recording will hold but a part of the answers."""
        told = self.cassette is None and self.shard is None and not self.options["sample"]
        return told and len(self.target.tenant.owners) > batches.AT_A_TIME

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells of the edition, in the catalogue's order; with `auto` those of all editions."""
        return edition_detection.cells(CATALOGUE, self.editions)

    def _plan(self, plan: Plan) -> None:
        self.plan, self.plans = plan, edition_detection.plans(plan, self.editions)
        self.probes = edition_detection.probes(self.plans, self.chosen)

    def _planned(self, tenant: Tenant) -> Plan:
        once = (self.extra, self.explored) if tenant.leading else ((), ())
        return Plan(CATALOGUE, self.contract, self.edition, replace(tenant), *once)  # what it caches goes with it

    def _divide(self, tenant: Tenant) -> None:
        """Settle which owners this run judges, and how many at a time."""
        self.own, representing = tenant, self._standing(tenant)
        if self.shard:
            self.own = batches.shard(tenant, *self.shard, representing)
        self.parts = batches.batches(self.own, representing=representing)

    def _standing(self, tenant: Tenant) -> set[str]:
        """The families of which something is asked that stands for all; they are judged together."""
        if self.shard is None and len(tenant.owners) <= batches.AT_A_TIME:
            return set()
        plan = self._planned(tenant.part((), leading=True))
        return {batches.family(probe.owner) for probe in plan.probes(self.cells)}

    @cached_property
    def plan(self) -> Plan:
        return self._planned(self.target.tenant)

    @cached_property
    def evaluator(self) -> Evaluator | Tally:
        """Judges what was recorded, by the edition that it follows; to be asked after `record`."""
        recording = self.recording
        if many := len(self.parts) > 1:
            self._plan(self._planned(self.parts[0]))
            recording = batched_evaluation.answered(recording, self.probes)
        recording = run_problems.set_aside(recording, self.probes)
        if len(self.plans) > 1:
            found = edition_detection.detected(self.plans, recording, self.chosen)
            self.plan, self.edition, self.contract = found.plan, found.plan.edition, found.plan.contract
            recording = replace(recording, notes=(*recording.notes, *found.notes))
        if many:
            whole = replace(self.recording, notes=recording.notes)
            return batched_evaluation.evaluated(self.own, self.parts, self._planned, whole, self.chosen)
        return Evaluator(self.plan, recording)

    def verdicts(self, cell: Cell) -> list[Verdict]:
        """The verdicts of one cell, one an owner; none where the edition that is followed does not ask for it."""
        if cell.name not in self._verdicts:
            found = self.evaluator.verdicts(cell)
            self._verdicts[cell.name] = self.deviations.applied(found) if cell.name in self._asked_for else []
        return self._verdicts[cell.name]

    @cached_property
    def _verdicts(self) -> dict[str, list[Verdict]]:
        return {}

    @cached_property
    def _asked_for(self) -> set[str]:
        return {cell.name for cell in edition_detection.cells(CATALOGUE, [self.edition])}

    def document(self) -> dict[str, Any]:
        """`verdicts.json` of the chosen cells."""
        from ..reporting import provenance, verdicts_file  # late: merely collecting draws no report

        evaluator = self.evaluator
        verdicts = [verdict for cell in self.chosen for verdict in self.verdicts(cell)]
        others = set(self.cells) - set(self.chosen) if self.deviations.lines else ()
        partly = bool(self.options["sample"] or self.shard or len(self.parts) > 1)
        return verdicts_file.document(
            verdicts,
            target={"base_url": self.base_url, **replay.people(self.target.tenant)},
            requirements=CATALOGUE.described(),
            edition=self.edition.name,
            started=self.started,
            finished=self.finished,
            interrupted=self.interrupted,
            fail_on=self.options["fail_on"],
            complete=self.complete,
            shapes=[shape.key for shape in self.contract.shapes],
            notes=(*evaluator.notes, *batches.notes(self.own, self.shard, counted=isinstance(evaluator, Tally))),
            stale=self.deviations.stale(verdicts, others, sampled=partly),
            run=provenance.ci_run(os.environ),
            shard=self._told_of_shard(),
            selected=(sum(cell.name in self._asked_for for cell in self.chosen), len(self._asked_for)),
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
        evaluator, recording, probes = self.evaluator, self.recording, self.probes
        about = {
            "base_url": self.base_url,
            "edition": self.edition.name,
            "started": self.started,
            "embedded": self.embedded,
            "explore": self.edition.explore,
            **replay.described(self.target.tenant, self.shard),
        }
        if self.shard and len(self.parts) > 1:
            probes = [probe for part in self.parts for probe in self._planned(part).probes(self.chosen)]
        elif isinstance(evaluator, Tally):
            recording, probes = replace(recording, exchanges=evaluator.exchanges), evaluator.probes
            about["left_out"] = evaluator.left_out
        return har_writer.dump(recording, probes, about, self.redactor)
