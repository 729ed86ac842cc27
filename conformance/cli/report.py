"""`photo-conformance report VERDICTS`: all reports of a run, regenerated from its verdicts.json."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..reporting import exchanges, report_files, verdicts_file
from . import arguments


def main(argv: Sequence[str]) -> int:
    """0: the reports are there; 4: a file cannot be read or written."""
    parser = arguments.Parser("report", "Regenerate all reports of a run from its verdicts.json; nothing is sent.")
    parser.add_argument("verdicts", metavar="VERDICTS", type=arguments.path, help="verdicts.json of a run")
    parser.add_argument(
        "--har",
        metavar="FILE",
        type=arguments.path,
        help="the run's recording (default: exchanges.har beside VERDICTS, where it is there)",
    )
    parser.add_argument(
        "--reports", metavar="DIR", type=arguments.path, help="where they go (default: the folder of VERDICTS)"
    )
    parser.add_argument("--show-photos", action="store_true", help="show the photos in report.html")
    return arguments.run(parser, argv, _redraw)


def _redraw(given: argparse.Namespace) -> int:
    beside = given.verdicts.parent / "exchanges.har"
    har = given.har or (beside if beside.is_file() else None)
    folder = given.reports or given.verdicts.parent
    document, found = verdicts_file.read(given.verdicts), exchanges.read(har) if har else {}
    report_files.redraw(folder, document, found, given.show_photos, [given.verdicts, *([har] if har else [])])
    print(f"written: {folder}/report.html and the others")
    return 0
