"""`summary.md`: the run on one page, for a pull request or the page of a CI job."""

from __future__ import annotations

import re

from .causes import CauseData, causes, counted, known, other_notes, places, reproduced
from .cells import Document, base_url, ci_run, shapes, stale
from .conclusion import concluded
from .exchanges import Exchanges
from .markdown import block, code, plain, table
from .outcomes import OUTCOMES
from .overview import Square, advice, coverage, matrix, not_exercised, plural

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
    deviations = [f"{code(name)}, {count:,}: {plain(reason)}" for name, reason, count, _ in known(document)]
    summary += _list("Known deviations", deviations)
    summary += _list("Known deviations that no longer occur", [plain(each) for each in stale(document)])
    skipped = not_exercised(document)
    summary += _list(
        "Not exercised", [f"{count}: {plain(reason)} ({plain(where)})" for reason, count, where in skipped]
    )
    summary += _list("How to go on", [plain(each) for each in advice(document)])
    summary += _list("Notes", [plain(each) for each in other_notes(document)])
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
        blocked = ", ".join(f"{code(name)} ({count:,})" for name, count in cause["blocks"].items())
        text.append(f"- blocks these checks: {blocked}")
    sender, curl = reproduced(cause, exchanges)
    if re.search(r"/(user|group)-\d", curl):
        sender += "; put the ids in for the labels"
    return [*text, f"- Reproduce ({plain(sender)}):", "", block(curl)] if curl else text


def _list(title: str, items: list[str]) -> list[str]:
    return ["", f"### {title}", "", *(f"- {item}" for item in items)] if items else []
