"""The sizes that photos are kept in, found out by asking, for the editions that know paths of sizes.

The target file does not tell them. They are taken from the list at `…/photos`, where the edition has one that can name
the owner; else it is the photo's own size, where that is one of the page's nine squares. Where the list is missing or
empty no size is known, and what is about sizes is not exercised.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..media import json_text
from ..model import Answer, Form, Owner, Probe, State
from ..model.probe import PLAIN
from ..reporting.printable import mapping
from ..spec import Edition
from .listing import Ask
from .tenant import Tenant

SQUARES = (48, 64, 96, 120, 240, 360, 432, 504, 648)
"""Edges in pixels of the squares that the page lists."""
OWNERS = 5
"""Users, and groups, whose sizes are asked for; the callers first."""
SIZES = 2
"""Sizes of one photo that are asked for: the first and the last of the list."""
LONGEST = 200
"""Entries of a list that are read."""
_SIZE = re.compile(r"([1-9][0-9]{0,4})[xX]([1-9][0-9]{0,4})")


def found_out(ask: Ask, tenant: Tenant, editions: Iterable[Edition], variants: Container[str]) -> Tenant:
    """The tenant with the sizes that the target's responses list, contract by contract; found sizes are kept.

    Nothing is requested where none of the `variants` has a path with a size.
    """
    for edition in editions:
        if any(shape.operation.leads_to == "size" and shape.variant in variants for shape in edition.shapes):
            tenant = with_sizes(ask, tenant, edition)
    return tenant


def with_sizes(ask: Ask, tenant: Tenant, edition: Edition) -> Tenant:
    """The tenant with one more owner for each size of a photo that the responses list."""
    owners, sources = list(tenant.owners), list(_sources(edition, tenant))
    exchanges = ask([probe for _, probe in sources]) if sources else {}
    for owner, probe in sources:
        exchange = exchanges.get(probe.key)
        if exchange is not None and exchange.answer is not None:
            listed = probe.shape.operation.leads_to == "sizes"
            owners += [of_size(owner, size) for size in _sizes(exchange.answer, listed=listed)]
    return tenant.with_owners(owners)


def _sources(edition: Edition, tenant: Tenant) -> Iterator[tuple[Owner, Probe]]:
    """Each owner with no known size yet, and the request whose response lists the sizes."""
    sized = [shape for shape in edition.shapes if shape.operation.leads_to == "size"]
    if not sized or tenant.default is None:
        return
    known = {owner.person for owner in tenant.owners if owner.size is not None}
    for kind in ("user", "group"):
        owners = [o for o in tenant.owners if (o.kind, o.state, o.size) == (kind, State.PRESENT, None)]
        for owner in sorted(owners, key=lambda owner: owner.caller is None)[:OWNERS]:
            if owner.label in known:
                continue
            shapes = [s for s in edition.shapes if s.form is Form.METADATA and tenant.names(s, owner)]
            lists = [shape for shape in shapes if shape.operation.leads_to == "sizes"]
            for shape in (lists or shapes)[:1]:
                yield owner, tenant.probe(shape, owner, PLAIN, State.PRESENT)


def _sizes(answer: Answer, *, listed: bool) -> list[str]:
    body = _body(answer)
    if not listed:
        return [f"{edge}x{edge}" for edge in SQUARES if body.get("width") == body.get("height") == edge]
    found = list(dict.fromkeys(filter(None, _entries(body))))
    return found[:1] + found[1:][-(SIZES - 1) :]


def every_size(answer: Answer) -> frozenset[str]:
    """All sizes of a list, in lower case; none where it goes on elsewhere, or an entry does not say its size."""
    body = _body(answer)
    found = [size and size.lower() for size in _entries(body)]
    whole = all(found) and len(found) < LONGEST and not any(name.endswith("nextLink") for name in body)
    return frozenset(size for size in found if size and whole)


def _body(answer: Answer) -> Mapping[str, Any]:
    return mapping(json_text.read(answer.body)) if answer.status == 200 else {}


def _entries(body: Mapping[str, Any]) -> list[str | None]:
    """The size of each entry of a list."""
    items = body.get("value")
    return [_size(item) for item in items[:LONGEST]] if isinstance(items, list) else []


def _size(item: Any) -> str | None:
    """The size that an entry of the list is of, as the path is to name it: its id, else width and height."""
    if not isinstance(item, dict):
        return None
    name, numbers = item.get("id"), (item.get("width"), item.get("height"))
    whole = (int(number) if isinstance(number, float) and number.is_integer() else number for number in numbers)
    size = name if isinstance(name, str) and _SIZE.fullmatch(name) else "{}x{}".format(*whole)
    return size if _SIZE.fullmatch(size) else None


def of_size(owner: Owner, size: str) -> Owner:
    """The owner of one size of a photo: named like the photo's owner, with a label of its own."""
    return replace(owner, label=f"{owner.label}.size-{size.lower()}", size=size, team=False, sha256=None)
