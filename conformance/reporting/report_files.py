"""All reports of a run: looked at before it, marked as not finished while it lasts, then each written whole."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import __version__
from ..causes import evidence, grouping
from ..model import UsageProblem
from . import exchanges as recorded
from . import verdicts_file
from .cells import Document
from .exchanges import Exchanges
from .regenerate import CannotRedraw, drawn, page
from .verdicts_file import write_atomically

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
_HEAD = 65_536
_PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="generator" content="photo-conformance {__version__}">
<title>Get profilePhoto: not finished</title></head>
<body><main><h1>Not finished</h1><p>The run that writes this report is still going on, or was killed.</p></main></body>
</html>
"""
_NO_EXCHANGES = {
    "log": {
        "version": "1.2",
        "creator": {"name": "photo-conformance", "version": __version__},
        "comment": "not finished",
        "entries": [],
    }
}


@dataclass(frozen=True)
class Results:
    """What all reports are made from: verdicts and exchanges, without secrets."""

    document: Mapping[str, Any]
    exchanges: Exchanges
    har: str
    clean: Callable[[str], str]
    """Takes secrets out of a text: once more, as the last thing before a file is written."""


def check(folder: Path, keep: Collection[Path] = ()) -> None:
    """See that reports can be written there, and that no file is replaced that is not the suite's.

    Raises:
        UsageProblem: they cannot, or one would be.
    """
    if folder.exists():
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise _unusable(folder, error) from None
    for path in _replaced(folder, keep):
        if path.is_dir():
            raise UsageProblem(f"--reports: {path} is a folder, and a report of that name is to be written")
        if path.exists() and not _is_ours(path):
            raise UsageProblem(f"--reports: {path} was not written by this suite, and would be replaced; move it away")


def _unusable(folder: Path, error: OSError) -> UsageProblem:
    return UsageProblem(f"--reports: expected a folder to write to; {folder}: {error.strerror or error}")


def _replaced(folder: Path, keep: Collection[Path]) -> Iterator[Path]:
    kept = {path.resolve() for path in keep}
    return (path for name in NAMES if (path := folder / name).resolve() not in kept)


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
    except OSError as error:
        raise _unusable(path, error) from None
    return not head.strip() or re.search(MARKS[path.name], head) is not None


def begin(folder: Path, unfinished: Mapping[str, Any], keep: Collection[Path] = ()) -> None:
    """Replace each report by one that says "not finished", so that a run that is killed leaves no old result.

    Raises:
        UsageProblem: the folder cannot be written.
    """
    texts = {
        VERDICTS: verdicts_file.text(unfinished),
        HAR: json.dumps(_NO_EXCHANGES, indent=1) + "\n",
        PAGE: _PAGE,
        **drawn(unfinished, {}),
    }
    try:
        for path in _replaced(folder, keep):
            write_atomically(path, texts[path.name])
    except OSError as error:
        raise _unusable(folder, error) from None


def results(document: dict[str, Any], har_lines: Iterable[str], clean: Callable[[str], str]) -> Results:
    """A document and its recording, ready for all reports; `clean` takes secrets out of a text."""
    har = "".join(har_lines)  # its writer has taken out the secrets, before base64 could hide them
    exchanges = recorded.parsed(har)
    grouping.attach(document, evidence.seen(exchanges))
    return Results(json.loads(clean(verdicts_file.text(document))), exchanges, har, clean)


def write(
    folder: Path, found: Results, *, show_photos: bool = False, show_ids: bool = False, keep: Collection[Path] = ()
) -> tuple[str, ...]:
    """Write every report, whatever becomes of the others; what could not be written, one line each."""
    document, exchanges = found.document, found.exchanges
    texts = {VERDICTS: verdicts_file.dumped(document), **drawn(document, exchanges, show_ids=show_ids)}
    texts = {HAR: found.har, **{name: found.clean(text) for name, text in texts.items()}}
    return (*_drawn(folder, texts, document, exchanges, show_photos, keep), *_step_summary(texts["summary.md"]))


def redraw(folder: Path, document: Document, exchanges: Exchanges, show_photos: bool, keep: Collection[Path]) -> None:
    """Write all reports but the recording and the verdicts, which they are generated from.

    Raises:
        UsageProblem: one would replace a file that is not the suite's, or cannot be written.
    """
    keep = [*keep, folder / VERDICTS, folder / HAR]
    check(folder, keep)
    if problems := [*_drawn(folder, drawn(document, exchanges), document, exchanges, show_photos, keep)]:
        raise UsageProblem("; ".join(problems))


def _drawn(
    folder: Path, texts: Mapping[str, str], document: Document, exchanges: Exchanges, show_photos: bool,
    keep: Collection[Path],
) -> Iterator[str]:  # fmt: skip
    """Write texts by file name, and the page; what could not be written, one line each."""
    for path in _replaced(folder, keep):
        try:
            if path.name == PAGE:
                page(document, exchanges, path, show_photos)
            elif path.name in texts:
                write_atomically(path, texts[path.name], private=path.name == HAR)
        except (OSError, CannotRedraw) as error:
            yield _one_line(path, error)


def _step_summary(text: str) -> Iterator[str]:
    """Give a job of GitHub's its summary; what was wrong with that."""
    if step := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(step).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError as error:
            yield _one_line(Path(step), error)


def _one_line(path: Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
    return f"{path}: {reason}"
