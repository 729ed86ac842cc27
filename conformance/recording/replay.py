"""A recording in place of a target: who lived there, and which answer belongs to which probe. Nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..model import Exchange, Owner, Probe, Recording, UsageProblem
from ..planning.plan import Plan
from ..spec import Contract
from ..target.base_url import checked_base_url
from ..target.states import detection
from ..target.tenant import Directory
from . import har_import, har_writer
from .har_import import Reading
from .har_reader import Tape, UnreadableRecording
from .matching import Placed, place

Plans = Callable[[Directory], Plan]
Settle = Callable[[Directory, Mapping[str, Exchange]], Directory]
"""Puts into a directory what the answers of a recording, by probe key, tell where a target file left it open."""

_LABEL = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_NEEDED = {"user": (), "group": ("group_id",), "contact": ("contact_id",)}
_IDS = ("user_id", "user_upn", "group_id", "contact_id", "folder_id", "parent_id", "size")


@dataclass(frozen=True)
class Replay:
    """All that a run would have learnt by asking."""

    base_url: str | None
    directory: Directory
    recording: Recording
    extra: tuple[Probe, ...] = ()
    """Probes for what a foreign recording asks beyond the plan."""


def load(path: Path) -> Tape:
    """A recording of ours or of another maker.

    Raises:
        UsageProblem: it is none, or names owners that there cannot be.
    """
    try:
        tape = har_writer.load(path)
        _check(tape.owners)
    except UnreadableRecording as error:
        raise UsageProblem(f"recording {path}: {error}") from None
    return tape


def _check(owners: Iterable[Owner]) -> None:
    labels: set[str] = set()
    for owner in owners:
        if not _LABEL.fullmatch(owner.label) or owner.label in labels:
            raise UnreadableRecording("its owners should each have a label of their own, of letters, digits, . _ -")
        if owner.kind not in _NEEDED or any(getattr(owner, name) is None for name in _NEEDED[owner.kind]):
            raise UnreadableRecording(f"its owner {owner.label} should be a user, a group or a contact, with an id")
        if any(getattr(owner, name) == "" for name in _IDS):
            raise UnreadableRecording(f"its owner {owner.label} should have no empty id")
        labels.add(owner.label)


def told(tape: Tape, name: str) -> str | None:
    """What a recording of ours tells of its run, e.g. its `edition`."""
    value = tape.about.get(name)
    return value if isinstance(value, str) and value else None


def base_url(tape: Tape) -> str | None:
    """The target's address as our own recording tells it; None where it tells none that could be one."""
    try:
        return checked_base_url(told(tape, "base_url") or "")
    except UsageProblem:
        return None


def shard(tape: Tape) -> tuple[int, int] | None:
    """Which part of how many of a directory our own recording is about; None: of the whole."""
    match tape.about.get("shard"):
        case [int(number), int(of)] if 1 <= number <= of:
            return number, of
    return None


def people(directory: Directory) -> dict[str, Any]:
    """Owners and callers as plain data for the reports, without any token."""
    return {
        "owners": [{"label": owner.label, "kind": owner.kind, "state": owner.state} for owner in directory.owners],
        "callers": [
            {"label": caller.label, "scopes": sorted(caller.scopes) if caller.scopes is not None else None}
            for caller in directory.callers
        ],
    }


def described(directory: Directory, shard: tuple[int, int] | None = None) -> dict[str, Any]:
    """What a recording has to tell of a directory beside its owners and callers."""
    return {
        **({"shard": list(shard)} if shard else {}),
        "default": directory.default,
        "identities": list(directory.identities),
        "unknown": dict(directory.unknown),
        "closed": sorted(directory.closed),
    }


