"""Random requests (`--explore`): where they are evaluated, and how many of each kind an operation has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..model import Cell, Operation, Probe, State
from ..spec.editions import Edition
from .selectors import Case, Shapes, cell_at

PREFIX = "explore-"
"""The prefix of random request kinds."""


def is_drawn(key: str) -> bool:
    """Whether a probe, by its key, is random and not planned."""
    return key.rpartition("/")[2].startswith(PREFIX)


def shares(operation: Operation, count: int) -> tuple[int, int]:
    """How many of `count` requests have odd ids, and how many vary the options for a known owner."""
    ids = (count + 1) // 2 if operation.ids else 0
    return ids, count - ids


@dataclass(frozen=True)
class Explored:
    """The random requests of an operation: with odd ids (UNKNOWN), or for an owner with a photo (PRESENT)."""

    state: State
    roles = frozenset({"answer", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        """One for each operation, for both addressings."""
        operations = {shape.operation.id: shape for shape in shapes}
        for shape in operations.values():
            ids, request_kinds = shares(shape.operation, edition.explore)
            if ids if self.state is State.UNKNOWN else request_kinds:
                yield cell_at(requirement, shape, self.state, addressing=None)

    def cases(self, cell: Cell, shapes: Shapes, tenant: Any) -> Iterator[Case]:
        """None of its own: the plan has the random requests."""
        return iter(())


def among(cell: Cell, explored: Iterable[Probe]) -> list[Case]:
    """The cell's one case of random requests, if there are any."""
    place = (cell.variant, cell.form, cell.state)
    own = [probe for probe in explored if (probe.shape.variant, probe.shape.form, probe.state) == place]
    return [Case(cell, "explored", tuple(("answer", probe) for probe in own))] if own else []
