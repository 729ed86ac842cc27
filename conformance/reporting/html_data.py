"""What a row of `report.html` shows when it is opened: data for the page's script, each text in it once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..causes.evidence import blocked_by, weight
from ..model import Outcome
from .exchanges import shown
from .outcomes import RANK
from .printable import visible
from .run import Exchanges, Run, VerdictData

VERDICTS_A_ROW = 12
"""Verdicts that an opened row lists; the others are in `verdicts.json`."""
EXCHANGES_A_PAGE = 1200
"""Exchanges that a page has; the others are in `exchanges.har`."""
PHOTO_BYTES_A_PAGE = 1_500_000

Rows = Mapping[str, tuple[VerdictData, ...]]
"""Verdicts by row id."""


def embedded(run: Run, rows: Rows, *, show_photos: bool = False) -> str:
    """JSON for a `<script type="application/json">`; nothing in it can end that element.

    `strings` is a table that the rest points into by index; `exchanges` are listed once each, and the worst rows
    have the first claim on the room there is.
    """
    page = _Tables(run.document["clauses"], run.exchanges, show_photos)
    blocked = blocked_by(run.document)
    ordered = sorted(rows.items(), key=lambda row: min(map(_rank, row[1]), default=99))
    drawn = {identity: page.row(verdicts, blocked) for identity, verdicts in ordered}
    data = {"strings": list(page.strings), "exchanges": page.drawn, "rows": drawn}
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _rank(verdict: VerdictData) -> int:
    return RANK[verdict["outcome"]]


@dataclass(frozen=True)
class _Tables:
    """The tables that fill while rows are drawn."""

    clauses: Mapping[str, str]
    exchanges: Exchanges
    show_photos: bool
    strings: dict[str, int] = field(default_factory=dict)
    drawn: list[list[Any]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """Where in `drawn` an exchange is."""
    photos: set[str] = field(default_factory=set)

    def row(self, verdicts: tuple[VerdictData, ...], blocked: Mapping[tuple[str, str], Counter[str]]) -> list[Any]:
        """The verdicts listed, how many are not, and which requirements the row's violation blocks."""
        listed = sorted(verdicts, key=_rank)[:VERDICTS_A_ROW]
        first = listed[0]
        blocks = blocked.get((first["requirement"], first["variant"]), Counter())
        blocks = blocks if first["outcome"] in (Outcome.VIOLATES, Outcome.KNOWN) else Counter()
        return [
            [self._verdict(verdict) for verdict in listed],
            sum(map(weight, verdicts)) - len(listed),
            [[self._index(name), count] for name, count in sorted(blocks.items())],
            self._index(f"{first['cites']}: {says}" if (says := self.clauses.get(first["cites"])) else "", 600),
            self._index(first.get("cause") or ""),
        ]

    def _verdict(self, verdict: VerdictData) -> list[Any]:
        return [
            self._index(verdict["outcome"]),
            self._index(verdict["case"]),
            [
                [self._index(finding[name], 1000) for name in ("at", "wanted", "got")]
                for finding in verdict["findings"][:20]
            ],
            self._index(verdict["reason"] or "", 1000),
            self._index(verdict["blocked_by"] or ""),
            [place for each in verdict["exchanges"][:6] if (place := self._exchange(each)) is not None],
            len(verdict["exchanges"]),
        ]

    def _exchange(self, identity: str) -> int | None:
        if identity not in self.places:
            if identity not in self.exchanges or len(self.drawn) >= EXCHANGES_A_PAGE:
                return None
            self.places[identity] = len(self.drawn)
            room = sum(map(len, self.photos)) < PHOTO_BYTES_A_PAGE
            exchange = shown(self.exchanges, identity, show_photos=self.show_photos and room)
            self.photos.add(exchange.photo)
            self.drawn.append([self._drawn(getattr(exchange, each.name)) for each in fields(exchange)])
        return self.places[identity]

    def _drawn(self, value: str | int | tuple[tuple[str, str], ...]) -> int | list[int]:
        """A member of an exchange: texts by their places."""
        if isinstance(value, tuple):
            return [self._place(text) for header in value for text in header]
        return self._place(value) if isinstance(value, str) else value

    def _index(self, text: str, limit: int | None = 300) -> int:
        return self._place(visible(text, limit))

    def _place(self, shown: str) -> int:
        """The index of a text that is fit to be shown."""
        return self.strings.setdefault(shown, len(self.strings))
