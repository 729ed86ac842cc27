"""`summary.md`: the run on one page, for a pull request or the page of a CI job."""

from __future__ import annotations

from ..model import Outcome
from .causes import Cause, causes, places
from .cells import Document, base_url, ci_run, notes, shapes, stale
from .conclusion import concluded
from .exchanges import Exchanges
from .markdown import block, code, plain, table
from .outcomes import OUTCOMES
from .overview import Square, coverage, matrix, not_exercised, plural

_CAUSES_TOLD = 40  # GitHub cuts a job summary at 1 MiB


def text(document: Document, exchanges: Exchanges | None = None) -> str:
    """The summary as GitHub-flavoured Markdown."""
    said = concluded(document)
    told = [
        f"## {OUTCOMES[said.outcome].emoji} Get profilePhoto: {plain(said.words)}",
        "",
        f"{plain(said.detail)}. {coverage(document)}.",
        "",
        *table(["", ""], _facts(document)),
        "",
        *_matrix(document),
    ]
    found = causes(document, exchanges)
    if found:
        told += ["", "### Causes, each once"]
    for cause in found[:_CAUSES_TOLD]:
        told += ["", *_cause(cause, document)]
    if len(found) > _CAUSES_TOLD:
        told += ["", f"… and {plural(len(found) - _CAUSES_TOLD, 'more cause')}, see `report.html`."]
    known = causes(document, outcomes=(Outcome.KNOWN,))
    told += _list("Known deviations", [f"{code(k.requirement)}, {k.count:,}: {plain(k.reason)}" for k in known])
    told += _list("Known deviations that are none any more", [plain(each) for each in stale(document)])
    skipped = not_exercised(document)
    told += _list("Not exercised", [f"{count}: {plain(reason)} ({plain(where)})" for reason, count, where in skipped])
    told += _list("Notes", [plain(each) for each in notes(document)])
    return "\n".join(told) + "\n"


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
    count = square.counts[square.outcome]
    return f"{OUTCOMES[square.outcome].emoji} {square.outcome} {count}" + (f" of {square.total}" if square.rest else "")


def _cause(cause: Cause, document: Document) -> list[str]:
    mark = f"**{cause.outcome}** {plain(cause.sentence)}"
    told = [f"{mark} ({code(cause.requirement)}, {cause.level}, {plain(', '.join(cause.cites))})", ""]
    for finding in cause.findings:
        told.append(f"- at {code(finding.at)}: wanted {code(finding.wanted)}, got {code(finding.got)}")
    if cause.reason:
        told.append(f"- {plain(cause.reason)}")
    where = plain(places(cause.shapes, shapes(document)), 1000)
    told.append(f"- {plural(cause.count, 'verdict')}: {where}")
    if cause.blocked:
        told.append("- keeps from being judged: " + ", ".join(f"{code(name)} ({n})" for name, n in cause.blocked))
    if cause.asked_as:
        told.append(f"- e.g. {plain(cause.asked_as)}:")
    return [*told, "", block(cause.curl)] if cause.curl else told


def _list(title: str, items: list[str]) -> list[str]:
    return ["", f"### {title}", "", *(f"- {item}" for item in items)] if items else []
