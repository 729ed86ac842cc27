"""All reports of a run: looked at before it, marked as not finished while it lasts, then each written whole."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import __version__
from ..causes import grouping
from ..causes.evidence import Document
from ..media import json_text
from ..model import Outcome, UsageProblem
from . import ci, verdicts_file
from .labels import labelled
from .outcomes import OUTCOMES
from .run import Run
from .templates import rendered
from .verdicts_file import at_once, write_atomically

HAR, PAGE, VERDICTS = "exchanges.har", "report.html", "verdicts.json"
MARKS = {
    VERDICTS: r'"format":\s*1\b',
    HAR: r'"creator":\s*\{\s*"name":\s*"photo-conformance"',
    "junit.xml": r'<testsuite name="photo-conformance"',
    "ctrf.json": r'"generatedBy":\s*"photo-conformance"',
    "summary.md": r"## \S+ Get profilePhoto: ",
    "badge.json": r'"label":\s*"profilePhoto ',
    PAGE: r'<meta name="generator" content="photo-conformance ',
}
"""How the suite knows its own files again, each by something near its beginning."""
NAMES = tuple(MARKS)
NOT_WRITTEN = OUTCOMES[Outcome.BROKEN].exit_code
"""The exit code of a run of which a report could not be written."""
_HEAD = 65_536
_STEP_SUMMARY = 1024 * 1024
"""Bytes of a step's summary: of a longer one GitHub shows nothing."""
_CUT = "\n\ncut; the rest is in summary.md\n"
_NO_EXCHANGES = {"log": {"version": "1.2", "creator": verdicts_file.SUITE, "comment": "not finished", "entries": []}}


@dataclass(frozen=True)
class Results:
    """What all reports are made from: verdicts and exchanges, without secrets."""

    run: Run
    clean: Callable[[str], str] = str
    """Takes secrets out of a text: once more, as the last thing before a file is written."""
    har: Iterable[str] = ()
    """The recording as text."""


@dataclass(frozen=True)
class Destination:
    """Where reports go, and what they show of people."""

    folder: Path
    keep: tuple[Path, ...] = ()
    """Files that the run reads, and that are left as they are."""
    show_photos: bool = False
    show_ids: bool = False

    def replaced(self) -> Iterator[Path]:
        """The files that are written."""
        kept = {os.path.realpath(path) for path in self.keep}
        return (path for name in NAMES if os.path.realpath(path := self.folder / name) not in kept)


def check_copy(destination: Destination, copy: str | None) -> None:
    """See that a copy of the page replaces no other report; else UsageProblem."""
    others = [os.path.realpath(destination.folder / name) for name in NAMES if name != PAGE]
    if copy and os.path.realpath(copy) in others:
        raise UsageProblem(f"--html: {copy} is the place of another report; expected another path for the page")


def check(destination: Destination) -> None:
    """See that reports can be written there, and that no file is replaced that is not the suite's.

    Raises:
        UsageProblem: they cannot, or one would be.
    """
    if (folder := str(destination.folder.absolute())) != os.path.expandvars(folder):
        raise UsageProblem(f"--reports: expected a path without `$NAME`, which pytest-html replaces; {folder}")
    try:
        if destination.folder.exists():
            tempfile.TemporaryFile(dir=destination.folder).close()
    except OSError as error:
        raise _unusable(destination.folder, error) from None
    for path in destination.replaced():
        if path.is_dir():
            raise UsageProblem(f"--reports: {path} is a folder, and a report of that name is to be written")
        if path.exists() and not _is_ours(path):
            raise UsageProblem(f"--reports: {path} was not written by this suite, and would be replaced; move it away")


def _unusable(folder: Path, error: OSError) -> UsageProblem:
    return UsageProblem(f"--reports: expected a folder to write to; {folder}: {error.strerror or error}")


def _is_ours(path: Path) -> bool:
    if not path.is_file():  # reading from a pipe or a device might never end
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
    except OSError as error:
        raise _unusable(path, error) from None
    return not head.strip() or re.search(MARKS[path.name], head) is not None


def begin(destination: Destination, unfinished: Document) -> None:
    """Replace each report by one that says "not finished", so that a run that is killed leaves no old result.

    Raises:
        UsageProblem: the folder cannot be written.
    """
    texts = {
        VERDICTS: verdicts_file.text(unfinished),
        HAR: json.dumps(_NO_EXCHANGES, indent=1) + "\n",
        PAGE: rendered("unfinished.html", version=__version__),
        **generated(Run(unfinished)),
    }
    try:
        for path in destination.replaced():
            write_atomically(path, texts[path.name])
    except OSError as error:
        raise _unusable(destination.folder, error) from None


def results(
    document: dict[str, Any], entries: Iterable[Mapping[str, Any]], har: Iterable[str], clean: Callable[[str], str]
) -> Results:
    """A document and its recording, ready for all reports; `clean` takes secrets out of a text.

    `entries` are those of the recording, `har` its text: without secrets, which base64 would hide from `clean`.
    """
    exchanges = {entry["_id"]: entry for entry in entries}
    grouping.attach(document, exchanges)
    verdicts_file.check(document)
    return Results(Run(json_text.cleaned([document], clean)[0], exchanges), clean, har)


def generated(run: Run, clean: Callable[[str], str] = str, *, show_ids: bool = False) -> dict[str, str]:
    """The reports that are generated from verdicts alone, by file name; with labels of people, or `show_ids`."""
    shown = run if show_ids else labelled(run)
    junit = ci.junit(shown)
    lines = "\n".join(dict.fromkeys(junit.split("\n")))  # each is searched once, and most stand there often
    return {
        "junit.xml": junit if clean(lines) == lines else clean(junit),
        "ctrf.json": json.dumps(json_text.cleaned([ci.ctrf(shown)], clean)[0]) + "\n",
        "summary.md": clean(rendered("summary.md", run=shown)),
        "badge.json": clean(ci.badge(shown)),
    }


def write(destination: Destination, found: Results) -> list[str]:
    """Write every report but the page, whatever becomes of the others; what could not be written, one line each."""
    texts = generated(found.run, found.clean, show_ids=destination.show_ids)
    contents = {VERDICTS: verdicts_file.text(found.run.document), HAR: found.har, **texts}
    problems = []
    for path in destination.replaced():
        try:
            if path.name != PAGE:  # pytest-html writes it
                write_atomically(path, contents[path.name], private=path.name == HAR)
        except OSError as error:
            problems.append(f"{path}: {error.strerror or error}")
    if step := os.environ.get("GITHUB_STEP_SUMMARY"):  # the page of a job of GitHub's
        try:
            with open(step, "a", encoding="utf-8", errors="backslashreplace", opener=at_once) as file:
                file.write(_step_summary(texts["summary.md"], os.fstat(file.fileno()).st_size))
        except OSError as error:
            problems.append(f"{step}: {error.strerror or error}")
    return problems


def _step_summary(text: str, size: int) -> str:
    """As many whole lines as GitHub takes behind so many bytes."""
    data = text.encode("utf-8", "backslashreplace")
    left = _STEP_SUMMARY - size
    if len(data) <= left:
        return text
    whole, end, _ = data[: max(left - len(_CUT), 0)].rpartition(b"\n")
    return (whole + end).decode() + _CUT if len(_CUT) <= left else ""
