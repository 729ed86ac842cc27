"""`verdicts.json`: the one thing that every report is drawn from. Its schema is `schemas/verdicts.schema.json`."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from .. import __version__
from ..model import Form, UsageProblem, Verdict
from .printable import visible
from .run import counts, in_order_of

FORMAT = 1
LARGEST = 128 * 1024 * 1024
"""Bytes of a file that is read: a run on 10,000 owners writes a few."""
SUITE = {"name": "photo-conformance", "version": __version__}

_NONE: Mapping[str, Any] = {
    "interrupted": False, "fail_on": "must", "complete": False, "notes": [], "clauses": {}, "requirements": {},
}  # fmt: skip
_NONE_ABOUT: Mapping[str, Any] = {"run": {}, "shapes": [], "stale": [], "options": {}}


def document(verdicts: Sequence[Verdict], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a run, the same for the same verdicts in whatever order they came.

    `facts` are its other members, as the schema describes them; `target`, `edition` and the two moments are needed.
    Of `clauses` those that a verdict cites are kept.
    """
    facts = {**_NONE, **facts, "about": {**_NONE_ABOUT, **facts.get("about", {})}}
    place = {name: index for index, name in enumerate(facts["requirements"])}
    variants = in_order_of(facts["about"]["shapes"], (verdict.variant for verdict in verdicts))
    data = [as_data(verdict) for verdict in sorted(verdicts, key=lambda each: _sort_key(each, place, variants))]
    cited = {verdict.cites for verdict in verdicts}
    return {
        "format": FORMAT,
        "suite": SUITE,
        **facts,
        "clauses": {name: says for name, says in facts["clauses"].items() if name in cited},
        "counts": counts(data),
        "verdicts": data,
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


def check(data: Mapping[str, Any]) -> None:
    """Raises ValueError where a document departs from its schema, which is a bug in the suite."""
    if problem := _problem(data):
        raise ValueError(f"verdicts.json: {problem}")


def text(data: Mapping[str, Any]) -> str:
    """The document as JSON, a line a verdict; what came as half a surrogate pair stays an escape."""
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


def json_of(path: Path, largest: int, what: str) -> Any:
    """The JSON that a file holds; raises UsageProblem, also where it is a pipe, which might never end, or longer."""
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "expected a file, not a folder, pipe or device")
        if path.stat().st_size > largest:
            raise OSError(errno.EFBIG, f"expected at most {largest // 2**20} MiB")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise UsageProblem(f"{path}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise UsageProblem(f"{path}: not JSON, so not a {what}") from None


def read(path: Path) -> dict[str, Any]:
    """A document from its file, or the folder of reports; raises UsageProblem, whatever the file holds."""
    data = json_of(path / "verdicts.json" if path.is_dir() else path, LARGEST, "verdicts.json")
    if problem := _problem(data):
        raise UsageProblem(f"{path}: not a verdicts.json: {problem}")
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
