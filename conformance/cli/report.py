"""`photo-conformance report VERDICTS`: all reports of a run, regenerated from its verdicts.json."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..pytest_plugin.session_reports import regenerate
from ..reporting import exchanges, report_files, verdicts_file
from ..reporting.report_files import HAR, VERDICTS, Destination, Results
from ..reporting.run import Run
from . import arguments


def main(argv: Sequence[str]) -> int:
    """The exit code of the run; 3: a report could not be written; 4: a file cannot be read."""
    parser = arguments.Parser("report", "Regenerate all reports of a run from its verdicts.json; nothing is sent.")
    parser.add_path("verdicts", "VERDICTS", "verdicts.json of the run, or its folder")
    parser.add_path("--har", "FILE", "the run's recording (default: exchanges.har beside VERDICTS, where it is there)")
    parser.add_path("--reports", "DIR", "where they go (default: the folder of VERDICTS)")
    arguments.add_options(parser, "show_photos", "show_ids")
    return arguments.run(parser, argv, _regenerate)


def _regenerate(given: argparse.Namespace) -> int:
    verdicts = given.verdicts / VERDICTS if given.verdicts.is_dir() else given.verdicts
    folder = given.reports or verdicts.parent
    beside = verdicts.parent / HAR
    har = given.har or (beside if beside.is_file() else None)
    document, found = verdicts_file.read(verdicts), exchanges.read(har) if har else {}
    kept = (verdicts, *([har] if har else []), folder / VERDICTS, folder / HAR)
    shown = arguments.settled(given, "show_photos", "show_ids")
    destination = Destination(folder, kept, shown.show_photos, shown.show_ids)
    report_files.check(destination)
    return regenerate(Results(Run(document, found)), destination)[0]
