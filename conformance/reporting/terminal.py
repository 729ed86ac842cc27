"""The last section of a run on the terminal: the result, what was tested, each cause once, and how to go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import wrap

from ..model import Outcome
from .causes import CauseData, causes, counted, known, other_notes, places, reproduced
from .cells import Document, shapes, stale
from .conclusion import concluded
from .exchanges import Exchanges
from .overview import advice, coverage, matrix, not_exercised, plural
from .printable import visible

WIDTH = 100
CAUSES_SHOWN, BLOCKED_SHOWN = 25, 3
"""Every one of them is in the report files."""


def lines(document: Document, exchanges: Exchanges | None = None, *, width: int = WIDTH) -> list[str]:
    """The section as plain text lines without colours; only curl lines may be longer than `width` columns."""
    found = causes(document)
    result = concluded(document)
    section = [
        *_folded(str(result), "", width),
        f"{coverage(document)}, edition {visible(document['edition'])}.",
        "",
        *_table(document),
    ]
    for number, cause in enumerate(found[:CAUSES_SHOWN], 1):
        section += ["", *_cause(number, cause, document, exchanges or {}, width)]
    if len(found) > CAUSES_SHOWN:
        section += ["", f"… and {plural(len(found) - CAUSES_SHOWN, 'more cause')}, see report.html"]
    deviations = [f"{plural(count, 'verdict')} of {name}: {reason}" for name, reason, count, _ in known(document)]
    section += _section("known deviations", deviations, width)
    section += _section("known deviations that no longer occur", stale(document), width)
    section += _section("not exercised", _left_out(document), width)
    section += _section("notes", other_notes(document), width)
    section += _section("how to go on", advice(document), width)
    if found and result.exit_code:
        section += ["", *_folded(f"{result.words}; begin with cause 1: {found[0]['title']}", "", width)]
    return section


def _table(document: Document) -> list[str]:
    squares = matrix(document).rows
    rows = [(chapter, sum((Counter(each.counts) for each in row), Counter[Outcome]())) for chapter, row in squares]
    words = [outcome for outcome in Outcome if any(counts[outcome] for _, counts in rows)]
    first = max([len("verdicts"), *(len(visible(chapter, 30)) for chapter, _ in rows)])
    table = ["  ".join(["verdicts".ljust(first), *words])]
    for chapter, counts in rows:
        numbers = [(f"{counts[word]:,}" if counts[word] else "·").rjust(len(word)) for word in words]
        table.append("  ".join([visible(chapter, 30).ljust(first), *numbers]))
    return table


def _cause(number: int, cause: CauseData, document: Document, exchanges: Exchanges, width: int) -> Iterator[str]:
    names = cause["requirements"]
    owner = ", ".join([*names[:2], *([f"{len(names) - 2} more"] if len(names) > 2 else [])])
    title = f"{number}. {cause['outcome'].upper()} {cause['title']} [{owner}; {cause['level']} {cause['cites'][0]}]"
    yield from _folded(visible(title, 600), "", width)
    if cause["hint"]:
        yield from _folded(cause["hint"], "    ", width)
        yield from _folded(f"evidence: {cause['supports']}; it would be refuted by {cause['refutes']}", "    ", width)
    for finding in cause["findings"][:1]:
        expected, actual = visible(finding["wanted"], 300), visible(finding["got"], 300)
        yield from _folded(f"{finding['at']}: expected {expected}, actual {actual}", "    ", width)
    if cause["reason"] and not (cause["findings"] or cause["hint"]):
        yield from _folded(cause["reason"], "    ", width)
    where = places(cause["operations"], shapes(document))
    yield from _folded(f"{counted(cause)}: {where}", "    ", width)
    if cause["blocks"]:
        names = sorted(cause["blocks"], key=cause["blocks"].__getitem__, reverse=True)
        more = f" and {len(names) - BLOCKED_SHOWN} more" if len(names) > BLOCKED_SHOWN else ""
        blocked = f"{plural(sum(cause['blocks'].values()), 'verdict')}: {', '.join(names[:BLOCKED_SHOWN])}{more}"
        yield from _folded(f"blocks {blocked}", "    ", width)
    sender, curl = reproduced(cause, exchanges)
    if curl:
        yield f"    Reproduce ({sender}):"
        yield "    " + visible(curl)  # never folded: it is there to be pasted


def _left_out(document: Document) -> list[str]:
    reasons = [f"{plural(count, 'verdict')}: {reason} ({where})" for reason, count, where in not_exercised(document)]
    if left_out := coverage(document).left_out:
        reasons.append(f"not tested: {places(left_out, shapes(document))}")
    return reasons


def _section(title: str, items: list[str], width: int) -> list[str]:
    if not items:
        return []
    return ["", f"{title}:", *(line for item in items for line in _folded(item, "    ", width))]


def _folded(text: str, indent: str, width: int) -> list[str]:
    return wrap(
        visible(text, 1200),
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
    ) or [indent]
