"""The last section of a run on the terminal: the result, what was tested, each cause once, and how to go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import wrap

from ..model import Outcome
from .causes import CauseData, blocking, causes, counted, places, reproduced
from .cells import Document, shapes
from .conclusion import concluded
from .exchanges import Exchanges
from .overview import below_causes, coverage, matrix, plural
from .printable import visible

WIDTH = 100
CAUSES_SHOWN = 25
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
    for title, sentences in below_causes(document):
        section += ["", f"{title}:", *(line for each in sentences for line in _folded(each, "    ", width))]
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
        yield from _folded(f"blocks {blocking(cause)}", "    ", width)
    sender, curl = reproduced(cause, exchanges)
    if curl:
        yield f"    Reproduce ({sender}):"
        yield "    " + visible(curl)  # never folded: it is there to be pasted


def _folded(text: str, indent: str, width: int) -> list[str]:
    return wrap(
        visible(text, 1200),
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
    ) or [indent]
