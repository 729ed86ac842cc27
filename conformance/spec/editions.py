"""The editions of the contract: the page's two, and the service as it has been observed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edition:
    """What differs between editions; which requirements hold at which level stands with each requirement."""

    name: str
    placeholder: bool
    """An owner without a photo is answered 200 and a placeholder (S39); else 404."""
    size_letters: str | None
    """Letters that may stand in an id such as `240X240`; None: the id is free."""
    apps_see_groups: bool = True
    """An application by itself, with a group scope, is answered a group's photo; else it may be refused with 403."""
    odata: bool = False
    """Whether the overlay is asked for as well: what OData and HTTP say beyond the page (clauses O1, O2 …)."""
    explore: int = 0
    """Requests an operation that are drawn at random (clauses X1, X2, and others once more)."""


V2016 = Edition("v1.0-2016", placeholder=True, size_letters="X")
V2023 = Edition("v1.0-2023", placeholder=True, size_letters="xX")
OBSERVED = Edition("observed", placeholder=False, size_letters=None, apps_see_groups=False)

EDITIONS = {edition.name: edition for edition in (V2016, V2023, OBSERVED)}
DEFAULT = V2016
