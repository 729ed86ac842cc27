"""The texts of all reports are Jinja2 templates; here is what they share: words, and how text from the wire is shown.

Pages and XML are escaped by default. Elsewhere a template names the filter: `plain` or `code` in Markdown, where text
is never taken for markup, a mention, a link or a picture; `folded` on a terminal.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from textwrap import fill
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from ..causes.evidence import Document, places
from ..model import Outcome
from .conclusion import concluded
from .exchanges import asked_as, curl_line
from .outcomes import OUTCOMES
from .printable import visible
from .run import CauseData, Run, plural

FOLDER = Path(__file__).parent / "templates"
WIDTH = 100
"""Columns of the last section on the terminal."""
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:$-])")


def rendered(template: str, **values: Any) -> str:
    """A template with these values."""
    environment = _environment()
    try:
        found = environment.get_template(template)
    except OSError:  # a read-only folder, a full disk
        environment.bytecode_cache = None
        found = environment.get_template(template)
    return found.render(values)


@cache
def _environment() -> Environment:
    """Templates are kept compiled as modules are: beside them, where that is possible and not switched off."""
    compiled = FOLDER / "__pycache__"
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            compiled.mkdir(exist_ok=True)
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(("html", "xml")),
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=None if sys.dont_write_bytecode else FileSystemBytecodeCache(str(compiled)),
        trim_blocks=True,
        keep_trailing_newline=True,
        lstrip_blocks=True,
    )
    filters = (visible, coded, link, moment, plain, code, block, folded)
    words = (plural, places, counted, findings, blocking, reproduced, has_labels, concluded, owner_counts, below_causes,
             verdict_table)  # fmt: skip
    environment.filters |= {"urlencode": partial(quote, errors="replace"), **{each.__name__: each for each in filters}}
    environment.globals |= {"OUTCOMES": OUTCOMES, **{each.__name__: each for each in words}}
    return environment


def counted(cause: CauseData) -> str:
    """How many verdicts it explains, e.g. `8 verdicts (5 violates, 3 departs)`."""
    ended = ", ".join(f"{count:,} {outcome}" for outcome, count in cause["outcomes"].items())
    words = plural(cause["verdicts"], "verdict")
    return f"{words} ({ended})" if len(cause["outcomes"]) > 1 else words


def findings(cause: CauseData) -> list[Mapping[str, str]]:
    """Its findings, unless its hint says all of them."""
    return list(cause["findings"] if "supports" in cause else ())


def blocking(cause: CauseData, shown: int = 3) -> str:
    """What it blocks, e.g. `198 verdicts: metadata.is-json, metadata.is-one-object, error.has-envelope and 42 more`."""
    names = sorted(cause["blocks"], key=cause["blocks"].__getitem__, reverse=True)
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"{plural(sum(cause['blocks'].values()), 'verdict')}: {', '.join(names[:shown])}{more}"


def reproduced(cause: CauseData, run: Run) -> tuple[str, str]:
    """The caller that sent the cause's exchange, and the curl line that repeats it; both empty without one."""
    entry = run.exchanges.get(cause["exchange"] or "")
    return (asked_as(entry), curl_line(entry)) if entry else ("", "")


def has_labels(curl_line: str) -> bool:
    """Whether labels stand in it in place of ids, so that it cannot be sent as it is."""
    return re.search(r"/(user|group)-\d", curl_line) is not None


def owner_counts(document: Document) -> str:
    """How many owners of each kind there are."""
    kinds = Counter(owner["kind"] for owner in document["target"]["owners"])
    return ", ".join(plural(count, visible(kind, 30)) for kind, count in kinds.items())


def below_causes(run: Run) -> list[tuple[str, list[str]]]:
    """What stands below the causes, as titles and sentences; no title without a sentence."""
    skipped = [f"{plural(count, 'verdict')}: {reason} ({where})" for reason, count, where in run.not_exercised]
    if left_out := run.coverage.left_out:
        skipped.append(f"not tested: {places(left_out, run.shapes)}")
    found = {
        "known deviations": [f"{plural(count, 'verdict')} of {name}: {why}" for (name, why), count, _ in run.known],
        "known deviations that no longer occur": run.document["about"]["stale"],
        "not exercised": skipped,
        "notes": run.notes,
        "how to go on": run.advice,
    }
    return [(title, list(sentences)) for title, sentences in found.items() if sentences]


def verdict_table(run: Run) -> list[str]:
    """Lines of a table: chapters down, outcomes across, how many verdicts."""
    words = [outcome for outcome, count in run.counts.items() if count]
    rows: list[tuple[str, Mapping[str, int]]] = [
        (visible(chapter, 30), {word: sum(each.counts.get(Outcome(word), 0) for each in squares) for word in words})
        for chapter, squares in run.matrix.rows
    ]
    rows.append((f"all {sum(run.counts.values()):,}", run.counts))
    first = max(len("verdicts"), *(len(name) for name, _ in rows))
    table = ["  ".join(["verdicts".ljust(first), *words])]
    for name, counts in rows:
        numbers = [(f"{counts[word]:,}" if counts[word] else "·").rjust(len(word)) for word in words]
        table.append("  ".join([name.ljust(first), *numbers]))
    return table


def folded(text: object, indent: int = 0) -> str:
    """Lines for a terminal, all but the first two columns further in."""
    first = " " * indent
    return fill(
        visible(text, 1200), WIDTH, initial_indent=first, subsequent_indent=f"{first}  ", break_on_hyphens=False
    )


def coded(text: object, limit: int) -> Markup:
    """A sentence in which what stands in backticks is shown as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(visible(text, limit)))))  # noqa: S704 - escaped


def link(url: str) -> str:
    """The address if a browser may follow it, else nothing: `javascript:` is none."""
    return visible(url) if re.match("https?://", url) else ""


def moment(text: str) -> str:
    """A moment as a person reads it."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S %Z}".strip()
    except ValueError:
        return visible(text, 60)


def plain(text: object, limit: int = 500) -> str:
    """Words of a sentence or a table's cell, every character with a meaning in Markdown escaped.

    No backslash keeps GitHub from seeing a mention or an address: those are broken up by a comment and by entities.
    """
    escaped = _MARKUP.sub(r"\\\1", visible(text, limit))
    stand_ins = {r"\@": "@<!-- -->", r"\:": "&#58;", r"\-": "-", r"\<": "&lt;", "www.": "www&#46;"}
    for found, stand_in in stand_ins.items():
        escaped = escaped.replace(found, stand_in)
    return escaped


def code(text: object, limit: int = 500) -> str:
    """Code within a line, also within a table: an HTML element, since a span of backticks cannot hold every text."""
    shown = visible(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    inert = _MARKUP.sub(lambda found: found[0] if found[0] in "&#<>()-" else f"&#{ord(found[0])};", shown)
    return f"<code>{inert.replace('www.', 'www&#46;')}</code>" if shown else ""


def block(text: str, limit: int = 3000) -> str:
    """A fenced block, its fence longer than any run of backticks within."""
    shown = visible(text, limit, lines=True)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sh\n{shown}\n{fence}"
