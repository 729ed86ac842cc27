"""`verdicts.json`: the one thing that every report is drawn from. Its schema is `schemas/verdicts.schema.json`."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from .. import __version__
from ..model import Form, Outcome, Verdict
from .cells import Document, in_order_of, tally
from .printable import visible

FORMAT = 1
SUITE = {"name": "photo-conformance", "version": __version__}


class UnreadableVerdicts(Exception):
    """A file is no `verdicts.json` of ours; the message is one line."""


def document(
    verdicts: Sequence[Verdict],
    *,
    target: Mapping[str, Any],
    requirements: Mapping[str, Mapping[str, str]],
    edition: str,
    started: str,
    finished: str,
    interrupted: bool = False,
    fail_on: str = "must",
    complete: bool = False,
    shapes: Sequence[str] = (),
    notes: Sequence[str] = (),
    stale: Sequence[str] = (),
    run: Mapping[str, str] | None = None,
    shard: Mapping[str, Any] | None = None,
    selected: tuple[int, int] | None = None,
    unfinished: bool = False,
    clauses: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The document of a run, the same for the same verdicts in whatever order they came.

    `target`: `base_url` and, as plain data, `owners` and `callers`; never a token. `requirements`: sentence, level,
    cites, chapter and link by id, in the order of the chapters. `started` and `finished`: RFC 3339. `shapes`: keys of
    all path shapes of the edition. `stale`: a sentence for each known deviation that no longer occurs.
    `run`: commit and address of a CI run, see `provenance`. `shard`: what `merge` needs to know of a part of a run.
    `selected`: how many cells were chosen, of how many. `unfinished`: the run has not ended. `clauses`: what each
    clause says, by its number; those that a verdict cites are kept. `options`: what has to be known to repeat the run.
    """
    place = {name: index for index, name in enumerate(requirements)}
    variants = in_order_of(shapes, (verdict.variant for verdict in verdicts))
    ordered = sorted(verdicts, key=lambda verdict: _sort_key(verdict, place, variants))
    cited = {verdict.cites for verdict in ordered}
    counted: Counter[Outcome] = Counter()
    for verdict in ordered:
        counted[verdict.outcome] += 1 + verdict.more
    return {
        "format": FORMAT,
        "suite": SUITE,
        "target": dict(target),
        "edition": edition,
        "started": started,
        "finished": finished,
        "interrupted": interrupted,
        "fail_on": fail_on,
        "complete": complete,
        "counts": {outcome.value: counted[outcome] for outcome in Outcome},
        "about": {
            "run": dict(run or {}),
            "shapes": list(shapes),
            "stale": list(stale),
            "options": dict(options or {}),
            **({"shard": dict(shard)} if shard else {}),
            **({"unfinished": True} if unfinished else {}),
            **({"selected": list(selected)} if selected and selected[0] < selected[1] else {}),
        },
        "notes": list(notes),
        "clauses": {name: says for name, says in (clauses or {}).items() if name in cited},
        "requirements": {name: dict(described) for name, described in requirements.items()},
        "verdicts": [as_data(verdict) for verdict in ordered],
    }


def _sort_key(verdict: Verdict, place: Mapping[str, int], variants: Sequence[str]) -> tuple[Any, ...]:
    forms = [*Form, None]
    return (
        place.get(verdict.requirement, len(place)),
        verdict.requirement,
        variants.index(verdict.variant),
        forms.index(verdict.form),
        verdict.addressing or "",
        verdict.state,
        verdict.case,
    )


def as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as it stands in the document."""
    return {
        "requirement": verdict.requirement,
        "level": verdict.level.value,
        "cites": verdict.cites,
        "variant": verdict.variant,
        "form": verdict.form and verdict.form.value,
        "addressing": verdict.addressing and verdict.addressing.value,
        "state": verdict.state.value,
        "case": verdict.case,
        "outcome": verdict.outcome.value,
        "findings": [{"at": each.at, "wanted": each.wanted, "got": each.got} for each in verdict.findings],
        "exchanges": list(verdict.exchanges),
        "blocked_by": verdict.blocked_by,
        "reason": verdict.reason,
        **({"more": verdict.more} if verdict.more else {}),
    }


def text(data: Mapping[str, Any]) -> str:
    """The document as JSON; what came as half a surrogate pair stays an escape.

    Raises:
        ValueError: it departs from its schema, which is a bug in the suite.
    """
    if problem := _problem(data):
        raise ValueError(f"verdicts.json: {problem}")
    return dumped(data)


def dumped(data: Mapping[str, Any]) -> str:
    """The same of a document that has been checked, and from which secrets have been taken since; a line a verdict."""
    texts = {name: json.dumps(value, indent=1) for name, value in data.items() if name != "verdicts"}
    texts["verdicts"] = "[\n" + ",\n".join(map(json.dumps, data["verdicts"])) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {texts[name]}" for name in data) + "\n}\n"


def write_atomically(path: Path, content: str | Iterable[str], *, private: bool = False) -> None:
    """Write a text file whole or not at all: the old one or the new one is there, never a half. Raises OSError.

    The kernel applies the umask; `private`: for its owner's eyes whatever that is. Devices and pipes are written to.
    """
    pieces = [content] if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", errors="backslashreplace", opener=at_once) as file:
            file.writelines(pieces)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(pieces)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def at_once(path: str, flags: int) -> int:
    """Open a file; a pipe without a reader is an error, and not waited for."""
    handle = os.open(path, flags | os.O_NONBLOCK, 0o666)
    os.set_blocking(handle, True)
    return handle


def read(path: Path) -> dict[str, Any]:
    """A document from its file; raises UnreadableVerdicts, whatever the file holds."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableVerdicts(f"{path}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise UnreadableVerdicts(f"{path}: not JSON, so not a verdicts.json") from None
    if problem := _problem(data):
        raise UnreadableVerdicts(f"{path}: not a verdicts.json: {problem}")
    return data  # type: ignore[no-any-return]  # an object, as the schema says


def _problem(data: Any) -> str | None:
    """Where a document departs from its schema; None where it does not."""
    try:
        for error in _validator().iter_errors(data):
            place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
            return visible(f"{place.lstrip('.') or 'the file'}: {error.message}", 300)
    except (ValueError, RecursionError) as error:  # what JSON Schema has no number or text for
        return visible(str(error), 300)
    return None


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    package = Path(__file__).resolve().parents[1]
    folder = next(place for place in (package / "schemas", package.parent / "schemas") if place.is_dir())
    schema = json.loads((folder / "verdicts.schema.json").read_text("utf-8"))
    return jsonschema_rs.Draft202012Validator(schema)


def counts(data: Document) -> dict[str, int]:
    """How many verdicts ended how, all eight outcomes, counted again."""
    found = tally(data["verdicts"])
    return {outcome.value: found[outcome.value] for outcome in Outcome}
