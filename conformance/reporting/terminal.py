"""The last section of a run on the terminal: coverage, a small table, each cause once, and the verdict in one line."""

from __future__ import annotations

from textwrap import wrap

from ..model import Outcome
from .causes import Cause, causes, places
from .cells import Document, notes, shapes, stale
from .conclusion import concluded
from .exchanges import Exchanges
from .overview import by_chapter, coverage, not_exercised, plural
from .printable import visible

WIDTH = 100
CAUSES_TOLD = 25
"""Causes that a terminal has patience for; every one of them is in the report files."""


def lines(document: Document, exchanges: Exchanges | None = None, *, width: int = WIDTH) -> list[str]:
    """The section as plain text lines without colours; only curl lines may be longer than `width` columns."""
    every = shapes(document)
    told = [f"{coverage(document)}, edition {visible(document['edition'])}.", "", *_table(document)]
    found = causes(document, exchanges)
    for cause in found[:CAUSES_TOLD]:
        told += ["", *_cause(cause, every, width)]
    if len(found) > CAUSES_TOLD:
        told += ["", f"… and {plural(len(found) - CAUSES_TOLD, 'more cause')}, see report.html"]
    told += _section("known deviations", _known(document), width)
    told += _section("known deviations that are none any more", stale(document), width)
    told += _section("not exercised", _left_out(document), width)
    told += _section("notes", notes(document), width)
    return [*told, "", *_folded(str(concluded(document)), "", width)]


def _table(document: Document) -> list[str]:
    rows = by_chapter(document)
    words = [outcome for outcome in Outcome if any(counts[outcome] for _, counts in rows)]
    first = max([len("chapter"), *(len(visible(chapter, 30)) for chapter, _ in rows)])
    told = ["  ".join(["chapter".ljust(first), *words])]
    for chapter, counts in rows:
        numbers = [(f"{counts[word]:,}" if counts[word] else "·").rjust(len(word)) for word in words]
        told.append("  ".join([visible(chapter, 30).ljust(first), *numbers]))
    return told


def _cause(cause: Cause, every: list[str], width: int) -> list[str]:
    more = f" and {plural(cause.more, 'more requirement')}" if cause.more else ""
    owner = f"{cause.requirement} {cause.level} {', '.join(cause.cites)}{more}"
    title = f"{cause.outcome.upper()} {cause.sentence} [{owner}]"
    told = _folded(visible(title, 600), "", width)
    for finding in cause.findings[:1]:
        wanted, got = visible(finding.wanted, 300), visible(finding.got, 300)
        told += _folded(f"at {finding.at}: wanted {wanted}, got {got}", "    ", width)
    if not cause.findings and cause.reason:
        told += _folded(cause.reason, "    ", width)
    told += _folded(f"{plural(cause.count, 'verdict')}: {places(cause.shapes, every)}", "    ", width)
    if cause.blocked:
        hidden = ", ".join(f"{name} ({count:,})" for name, count in cause.blocked)
        told += _folded(f"keeps from being judged: {hidden}", "    ", width)
    if cause.asked_as:
        told.append(f"    e.g. {cause.asked_as}:")
    if cause.curl:
        told.append("    " + visible(cause.curl))  # never folded: it is there to be pasted
    return told


def _known(document: Document) -> list[str]:
    found = causes(document, outcomes=(Outcome.KNOWN,))
    return [f"{plural(each.count, 'verdict')} of {each.requirement}: {each.reason}" for each in found]


def _left_out(document: Document) -> list[str]:
    told = [f"{plural(count, 'verdict')}: {reason} ({where})" for reason, count, where in not_exercised(document)]
    if left_out := coverage(document).left_out:
        told.append(f"so never asked, or never judged: {places(left_out, shapes(document))}")
    return told


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
