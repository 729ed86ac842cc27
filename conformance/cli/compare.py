"""`photo-conformance compare RUN RUN`: what got better and what got worse between runs or recordings."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from ..causes.evidence import Document
from ..options import config
from ..reporting import html_page, run_comparison, verdicts_file
from ..reporting.printable import visible
from ..reporting.templates import rendered
from ..runner.evaluated import evaluate
from ..runner.prepared import prepare
from ..runner.record import record
from ..spec import EDITIONS
from . import arguments

_HAR = re.compile(rb"(\xef\xbb\xbf)?\s*\{\s*\"log\"|PK\x03\x04|\x1f\x8b|x[\x01^\x9c\xda]")
"""How a HAR begins: plain, zipped, or packed by gzip or zlib."""


def main(argv: Sequence[str]) -> int:
    """0: nothing got worse; 1: something did; 4: a file cannot be read; 5: there is nothing to compare."""
    parser = arguments.Parser(
        "compare", "Show the differences between runs, each a folder of reports, a verdicts.json or a HAR."
    )
    parser.add_path("old", "RUN", "the run that the others are compared with")
    parser.add_path("new", "RUN", "one or more other runs", "+")
    parser.add_argument("--edition", metavar="NAME", choices=(*EDITIONS, "auto"),
                        help="edition to evaluate recordings by (default: the one that they were made by)")  # fmt: skip
    parser.add_path("--target", "FILE", "the target file of recordings")
    parser.add_path("--markdown", "FILE", "write the comparison as Markdown as well")
    parser.add_path("--html", "FILE", "write the comparison as a page as well")
    return arguments.run(parser, argv, _compare)


def _compare(given: argparse.Namespace) -> int:
    documents = [_document(path, given.edition, given.target) for path in (given.old, *given.new)]
    found = [run_comparison.compare(documents[0], other) for other in documents[1:]]
    if given.markdown:
        verdicts_file.write_atomically(
            given.markdown, "\n".join(rendered("comparison.md", comparison=each) for each in found)
        )
    if given.html:
        verdicts_file.write_atomically(given.html, html_page.comparison(found, documents))
    for path, comparison in zip(given.new, found, strict=True):
        if len(found) > 1:
            print(f"{visible(path)}:")
        print(rendered("comparison.txt", comparison=comparison), end="")
    codes = {comparison.exit_code for comparison in found}
    return 1 if 1 in codes else max(codes)


def _document(path: Path, edition: str | None, target: Path | None) -> Document:
    """A run's verdicts, of its folder too; a recording is evaluated first, as `--recording` evaluates it.

    Raises:
        UsageProblem: the file is neither, or cannot be read.
    """
    if not _is_recording(path):
        return verdicts_file.read(path)
    prepared = prepare(
        config.settle({"edition": edition, "recording": (path,), "target": str(target) if target else None})
    )
    return evaluate(record(prepared, prepared.cells)).results().run.document


def _is_recording(path: Path) -> bool:
    if path.suffix.lower() == ".har":
        return True
    try:
        with path.open("rb") as file:
            return _HAR.match(file.read(1000)) is not None
    except OSError:
        return False  # reading it says why
