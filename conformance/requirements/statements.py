"""Every statement of the contract: the table in requirements.toml, and the paths of the description."""

from __future__ import annotations

import re
import string
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from ..catalogue.requirement import CATALOGUE
from ..model import Form, Operation
from ..spec import EDITIONS, load

PAGE = "https://learn.microsoft.com/graph/api/profilephoto-get"
"""The public page."""
_TESTED_BY = {Form.METADATA: "metadata.answers-200", Form.PHOTO: "picture.answers-200"}


@cache
def statements() -> tuple[dict[str, Any], ...]:
    """A row for each: `id`, `says`, `cites`, and either `tested_by` or `excluded`."""
    text = resources.files(__package__).joinpath("requirements.toml").read_text(encoding="utf-8")
    rows = {name: {"id": name, **row} for name, row in tomllib.loads(text).items()}
    for name, row in rows.items():
        row.setdefault("cites", rows.get(name.rstrip(string.ascii_lowercase), {}).get("cites"))
        if "excluded" not in row:
            citing = [one.id for one in CATALOGUE.values() if re.fullmatch(f"{name}[a-z]?", one.cites)]
            row.setdefault("tested_by", citing)
    letters = list(dict.fromkeys(name[0] for name in rows))
    for edition in EDITIONS:
        for operation in load(edition).operations:
            rows.setdefault(operation.statement, _of_path(operation))
    return tuple(sorted(rows.values(), key=lambda row: (letters.index(row["id"][0]), *_number(row["id"]))))


def described() -> dict[str, dict[str, str]]:
    """What reports say of each requirement, by id, with a link to the statement that it cites; else to the page."""
    links = {row["id"]: row["cites"] for row in statements()}
    return {
        one.id: {
            "sentence": one.sentence, "level": str(one.level), "cites": one.cites, "chapter": one.chapter,
            "link": links.get(one.cites, PAGE),
        }
        for one in CATALOGUE.values()
    }  # fmt: skip


def _number(name: str) -> tuple[int, str]:
    """Of `S5a`: 5 and `a`."""
    digits = name.strip(string.ascii_letters)
    return int(digits), name[1:].removeprefix(digits)


def _of_path(operation: Operation) -> dict[str, Any]:
    what = {Form.METADATA: "metadata", Form.PHOTO: "picture"}[operation.form]
    return {
        "id": operation.statement,
        "says": f"The {what} of the variant {operation.variant} is at {operation.template}.",
        "cites": f"{PAGE}#http-request",
        "tested_by": [_TESTED_BY[operation.form]],
    }
