"""The parts of `report.html` that are ours, and the page of a comparison.

What a row shows when it is opened is data for the page's script, each text in it once.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib import resources
from typing import Any

from markupsafe import Markup

from .. import __version__
from ..causes.evidence import Document, VerdictData, blocked_by, weight
from ..model import Outcome
from .exchanges import shown
from .outcomes import RANK
from .printable import visible
from .run import CellResult, Exchanges, Run
from .run_comparison import Comparison, side_by_side
from .templates import FOLDER, rendered

CAUSES_SHOWN = 100
VERDICTS_A_ROW = 12
"""Verdicts that an opened row lists; the others are in `verdicts.json`."""
EXCHANGES_A_PAGE = 1200
"""Exchanges that a page has; the others are in `exchanges.har`."""
PHOTO_BYTES_A_PAGE = 1_500_000
_PYTEST_WORDS = {"xfailed": "XFailed"}
"""How pytest-html's filters spell pytest's categories, where that is not with a capital alone."""


def own(name: str) -> Markup:
    """Our style sheet, `report.css`, or our script, `report.js`."""
    return Markup((FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def top(run: Run) -> str:
    """The result, each cause once, the matrix, what was not exercised, and what the run was. Needs no script."""
    found = run.causes[:CAUSES_SHOWN]
    exchanges = [each for cause in found if (each := cause["exchange"]) in run.exchanges]
    return rendered(
        "top.html",
        run=run,
        causes=found,
        rows=_rows_by_cause(run),
        shown={each: shown(run.exchanges, each) for each in exchanges},
        style=own("report.css"),
    )


def _rows_by_cause(run: Run) -> dict[str, list[tuple[str, str]]]:
    """The rows that each cause explains: id and place, each once."""
    found: dict[str, dict[str, str]] = {}
    for cell in run.cells:
        for verdict in cell.verdicts:
            if cause := verdict.get("cause"):
                found.setdefault(cause, {}).setdefault(cell.row, verdict["case"].split("/")[0])
    return {cause: list(rows.items()) for cause, rows in found.items()}


def bottom(run: Run, *, show_photos: bool) -> str:
    """The filters of the table of rows, the data of the opened rows, and the script that shows both."""
    data = Markup(embedded(run, show_photos=show_photos))  # noqa: S704 - escaped for its place
    return rendered("bottom.html", matrix=run.matrix, data=data, script=own("report.js"), show_photos=show_photos)


def rows(cells: Sequence[CellResult]) -> dict[str, list[str]]:
    """The `<td>` elements of the rows by the names of their cells: rendered together, which takes half of the time."""
    words = (_PYTEST_WORDS.get(cell.counts_as, cell.counts_as.capitalize()) for cell in cells)
    values = [(cell, cell.row, RANK[cell.outcome], word) for cell, word in zip(cells, words, strict=True)]
    lines = rendered("row.html", rows=values).splitlines()
    each = len(lines) // max(1, len(cells))
    return {cell.name: lines[at * each : (at + 1) * each] for at, cell in enumerate(cells)}


def comparison(found: Sequence[Comparison], documents: Sequence[Document]) -> str:
    """Runs side by side as a page of its own: requirement by run, then what changed since the first of them."""
    runs = [Run(document) for document in documents]
    return rendered("comparison.html", found=found, runs=runs, rows=side_by_side(documents), style=own("report.css"))


def with_head(page: str) -> str:
    """A page of pytest-html with what only a head can say: language, a phone's width, and which scripts may run.

    The policy names pytest-html's script and ours by hash (CSP level 2), so that no other script could run even if it
    got into the page, and nothing is loaded from anywhere.

    Raises:
        UnexpectedPage: pytest-html writes its pages differently from what is known here.
    """
    scripts = (_script_of_pytest_html(), str(own("report.js")))
    hashes = " ".join(f"'sha256-{_sha256(text)}'" for text in scripts)
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    head = rendered("head.html", policy=policy, version=__version__)
    for text in scripts:
        _once(page, f"<script>{text}</script>")
    reload = ' onclick="location.reload()"'  # of a button for runs that are still going on
    for old, new in (("<html>", '<html lang="en">'), ('<meta charset="utf-8"/>', head), (reload, "")):
        _once(page, old)
        page = page.replace(old, new)
    return page


class UnexpectedPage(Exception):
    """pytest-html wrote a page that is not as its version 4 writes them."""


def _once(page: str, part: str) -> None:
    if page.count(part) != 1:
        raise UnexpectedPage(f"pytest-html's page holds {part[:40]!r} {page.count(part)} times; expected once")


def _script_of_pytest_html() -> str:
    """pytest-html's script, as its template indents it."""
    text = resources.files("pytest_html").joinpath("resources", "app.js").read_text(encoding="utf-8")
    return f"\n      {text.removesuffix(chr(10))}\n    "


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def embedded(run: Run, *, show_photos: bool = False) -> str:
    """JSON for a `<script type="application/json">`; nothing in it can end that element.

    `strings` is a table that the rest points into by index; `exchanges` are listed once each, and the worst rows
    have the first claim on the room there is.
    """
    page = _Tables(run.document["clauses"], run.exchanges, show_photos)
    blocked = blocked_by(run.document)
    worst_first = sorted(run.cells, key=lambda cell: RANK[cell.outcome])
    drawn = {cell.row: page.row(cell.verdicts, blocked) for cell in worst_first}
    data = {"strings": list(page.strings), "exchanges": page.drawn, "rows": drawn}
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


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
        listed = sorted(verdicts, key=lambda verdict: RANK[verdict["outcome"]])[:VERDICTS_A_ROW]
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