def directory_of(tape: Tape) -> Directory:
    """The directory that `described` told of, and the tape's owners and callers."""
    about, labels = tape.about, {caller.label for caller in tape.callers}
    unknown = about.get("unknown")
    return Directory(
        tape.owners,
        tape.callers,
        told(tape, "default"),
        tuple(label for label in _texts(about.get("identities")) if label in labels),
        {k: v for k, v in unknown.items() if isinstance(v, str) and v} if isinstance(unknown, dict) else {},
        closed=frozenset(_texts(about.get("closed"))),
    )


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def replay(
    tape: Tape, plans: Plans, contract: Contract, target: Directory | None, url: str | None, settle: Settle
) -> Replay:
    """What the tape's run learnt. `target`: who lives there, where the user told it; `url`: the told base URL."""
    if tape.foreign:
        return _foreign(tape, plans, contract, target, url, settle)
    directory = directory_of(tape)
    recording = tape.recording()
    if target is not None:
        renamed = dict(_renamed(recording.exchanges, directory.owners, target.owners))
        recording = replace(recording, exchanges=renamed)
        directory = settle(target if directory.default else replace(target, default=None), renamed)
    recording = replace(recording, owners=directory.owners, callers=directory.callers)
    return Replay(url or base_url(tape), directory, recording)


def _renamed(
    exchanges: Mapping[str, Exchange], before: Iterable[Owner], now: Iterable[Owner]
) -> Iterator[tuple[str, Exchange]]:
    """Exchanges by the labels that the owners have now; those of whom there is none any more are left out."""
    labels = {name: owner.label for owner in now for name in _names(owner)}
    new = {owner.label: next((labels[name] for name in _names(owner) if name in labels), None) for owner in before}
    for key, exchange in exchanges.items():
        shape, _, rest = key.partition("/")
        whose, _, question = rest.partition("/")
        label = re.split(r"\.(?:unknown|size)-", whose, maxsplit=1)[0]
        if (renamed := new.get(label, label)) is not None:
            yield f"{shape}/{renamed}{whose.removeprefix(label)}/{question}", exchange


def _names(owner: Owner) -> Iterator[tuple[object, ...]]:
    """By what an owner is known again: an id or a userPrincipalName, else that he is the caller."""
    place = (owner.kind, owner.group_id, owner.contact_id, owner.folder_id, owner.size)
    keys = [key for key in (("id", owner.user_id), ("upn", owner.user_upn)) if key[1]]
    yield from ((*place, *key) for key in keys or [("caller", owner.caller)])


def _foreign(
    tape: Tape, plans: Plans, contract: Contract, target: Directory | None, url: str | None, settle: Settle
) -> Replay:
    reading = har_import.read(tape, contract, url)
    directory = target or har_import.directory(reading.asked)
    if target is not None:
        asked = place(reading, detection(contract, target), target, contract, tape.claims)
        directory = settle(target, asked.exchanges)
    plan = plans(directory)
    every = [probe for cases in plan.cases.values() for case in cases for _, probe in case.primary + case.support]
    unique = {probe.key: probe for probe in sorted(every, key=lambda probe: probe.question == "again")}
    placed = place(reading, tuple(unique.values()), directory, contract, tape.claims)
    notes = tuple(_notes(tape, reading, placed))
    recording = Recording(placed.exchanges, directory.owners, directory.callers, notes)
    return Replay(reading.base_url, directory, recording, tuple(placed.extra))


def _notes(tape: Tape, reading: Reading, placed: Placed) -> Iterator[str]:
    """What became of the entries that are not judged, or not by all that is due."""
    counted = (
        (reading.unmatched, "did not match an operation"),
        (tape.cached, "a browser answered from its cache"),
        (placed.others, "bear a token of which nothing says whose it is"),
        (placed.strangers, "ask for somebody of whom nothing says whether he has a photo; a target file would"),
        (len(placed.extra), "ask what no question of the suite asks; they are held to what holds of every answer"),
    )
    for count, words in counted:
        if count:
            yield f"{count} {'entry' if count == 1 else 'entries'} {words}"
    if reading.bare:
        yield (
            "no entry holds an Authorization header, as where a browser leaves it out: "
            "only what was answered 401 counts as asked without a token"
        )
