"""`photo-conformance compare OLD NEW`: what got better and what got worse between two runs or recordings."""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from ..reporting import html_page, run_comparison, verdicts_file
from ..reporting.cells import Document
from ..runner import config
from ..runner.evaluated import evaluate
from ..runner.prepared import prepare
from ..runner.record import record
from ..spec import EDITIONS
from . import arguments

_HAR = re.compile(rb"(\xef\xbb\xbf)?\s*\{\s*\"log\"")


def main(argv: Sequence[str]) -> int:
    """0: nothing got worse; 1: something did; 4: a file cannot be read."""
    parser = arguments.Parser("compare", "Tell what differs between two runs, each a verdicts.json or a HAR.")
    parser.add_argument("old", metavar="OLD", type=arguments.path, help="the earlier one: verdicts.json or HAR")
    parser.add_argument("new", metavar="NEW", type=arguments.path, help="the later one")
    parser.add_argument(
        "--edition",
        metavar="NAME",
        choices=(*EDITIONS, "auto"),
        help="the edition to judge recordings by (default: the one that they were made by)",
    )
    parser.add_argument(
        "--markdown", metavar="FILE", type=arguments.path, help="write the comparison as Markdown as well"
    )
    parser.add_argument("--html", metavar="FILE", type=arguments.path, help="write the comparison as a page as well")
    return arguments.run(parser, argv, _compare)


def _compare(told: argparse.Namespace) -> int:
    old, new = (document(path, told.edition) for path in (told.old, told.new))
    found = run_comparison.compare(old, new)
    if told.markdown:
        verdicts_file.write_atomically(told.markdown, run_comparison.markdown(found))
    if told.html:
        verdicts_file.write_atomically(told.html, html_page.comparison(found, old, new))
    width = max(80, shutil.get_terminal_size().columns)
    print("\n".join(run_comparison.terminal(found, width)))
    return found.exit_code


def document(path: Path, edition: str | None = None) -> Document:
    """A run's verdicts; a recording is judged first.

    Raises:
        UnreadableVerdicts, UsageProblem: the file is neither, or cannot be read.
    """
    return evaluated(path, edition) if _is_recording(path) else verdicts_file.read(path)


def _is_recording(path: Path) -> bool:
    if path.suffix.lower() == ".har":
        return True
    try:
        with path.open("rb") as file:
            return _HAR.match(file.read(1000)) is not None
    except OSError:
        return False  # who reads it says why


def evaluated(path: Path, edition: str | None) -> Document:
    """The verdicts on a recording, as `--recording` judges it.

    Raises:
        UsageProblem: it is none.
    """
    prepared = prepare(config.settle({"edition": edition, "recording": (path,)}))
    return evaluate(record(prepared, prepared.cells)).document()
