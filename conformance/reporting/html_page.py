"""The parts of `report.html` that are ours, and the page of a comparison."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib import resources

from markupsafe import Markup

from .. import __version__
from .exchanges import shown
from .html_data import embedded
from .outcomes import RANK
from .printable import visible
from .run import CellResult, Document, Run, VerdictData
from .run_comparison import Comparison, side_by_side
from .templates import FOLDER, rendered

CAUSES_SHOWN = 100
_PYTEST_WORDS = {"xfailed": "XFailed"}
"""How pytest-html's filters spell pytest's categories, where that is not with a capital alone."""


def row_id(verdict: VerdictData) -> str:
    """A row's id in the page, the same in every run, e.g. `metadata.id:user.metadata.upn.present`."""
    names = ("variant", "form", "addressing", "state")
    place = ".".join(verdict[name] for name in names if verdict[name])
    return re.sub(r"[^A-Za-z0-9_.:-]", "_", f"{verdict['requirement']}:{place}")


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
        rows=_rows_by_cause(run.document),
        shown={each: shown(run.exchanges, each) for each in exchanges},
        style=own("report.css"),
    )


def _rows_by_cause(document: Document) -> dict[str, list[tuple[str, str]]]:
    """The rows that each cause explains: id and place, each once."""
    found: dict[str, dict[str, str]] = {}
    for verdict in document["verdicts"]:
        if cause := verdict.get("cause"):
            found.setdefault(cause, {}).setdefault(row_id(verdict), verdict["case"].split("/")[0])
    return {cause: list(rows.items()) for cause, rows in found.items()}


def bottom(run: Run, *, show_photos: bool) -> str:
    """The filters of the table of rows, the data of the opened rows, and the script that shows both."""
    rows = {row_id(cell.worst): cell.verdicts for cell in run.cells}
    data = Markup(embedded(run, rows, show_photos=show_photos))  # noqa: S704 - escaped for its place
    return rendered("bottom.html", matrix=run.matrix, data=data, script=own("report.js"), show_photos=show_photos)


def rows(cells: Sequence[CellResult]) -> dict[str, list[str]]:
    """The `<td>` elements of the rows by the names of their cells: rendered together, which takes half of the time."""
    words = (_PYTEST_WORDS.get(cell.counts_as, cell.counts_as.capitalize()) for cell in cells)
    values = [(cell, row_id(cell.worst), RANK[cell.outcome], word) for cell, word in zip(cells, words, strict=True)]
    lines = rendered("row.html", rows=values).splitlines()
    each = len(lines) // max(1, len(cells))
    return {cell.name: lines[at * each : (at + 1) * each] for at, cell in enumerate(cells)}


def row_of_another(name: str, pytest_word: str) -> str:
    """The `<td>` elements of a test that is none of ours, each on one line."""
    return rendered("row.html", rows=[(None, visible(name, 300), 5, pytest_word)])


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
