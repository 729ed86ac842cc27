"""`summary.md`: the run on one page, for a pull request or the page of a CI job."""

from __future__ import annotations

import re

from .causes import CauseData, blocking, causes, counted, places, reproduced
from .cells import Document, base_url, ci_run, shapes
from .conclusion import concluded
from .exchanges import Exchanges
from .markdown import block, code, plain, table
from .outcomes import OUTCOMES
from .overview import Square, below_causes, coverage, matrix, plural

_CAUSES_SHOWN = 40  # GitHub cuts a job summary at 1 MiB


def text(document: Document, exchanges: Exchanges | None = None) -> str:
    """The summary as GitHub-flavoured Markdown."""
    said = concluded(document)
    summary = [
        f"## {OUTCOMES[said.outcome].emoji} Get profilePhoto: {plain(said.words)}",
        "",
        f"{plain(said.detail)}. {coverage(document)}.",
        "",
        *table(["", ""], _facts(document)),
        "",
        *_matrix(document),
    ]
    found = causes(document)
    if found:
        summary += ["", "### Causes, most important first"]
    for cause in found[:_CAUSES_SHOWN]:
        summary += ["", *_cause(cause, document, exchanges or {})]
    if len(found) > _CAUSES_SHOWN:
        summary += ["", f"… and {plural(len(found) - _CAUSES_SHOWN, 'more cause')}, see `report.html`."]
    for title, sentences in below_causes(document):
        summary += ["", f"### {title.capitalize()}", "", *(f"- {plain(each)}" for each in sentences)]
    return "\n".join(summary) + "\n"


def _facts(document: Document) -> list[list[str]]:
    run = ci_run(document)
    facts = {
        "target": code(base_url(document)),
        "edition": code(document["edition"]),
        "when": plain(document["started"]) + " to " + plain(document["finished"]),
        "commit": code(run["commit"]),
        "run": plain(run["url"]),
    }
    return [[name, value] for name, value in facts.items() if value]


def _matrix(document: Document) -> list[str]:
    drawn = matrix(document)
    rows = [[plain(chapter), *(_square(square) for square in squares)] for chapter, squares in drawn.rows]
    return table(["chapter", *(plain(variant) for variant in drawn.variants)], rows)


def _square(square: Square) -> str:
    if square.outcome is None:
        return "–"
    return f"{OUTCOMES[square.shade].emoji} {square.words}, {square.tested} of {square.total} tested"


def _cause(cause: CauseData, document: Document, exchanges: Exchanges) -> list[str]:
    names = ", ".join(map(code, cause["requirements"]))
    text = [f"**{plain(cause['outcome'])}** {plain(cause['title'])} ({names}, {plain(cause['level'])})", ""]
    if cause["hint"]:
        text += [f"- {plain(cause['hint'])}", f"- evidence: {plain(cause['supports'])}"]
    for finding in cause["findings"]:
        text.append(f"- {code(finding['at'])}: expected {code(finding['wanted'])}, actual {code(finding['got'])}")
    if cause["reason"] and not cause["hint"]:
        text.append(f"- {plain(cause['reason'])}")
    where = plain(places(cause["operations"], shapes(document)), 1000)
    text.append(f"- {counted(cause)}: {where}")
    if cause["blocks"]:
        text.append(f"- blocks {plain(blocking(cause))}")
    sender, curl = reproduced(cause, exchanges)
    if re.search(r"/(user|group)-\d", curl):
        sender += "; put the ids in for the labels"
    return [*text, f"- Reproduce ({plain(sender)}):", "", block(curl)] if curl else text
