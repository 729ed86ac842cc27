"""Every statement of the contract: the table in requirements.toml, and the paths that overlays add."""

from __future__ import annotations

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
    rows: dict[str, dict[str, Any]] = {row["id"]: row for row in tomllib.loads(text)["statement"]}
    for edition in EDITIONS:
        for operation in load(edition).operations:
            rows.setdefault(operation.statement, _of_path(operation))
    return list(rows.values())


def _of_path(operation: Operation) -> dict[str, Any]:
    what = {Form.METADATA: "metadata", Form.PHOTO: "picture"}[operation.form]
    return {
        "id": operation.statement,
        "says": f"The {what} of the variant {operation.variant} is at {operation.template}.",
        "level": "MUST",
        "cites": f"{PAGE}#http-request",
        "tested_by": [_TESTED_BY[operation.form]],
    }
