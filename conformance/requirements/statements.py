"""Every statement of the contract: the table in requirements.toml, and the paths of the description."""

from __future__ import annotations

import string
import tomllib
from importlib import resources
from typing import Any

from ..catalogue.requirement import PAGE
from ..model import Form, Operation
from ..spec import EDITIONS, load

_TESTED_BY = {Form.METADATA: "metadata.answers-200", Form.PHOTO: "picture.answers-200"}


def statements() -> list[dict[str, Any]]:
    """A row for each: `id`, `says`, `level`, `cites`, and either `tested_by` or `excluded`."""
    text = resources.files(__package__).joinpath("requirements.toml").read_text(encoding="utf-8")
    rows = {name: {"id": name, "level": "MUST", **row} for name, row in tomllib.loads(text).items()}
    letters = list(dict.fromkeys(name[0] for name in rows))
    for edition in EDITIONS:
        for operation in load(edition).operations:
            rows.setdefault(operation.statement, _of_path(operation))
    return sorted(rows.values(), key=lambda row: (letters.index(row["id"][0]), *_number(row["id"])))


def _number(name: str) -> tuple[int, str]:
    """Of `S5a`: 5 and `a`."""
    digits = name.strip(string.ascii_letters)
    return int(digits), name[1:].removeprefix(digits)


def _of_path(operation: Operation) -> dict[str, Any]:
    what = {Form.METADATA: "metadata", Form.PHOTO: "picture"}[operation.form]
    return {
        "id": operation.statement,
        "says": f"The {what} of the variant {operation.variant} is at {operation.template}.",
        "level": "MUST",
        "cites": f"{PAGE}#http-request",
        "tested_by": [_TESTED_BY[operation.form]],
    }
