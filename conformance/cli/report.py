"""`photo-conformance report VERDICTS`: all reports of a run, drawn once more from its verdicts.json."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..model import UsageProblem
from ..reporting import regenerate
from . import arguments


def main(argv: Sequence[str]) -> int:
    """0: the reports are there; 4: a file cannot be read or written."""
    parser = arguments.Parser("report", "Draw all reports of a run once more from its verdicts.json; nothing is sent.")
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


def _redraw(told: argparse.Namespace) -> int:
    beside = told.verdicts.parent / "exchanges.har"
    har = told.har or (beside if beside.is_file() else None)
    folder = told.reports or told.verdicts.parent
    folder.mkdir(parents=True, exist_ok=True)
    try:
        regenerate.redraw(told.verdicts, har, folder, told.show_photos)
    except regenerate.CannotRedraw as error:
        raise UsageProblem(str(error)) from None
    print(f"drawn: {folder}/report.html and the others")
    return 0
