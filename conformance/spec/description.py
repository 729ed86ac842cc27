"""The OpenAPI description of an edition, read into operations and path shapes, and what else editions differ in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..model import Addressing, Form, Level, Operation, Shape, UsageProblem
from . import overlay, paths
from .files import SUFFIX, folder

_HEAD = re.compile(rb"^(?:actions|paths):", re.MULTILINE)
"""What follows the head of a description or of an overlay, and costs the most to read."""


def _yaml(text: bytes) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    return read


_HEADS = [
    (_yaml(_HEAD.split(file.read_bytes(), 1)[0])["info"], file)
    for file in (folder("openapi") / "profilephoto.yaml", *folder("openapi").glob("overlays/*.yaml"))
]
_BY_DATE = sorted(_HEADS, key=lambda pair: str(pair[0]["x-date"]))
_FILES: dict[str, Path] = {head["version"]: file for head, file in _BY_DATE}
"""The description and its overlays by the edition that each makes, in the order of their dates."""
EDITIONS = tuple(_FILES)
"""From the page's first edition to what the service does today; the first is what the description itself says."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the contract, and what a run asks for beyond it. Shared: nothing in it may be changed."""

    name: str
    document: Mapping[str, Any] = field(repr=False, compare=False)
    """The OpenAPI document, overlays applied; its `$ref`s are relative to the folder openapi/."""
    operations: tuple[Operation, ...] = field(repr=False, compare=False)
    """The page's 14 in its order (S8 to S21), then those that the edition adds."""
    shapes: tuple[Shape, ...] = field(repr=False, compare=False)
    """The operations in the same order, one that names a user twice: by id, then by userPrincipalName."""
    placeholder: bool
    """For an owner without a photo the metadata is 200 and a placeholder (S39); else 404."""
    size_letters: str | None
    """Letters that an id such as `240X240` may have; None: any id is allowed."""
    apps_see_groups: bool
    """An application with a group scope must be shown a group's photo; else it may be refused with 403."""
    levels: Mapping[str, Level | None] = field(hash=False)
    """Of requirements by id, where it is not the usual one; None: not asked in this edition."""
    odata: bool = False
    """Whether the overlay is asked for as well: what OData and HTTP say beyond the page (clauses O1, O2 …)."""
    explore: int = 0
    """Random requests per operation (clauses X1, X2 …)."""

    def match(self, raw_path: str) -> paths.Match | None:
        """The operation that a raw path below the version segment leads to, or None. See `paths.match`."""
        return paths.match(self.operations, raw_path)

    def schema_of(self, component: str) -> str:
        """The reference to the schema of a component, as `errors` takes it: `placeholder#/$defs/edition2023`.

        Raises:
            KeyError: the edition has no such component.
        """
        reference: str = self.document["components"]["schemas"][component]["$ref"]
        file, _, pointer = reference.partition("#")
        name = Path(file).name.removesuffix(SUFFIX)
        return f"{name}#{pointer}" if pointer else name


def load(name: str = EDITIONS[0]) -> Edition:
    """An edition by name. Read once.

    Raises:
        UsageProblem: there is no edition of that name.
    """
    if name not in EDITIONS:
        raise UsageProblem(f"no edition {name!r}; there are {', '.join(EDITIONS)}")
    return _read(name)


@cache
def _read(name: str) -> Edition:
    document = _yaml(_FILES[name].read_bytes())
    if name != EDITIONS[0]:
        document = overlay.apply(load(document.get("x-applies-after", EDITIONS[0])).document, document)
    operations = tuple(
        _operation(document, template, item) for template, item in document["paths"].items() if "get" in item
    )
    shapes = tuple(
        Shape(operation, addressing)
        for operation in operations
        for addressing in (tuple(Addressing) if "user" in operation.keys.values() else (None,))
    )
    data = document["info"]["x-edition"]
    levels = {requirement: level and Level(level) for requirement, level in data["levels"].items()}
    return Edition(
        name, document, operations, shapes, data["placeholder"], data["sizeLetters"], data["appsSeeGroups"], levels
    )


def _operation(document: Mapping[str, Any], template: str, item: Mapping[str, Any]) -> Operation:
    get = item["get"]
    photo = get["x-photo"]
    scopes = [scope for alternative in get["security"] for names in alternative.values() for scope in names]
    named = document["components"]["parameters"]
    given = item.get("parameters", ())
    parameters = [named[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in given]
    return Operation(
        id=get["operationId"],
        variant=photo["variant"],
        form=Form(photo["form"]),
        template=template,
        statement=photo["statement"],
        permission_statement=photo["permission"],
        scopes=frozenset(scopes),
        own_scopes=frozenset(photo.get("own-scopes", ())),
        owner=photo["owner"],
        leads_to=photo.get("leads-to", "photo"),
        keys={one["name"]: one["x-key"] for one in parameters},
    )
