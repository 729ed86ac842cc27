"""The parts of `report.html` that are ours, and those of the comparison: Jinja2 templates, always escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from .. import __version__
from ..model import Outcome
from .causes import causes, counted, known, other_notes, places, reproduced
from .cells import CellResult, Document, VerdictData, base_url, cells, ci_run, seconds, shapes
from .conclusion import concluded
from .exchanges import Exchanges, shown
from .html_data import embedded
from .outcomes import OUTCOMES, RANK
from .overview import advice, coverage, matrix, not_exercised, plural
from .printable import visible
from .run_comparison import Comparison, side_by_side
from .verdicts_file import counts

_TEMPLATES = Path(__file__).parent / "templates"
CAUSES_SHOWN = 100


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "coded": _coded, "link": _link, "moment": _moment}
    environment.globals |= {
        "OUTCOMES": OUTCOMES,
        "plural": plural,
        "places": places,
        "counted": counted,
        "row_id": row_id,
    }
    return environment


def _rendered(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(values)


def row_id(verdict: VerdictData) -> str:
    """A row's id in the page, the same in every run, e.g. `metadata.id:user.metadata.upn.present`."""
    names = ("variant", "form", "addressing", "state")
    place = ".".join(verdict[name] for name in names if verdict[name])
    return re.sub(r"[^A-Za-z0-9_.:-]", "_", f"{verdict['requirement']}:{place}")


def _coded(text: object, limit: int) -> Markup:
    """A sentence in which what stands in backticks is shown as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(visible(text, limit)))))  # noqa: S704 - escaped


def _link(url: str) -> str:
    """The address if a browser may follow it, else nothing: `javascript:` is none."""
    return visible(url) if re.match("https?://", url) else ""


def _moment(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S %Z}".strip()
    except ValueError:
        return visible(text, 60)


def style() -> Markup:
    """Our style sheet."""
    return Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def script() -> Markup:
    """Our script."""
    return Markup((_TEMPLATES / "report.js").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def top(document: Document, exchanges: Exchanges) -> str:
    """The result, each cause once, the matrix, what was not exercised, and what the run was. Needs no script."""
    found = causes(document)[:CAUSES_SHOWN]
    hit = _rows_by_cause(document)
    return _rendered(
        "top.html",
        document=document,
        base_url=base_url(document),
        owners=_owners(document),
        callers=_callers(document),
        run=ci_run(document),
        shapes=shapes(document),
        seconds=seconds(document),
        headline=concluded(document),
        coverage=coverage(document),
        advice=advice(document),
        counts={Outcome(name): count for name, count in counts(document).items()},
        matrix=matrix(document),
        causes=[(cause, hit.get(cause["id"], []), *reproduced(cause, exchanges)) for cause in found],
        more_causes=len(causes(document)) - len(found),
        known=known(document),
        notes=other_notes(document),
        not_exercised=not_exercised(document),
        shown={each: shown(exchanges, each) for cause in found if (each := cause["exchange"]) in exchanges},
        style=style(),
    )


def _rows_by_cause(document: Document) -> dict[str, list[tuple[str, str]]]:
    """The rows that each cause explains: id and place, each once."""
    found: dict[str, dict[str, str]] = {}
    for verdict in document["verdicts"]:
        if cause := verdict.get("cause"):
            found.setdefault(cause, {}).setdefault(row_id(verdict), verdict["case"].split("/")[0])
    return {cause: list(rows.items()) for cause, rows in found.items()}


def _owners(document: Document) -> str:
    """How many owners of each kind there are."""
    kinds = Counter(owner["kind"] for owner in document["target"]["owners"])
    return ", ".join(plural(count, visible(kind, 30)) for kind, count in kinds.items())


def _callers(document: Document) -> list[str]:
    """The callers and their scopes; a run of thousands of owners has too many to show."""
    shown = ((each["label"], each["scopes"]) for each in document["target"]["callers"][:30])
    return [
        f"{label}: {'scopes not known' if scopes is None else ', '.join(scopes) or 'no scopes'}"
        for label, scopes in shown
    ]


def bottom(document: Document, exchanges: Exchanges, *, show_photos: bool) -> str:
    """The filters of the table of rows, the data of the opened rows, and the script that shows both."""
    rows = {row_id(cell.worst): cell.verdicts for cell in cells(document)}
    data = embedded(document, rows, exchanges, show_photos=show_photos)
    return _rendered(
        "bottom.html",
        matrix=matrix(document),
        data=Markup(data),  # noqa: S704 - escaped for its place
        script=script(),
        show_photos=show_photos,
    )


def row(cell: CellResult, pytest_word: str) -> list[str]:
    """A row's `<td>` elements, each on one line, as pytest-html wants them."""
    made = _rendered(
        "row.html", cell=cell, identity=row_id(cell.worst), order=RANK[cell.outcome], worst=cell.worst, word=pytest_word
    )
    return made.splitlines()


def other_row(name: str, pytest_word: str) -> list[str]:
    """The row of a test that is no cell of the catalogue."""
    return _rendered("other_row.html", name=name, word=pytest_word).splitlines()


def header() -> list[str]:
    """The table's `<th>` elements; the first two are hidden and are there for pytest-html's own script."""
    return _rendered("header.html").splitlines()


def comparison(found: Sequence[Comparison], documents: Sequence[Document]) -> str:
    """Runs side by side as a page of its own: requirement by run, then what changed since the first of them."""
    runs = [(f"Run {number}", base_url(each), each, concluded(each)) for number, each in enumerate(documents, 1)]
    return _rendered("comparison.html", found=found, runs=runs, rows=side_by_side(documents), style=style())


def with_head(page: str) -> str:
    """A page of pytest-html with what only a head can say: language, a phone's width, and which scripts may run.

    The policy names pytest-html's script and ours by hash (CSP level 2), so that no other script could run even if it
    got into the page, and nothing is loaded from anywhere.

    Raises:
        UnexpectedPage: pytest-html writes its pages differently from what is known here.
    """
    scripts = (_script_of_pytest_html(), str(script()))
    hashes = " ".join(f"'sha256-{_sha256(text)}'" for text in scripts)
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    head = _rendered("head.html", policy=policy, version=__version__)
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
