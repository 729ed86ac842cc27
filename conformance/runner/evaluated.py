"""The third stage: what was recorded, evaluated; and from that the document and the recording as files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..evaluation import batched_evaluation, edition_detection, run_problems
from ..evaluation.batched_evaluation import Tally
from ..model import Finding, Probe, Verdict
from ..options.config import Config
from ..planning.plan import Plan, probes_of_all
from ..recording import har_writer, replay
from ..recording.har_writer import Har
from ..recording.sanitizer import cleaned
from ..reporting import ci, report_files, verdicts_file
from ..reporting.report_files import Results
from ..requirements.statements import described, statements
from ..spec import Edition
from ..target import batches
from ..target.tenant import Tenant
from .prepared import Prepared
from .recorded import Recorded, now


@dataclass(frozen=True)
class Evaluated:
    """The verdicts of a run."""

    recorded: Recorded
    edition: Edition
    """The one that the target was found to follow, or was asked for."""
    asked_for: frozenset[str]
    """Names of the cells of that edition."""
    probes: Sequence[Probe]
    """What was to be asked, of the first batch of owners."""
    verdicts: Sequence[Verdict]
    tally: Tally

    def document(self) -> dict[str, Any]:
        """`verdicts.json` of the chosen cells."""
        recorded, prepared = self.recorded, self.recorded.prepared
        chosen = {cell.name for cell in recorded.chosen}
        facts = {
            "target": {"base_url": recorded.base_url, **replay.people(recorded.tenant)},
            "edition": self.edition.name,
            "started": recorded.started,
            "finished": recorded.finished,
            "interrupted": recorded.interrupted,
            "fail_on": prepared.config.fail_on,
            "complete": prepared.complete,
            "about": self._about(chosen),
            "notes": [
                *self.tally.notes, *batches.notes(recorded.own, prepared.shard, counted=self.tally.counting),
            ],
            "clauses": {row["id"]: row["says"] for row in statements()},
            "requirements": described(),
        }  # fmt: skip
        return verdicts_file.document(self.verdicts, facts)

    def results(self, **about: Any) -> Results:
        """The document with the causes of what is wrong, and the recording; `about` goes into what the document says.

        Both are without secrets.
        """
        document, har = self.document(), self.har()
        document["about"] |= about
        return report_files.results(document, har.entries, har.lines(), self.recorded.prepared.redactor.text)

    def _about(self, chosen: set[str]) -> dict[str, Any]:
        prepared, asked = self.recorded.prepared, len(chosen & self.asked_for)
        others = [cell for cell in prepared.cells if cell.name not in chosen] if prepared.deviations.lines else ()
        partly = bool(prepared.config.sample or prepared.shard or self.tally.counting)
        about: dict[str, Any] = {
            "run": ci.ci_run(os.environ),
            "shapes": [shape.key for shape in self.edition.shapes],
            "stale": list(prepared.deviations.stale(self.verdicts, others, sampled=partly)),
            "options": _options(prepared.config),
        }
        if prepared.shard:  # what `merge` has to know: which shard it is, and what the whole run was asked for
            number, of = prepared.shard
            whole = prepared.complete_when_merged
            about["shard"] = {"number": number, "of": of, "edition": prepared.edition_asked, "complete": whole}
        if asked < len(self.asked_for):
            about["selected"] = [asked, len(self.asked_for)]
        return about

    def har(self) -> Har:
        """The recording as HAR, with all that a later evaluation needs to know of the target.

        Past 500 owners it holds what some verdict names, and of all else the SHA-256; but a shard's is whole, since
        `merge` evaluates it.
        """
        recorded, prepared, tally = self.recorded, self.recorded.prepared, self.tally
        about = {
            "base_url": recorded.base_url,
            "edition": self.edition.name,
            "started": recorded.started,
            "embedded": prepared.embedded,
            "explore": self.edition.explore,
            **replay.described(recorded.tenant, prepared.shard),
        }
        if tally.counting and not prepared.shard:
            recording = replace(recorded.recording, exchanges=tally.exchanges)
            return har_writer.har(recording, tally.probes, {**about, "left_out": tally.left_out}, prepared.redactor)
        plans = [recorded.plan(part, self.edition) for part in recorded.parts[1:]]
        probes = [*self.probes, *(probe for plan in plans for probe in plan.probes(recorded.chosen))]
        return har_writer.har(recorded.recording, probes, about, prepared.redactor)


def unfinished(prepared: Prepared) -> dict[str, Any]:
    """What the reports of a run say until it has ended."""
    facts = {
        "target": {"base_url": prepared.base_url, "owners": [], "callers": []},
        "edition": prepared.edition_asked,
        "started": now(),
        "finished": now(),
        "interrupted": True,
        "about": {"unfinished": True},
    }
    return verdicts_file.document((), facts)


def _options(config: Config) -> dict[str, str]:
    """What differs from the defaults and has to be known to repeat the run; nothing that may hold a secret."""
    names, default = ("odata", "sample", "seed", "explore", "deadline", "patience", "max_time"), Config()
    return {name: str(value) for name in names if (value := getattr(config, name)) != getattr(default, name)}


def evaluate(recorded: Recorded) -> Evaluated:
    """Every chosen cell, by the edition that the target follows; known deviations are applied."""
    prepared, chosen, recording = recorded.prepared, recorded.chosen, recorded.recording
    plans = recorded.plan(recorded.parts[0], prepared.widest_edition).in_editions(prepared.editions)
    first, asked = plans[-1], probes_of_all(plans, chosen)
    if len(plans) > 1:
        some = batched_evaluation.answered(recording, asked) if len(recorded.parts) > 1 else recording
        usable = run_problems.set_aside(some, asked, first.tenant.callers)
        first, notes = edition_detection.detected(plans, usable, chosen)
        recording = replace(recording, notes=(*recording.notes, *notes))

    def plan_of(part: Tenant) -> Plan:
        return recorded.plan(part, first.edition) if len(recorded.parts) > 1 else first

    asked_for = frozenset(first.cases)
    cells = [cell for cell in chosen if cell.name in asked_for]
    tally = batched_evaluation.evaluated(recorded.own, recorded.parts, plan_of, recording, cells)

    clean = partial(cleaned, redact=prepared.redactor.text)
    found = (verdict for cell in cells for verdict in tally.verdicts(cell))
    verdicts = [_cleaned(verdict, clean) for verdict in prepared.deviations.applied(found)]
    return Evaluated(recorded, first.edition, asked_for, asked, verdicts, tally)


def _cleaned(verdict: Verdict, clean: Callable[[str], str]) -> Verdict:
    """The verdict as it may leave the process; evaluation saw the responses as they came."""
    if not verdict.findings and not verdict.reason:
        return verdict
    findings = tuple(Finding(clean(one.at), clean(one.wanted), clean(one.got)) for one in verdict.findings)
    return replace(verdict, findings=findings, reason=verdict.reason and clean(verdict.reason))
