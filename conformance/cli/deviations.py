"""`photo-conformance deviations VERDICTS`: a first file of known deviations, drawn up from a run."""

from __future__ import annotations

import argparse
import glob
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..reporting import verdicts_file
from ..reporting.cells import Document
from ..reporting.printable import visible
from . import arguments

_REASON = 200
"""Characters of a reason that is taken from what was found."""


def main(argv: Sequence[str]) -> int:
    """0: the file is on stdout; 4: the verdicts cannot be read."""
    parser = arguments.Parser("deviations", "Print a first file of known deviations: all that fails a run.")
    parser.add_argument("verdicts", metavar="VERDICTS", type=arguments.path, help="verdicts.json of the run")
    parser.add_argument("--owner", metavar="NAME", default="nobody yet", help="who answers for them")
    parser.add_argument("--reason", metavar="TEXT", help="why they are accepted (default: what was found)")
    return arguments.run(parser, argv, _print)


def _print(told: argparse.Namespace) -> int:
    document = verdicts_file.read(told.verdicts)
    print(draft(document, told.owner or "nobody yet", told.reason), end="")
    return 0


def draft(document: Document, owner: str, reason: str | None = None) -> str:
    """The file: a line for each requirement that fails the run, its cases as few and as short globs as are right."""
    bad = ("violates", "departs") if document.get("fail_on") == "should" else ("violates",)
    grouped: dict[str, list[dict[str, Any]]] = {}
    for verdict in document["verdicts"]:
        grouped.setdefault(verdict["requirement"], []).append(verdict)
    told = ["# Known deviations. `expires = 2027-01-31` gives a line a last day; `flaky = true` lets it come and go."]
    for requirement, verdicts in grouped.items():
        wrong = [verdict for verdict in verdicts if verdict["outcome"] in bad]
        if wrong:
            right = [each["case"] for each in verdicts if each["outcome"] in {"conforms", "departs"} - set(bad)]
            cases = globs([verdict["case"] for verdict in wrong], right)
            told += [
                "",
                "[[deviation]]",
                f"requirement = {_quoted(requirement)}",
                f"cases = [{', '.join(map(_quoted, cases))}]",
                f"reason = {_quoted(reason or _found(wrong[0]))}",
                f"owner = {_quoted(owner)}",
            ]
    return "\n".join(told) + "\n"


def _found(verdict: dict[str, Any]) -> str:
    findings = [f"{each['at']}: wanted {each['wanted']}, got {each['got']}" for each in verdict["findings"]]
    return visible(findings[0] if findings else verdict["reason"] or verdict["outcome"], _REASON)


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def globs(wrong: Iterable[str], right: Iterable[str]) -> list[str]:
    """Globs that match every wrong case and no right one: each time the one that matches most, then the shortest."""
    left = set(wrong)
    matched: dict[str, set[str]] = {}
    for case in left:
        for each in _candidates(case):
            matched.setdefault(each, set()).add(case)
    for case in set(right) - left:
        for each in _candidates(case):
            matched.pop(each, None)
    chosen = []
    for each in sorted(matched, key=lambda each: (-len(matched[each]), len(each), each)):
        if matched[each] & left:
            chosen.append(each)
            left -= matched[each]
    return sorted(chosen)


def _candidates(case: str) -> Iterator[str]:
    """The globs that may stand for a case, from all cases down to this one alone."""
    yield "*"
    yield glob.escape(case)
    place, slash, owner = (glob.escape(part) for part in case.partition("/"))
    variant, *parts = place.split(".")
    if slash:
        yield f"*/{owner}"
    if not slash or not parts:
        return
    state = parts.pop()
    yield f"{variant}.*"
    yield f"*.{state}/*"
    for number, part in enumerate(parts):
        yield f"*.{part}.*"
        yield f"{variant}.*.{part}.*" if number else f"{variant}.{part}.*"
    yield f"{variant}.*/{owner}"
    yield f"{place}/*"
