"""`photo-conformance deviations VERDICTS`: a first file of known deviations, made from a run."""

from __future__ import annotations

import argparse
import glob
from collections.abc import Sequence

import tomli_w

from ..causes.evidence import Document
from ..model import UsageProblem
from ..reporting import verdicts_file
from ..reporting.printable import visible
from ..reporting.run import Run
from . import arguments

HEAD = """\
# Known deviations: exactly what failed in this run. Fill in `owner` and `reason` of each, or a run refuses the file.
# `expires = 2027-01-31` gives one a last day; `flaky = true` lets it come and go.
"""


def main(argv: Sequence[str]) -> int:
    """0: the file is on stdout; 4: the verdicts cannot be read."""
    parser = arguments.Parser("deviations", "Print a first file of known deviations: all that fails a run.")
    parser.add_path("verdicts", "VERDICTS", "verdicts.json of the run, or its folder")
    parser.add_argument("--owner", metavar="NAME", default="", help="who owns them (default: to be filled in)")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why they are accepted (default: to be filled in)")

    def command(given: argparse.Namespace) -> int:
        document = verdicts_file.read(given.verdicts)
        if Run(document).unfinished:
            raise UsageProblem(f"{given.verdicts}: expected a finished run; it is still going on, or was killed")
        print(draft(document, given.owner, given.reason), end="")
        return 0

    return arguments.run(parser, argv, command)


def draft(document: Document, owner: str = "", reason: str = "") -> str:
    """The file: an entry for each requirement that fails the run, with the very cases that do."""
    bad = ("violates", "departs") if document.get("fail_on") == "should" else ("violates",)
    cases: dict[str, dict[str, None]] = {}
    for verdict in document["verdicts"]:
        if verdict["outcome"] in bad:
            cases.setdefault(visible(verdict["requirement"]), {})[visible(glob.escape(verdict["case"]))] = None
    why = {"reason": visible(reason), "owner": visible(owner)}
    entries = [{"requirement": requirement, "cases": [*found], **why} for requirement, found in cases.items()]
    return HEAD + "".join(f"\n[[deviation]]\n{tomli_w.dumps(entry)}" for entry in entries)
