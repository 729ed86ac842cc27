"""Text from the wire in Markdown: shown as it is, and never taken for markup, a mention, a link or a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .printable import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:$-])")


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
    inert = _MARKUP.sub(lambda match: _entity(match[0]), shown).replace("www.", "www&#46;")
    return f"<code>{inert}</code>" if shown else ""


def _entity(character: str) -> str:
    return character if character in "&#<>()-" else f"&#{ord(character)};"


def block(text: str, limit: int = 3000) -> str:
    """A fenced block, its fence longer than any run of backticks within."""
    shown = visible(text, limit, lines=True)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sh\n{shown}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table's lines; cells are Markdown already."""
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
