"""A verdicts file that was edited, cut or made by another program: refused when it is read, or drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.model import UsageProblem
from conformance.reporting import html_page
from conformance.reporting.report_files import generated
from conformance.reporting.run import Run
from conformance.reporting.templates import rendered
from conformance.reporting.verdicts_file import read
from tests.unit.reporting import runs

ODD: tuple[Any, ...] = ("", "\ud800", -1, 1.5, None, [], {})


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of each member and item of a document."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield (*path, name)
        yield from places(member, (*path, name))


def with_odd(text: str, place: tuple[str | int, ...], odd: Any) -> str:
    """A document with another value in one place, as text."""
    whole = inner = json.loads(text)
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = odd
    return json.dumps(whole)


def draw(document: Any) -> None:
    """Make all that is made from verdicts alone."""
    run = Run(document)
    generated(run)
    rendered("terminal.txt", run=run)
    html_page.top(run)
    html_page.bottom(run, show_photos=False)


def test_whatever_is_read_can_be_drawn(tmp_path: Path) -> None:
    """Each place in turn holds an odd value, and if it held one of the same type, the file may be read."""
    document, path = runs.run(owners=1)[0], tmp_path / "verdicts.json"
    document["verdicts"] = list({verdict["outcome"]: verdict for verdict in document["verdicts"]}.values())
    text, drawn = json.dumps(document), 0
    for number, place in enumerate(places(document)):
        for odd in (*ODD[:2], ODD[number % len(ODD)]):
            path.write_text(with_odd(text, place, odd))
            try:
                found = read(path)
            except UsageProblem:
                continue
            draw(found)
            drawn += 1
    assert drawn > len(document)
