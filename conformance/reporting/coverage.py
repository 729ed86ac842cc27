"""How much of the contract a run tested with owners that are known to have a photo, or to have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..causes.evidence import Document, VerdictData, owner_of, shape_of
from ..model import OWNED, Outcome, State
from .outcomes import EXERCISED

_OF_ERRORS_TOO = ("http.", "error.", "odata.")
"""Requirements on every response."""
_PERMITTED = "permission.one-scope-is-enough"
"""The requirement that says of a caller with certain scopes that they get an owner's photo."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the contract was tested with owners that are known to have a photo, or to have none.

    Refusals of bad credentials and unknown owners occur on every target, and say little about a photo.
    """

    operations: int
    of_operations: int
    shapes: int
    of_shapes: int
    left_out: tuple[str, ...]
    """Keys of the path shapes that were not."""
    showing: int
    """Of how many operations a response for an owner with a photo was evaluated."""

    def __str__(self) -> str:
        shapes = f"{self.shapes} of {self.of_shapes} path shapes"
        return f"Tested: {self.operations} of {self.of_operations} operations, {shapes}"


def covered(document: Document, shapes: Sequence[str]) -> Coverage:
    """Operations and path shapes that some verdict on a known owner was reached on, of those of the edition."""
    asked: dict[str, set[str | None]] = {State.PRESENT: set(), State.ABSENT: set()}
    for verdict, state in _on_known_owners(document):
        asked[state].add(shape_of(verdict))
    reached = [shape for shape in shapes if any(shape in each for each in asked.values())]
    every, some = operations(shapes), operations(reached)
    showing = operations(shape for shape in reached if shape in asked[State.PRESENT])
    left_out = tuple(shape for shape in shapes if shape not in reached)
    return Coverage(len(some), len(every), len(reached), len(shapes), left_out, len(showing))


def of_known_owners(document: Document) -> bool:
    """Whether some verdict says something of an owner known to have a photo or none, or rests on it."""
    selected = "selected" in document["about"] and document["target"]["callers"]
    beside = selected and any(map(_beside_known_owner, document["verdicts"]))
    return bool(beside) or any(_on_known_owners(document))


def _on_known_owners(document: Document) -> Iterator[tuple[VerdictData, str]]:
    """The verdicts on what a response says of a known owner's photo, not only as an error, and the owner's state."""
    states = {owner["label"]: owner.get("state") for owner in document["target"]["owners"]}
    for verdict in document["verdicts"]:
        errors_too = verdict["requirement"].startswith(_OF_ERRORS_TOO)
        owner = owner_of(verdict).rpartition(".")[0]  # before the caller
        state = states.get(owner) if verdict["requirement"] == _PERMITTED else verdict["state"]
        evaluated = verdict["outcome"] in ((Outcome.VIOLATES, Outcome.KNOWN) if errors_too else EXERCISED)
        if evaluated and state in (State.PRESENT, State.ABSENT):
            yield verdict, state


def _beside_known_owner(verdict: VerdictData) -> bool:
    """Whether it says something by way of a known owner: of them, of who may ask, or of an unknown id beside them."""
    says = verdict["state"] in OWNED or not verdict["requirement"].startswith(_OF_ERRORS_TOO)
    return says and verdict["outcome"] in EXERCISED and not owner_of(verdict).startswith("unknown.")


def operations(shapes: Iterable[str]) -> set[tuple[str, str]]:
    """Variant and form of each of these path shapes."""
    return {(variant, form) for variant, form, *_ in (shape.split(".") for shape in shapes)}
