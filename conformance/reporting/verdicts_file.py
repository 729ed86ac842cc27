"""`verdicts.json`: the one thing that every report is drawn from. Its schema is `schemas/verdicts.schema.json`."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..model import Form, Outcome, Verdict
from .cells import VARIANTS, Document, tally

FORMAT = 1
_TEXTS = ("requirement", "level", "cites", "variant", "state", "case", "outcome")
_TEXTS_OR_NULL = ("form", "addressing", "blocked_by", "reason")


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
) -> dict[str, Any]:
    """The document of a run, the same for the same verdicts in whatever order they came.

    `target`: `base_url` and, as plain data, `owners` and `callers`; never a token. `requirements`: sentence, level,
    cites, chapter and link by id, in the order of the chapters. `started` and `finished`: RFC 3339. `shapes`: keys of
    all path shapes of the edition. `stale`: a sentence for each known deviation that is none any more.
    `run`: commit and address of a CI run, see `provenance`. `shard`: what a part of a run tells to be merged.
    `selected`: how many cells were chosen, of how many.
    """
    place = {name: index for index, name in enumerate(requirements)}
    ordered = sorted(verdicts, key=lambda verdict: _sort_key(verdict, place))
    counted: Counter[Outcome] = Counter()
    for verdict in ordered:
        counted[verdict.outcome] += 1 + verdict.more
    return {
        "format": FORMAT,
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
            **({"shard": dict(shard)} if shard else {}),
            **({"selected": list(selected)} if selected and selected[0] < selected[1] else {}),
        },
        "notes": list(notes),
        "requirements": {name: dict(told) for name, told in requirements.items()},
        "verdicts": [_as_data(verdict) for verdict in ordered],
    }


def _sort_key(verdict: Verdict, place: Mapping[str, int]) -> tuple[Any, ...]:
    forms = [*Form, None]
    return (
        place.get(verdict.requirement, len(place)),
        verdict.requirement,
        VARIANTS.index(verdict.variant) if verdict.variant in VARIANTS else len(VARIANTS),
        verdict.variant,
        forms.index(verdict.form),
        verdict.addressing or "",
        verdict.state,
        verdict.case,
    )


def _as_data(verdict: Verdict) -> dict[str, Any]:
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
    """The document as JSON; what came as half a surrogate pair stays an escape."""
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"


def write_atomically(path: Path, content: str) -> None:
    """Write a text file whole or not at all: whoever looks finds the old one or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(content)
        Path(name).chmod(0o644)  # mkstemp makes files that only their owner reads; reports are for others
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


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
    for verdict in data["verdicts"]:
        verdict.update({name: verdict.get(name) for name in _TEXTS_OR_NULL})
    return data  # type: ignore[no-any-return]  # an object, as was just seen


def _problem(data: Any) -> str | None:
    """What keeps every other module from drawing the document; None where nothing does."""
    if not isinstance(data, dict):
        return "not an object"
    if data.get("format") != FORMAT:
        return f"format {FORMAT} was expected"
    kinds = {"target": dict, "edition": str, "started": str, "finished": str, "interrupted": bool, "verdicts": list}
    for name, kind in kinds.items():
        if not isinstance(data.get(name), kind):
            return f"`{name}` is not as it should be"
    told = data.get("requirements", {})
    if not isinstance(told, dict) or not all(isinstance(each, dict) for each in told.values()):
        return "`requirements` is not as it should be"
    if not isinstance(data.get("about", {}), dict):
        return "`about` is not as it should be"
    for index, verdict in enumerate(data["verdicts"]):
        if not _is_verdict(verdict):
            return f"verdict {index} is not as it should be"
    return None


def _is_verdict(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(isinstance(value.get(name), str) for name in _TEXTS)
        and all(isinstance(value.get(name), str | None) for name in _TEXTS_OR_NULL)
        and value["outcome"] in set(Outcome)
        and isinstance(value.get("findings"), list)
        and all(
            isinstance(each, dict) and all(isinstance(each.get(name), str) for name in ("at", "wanted", "got"))
            for each in value["findings"]
        )
        and isinstance(value.get("more", 0), int)
        and value.get("more", 0) >= 0
        and isinstance(value.get("exchanges"), list)
        and all(isinstance(each, str) for each in value["exchanges"])
    )


def counts(data: Document) -> dict[str, int]:
    """How many verdicts ended how, all eight outcomes, counted anew."""
    found = tally(data["verdicts"])
    return {outcome.value: found[outcome.value] for outcome in Outcome}
