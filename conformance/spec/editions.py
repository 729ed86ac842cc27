"""What differs between editions beyond their operations and schemas: `x-edition` of the description, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from ..model import Level
from .description import EDITIONS, load


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, and what a run asks for beyond it."""

    name: str
    placeholder: bool
    """For an owner without a photo the metadata is 200 and a placeholder (S39); else 404."""
    size_letters: str | None
    """Letters that an id such as `240X240` may have; None: any id is allowed."""
    apps_see_groups: bool = True
    """An application with a group scope must be shown a group's photo; else it may be refused with 403."""
    levels: Mapping[str, Level | None] = field(default_factory=dict, hash=False)
    """Of requirements by id, where it is not the usual one; None: not asked in this edition."""
    odata: bool = False
    """Whether the overlay is asked for as well: what OData and HTTP say beyond the page (clauses O1, O2 …)."""
    explore: int = 0
    """Random requests per operation (clauses X1, X2 …)."""


@cache
def edition_named(name: str = EDITIONS[0]) -> Edition:
    """An edition by name.

    Raises:
        UsageProblem: there is no edition of that name.
    """
    data = load(name).document["info"]["x-edition"]
    levels = {requirement: level and Level(level) for requirement, level in data["levels"].items()}
    return Edition(name, data["placeholder"], data["sizeLetters"], data["appsSeeGroups"], levels)
