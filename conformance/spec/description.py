"""The OpenAPI description of an edition, read into operations and path shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..model import Addressing, Form, Operation, Shape
from . import overlay, paths, schemas
from .folders import folder

EDITIONS = ("v1.0-2016", "v1.0-2023", "observed")
"""From the page's first edition to what the service does today; the first is what the description itself says."""

_USER = "user-id"


class UnknownEdition(ValueError):
    """An edition that there is none of; the message lists those there are."""


@dataclass(frozen=True)
class Contract:
    """One edition of the contract. Shared by all who load it: nothing in it may be changed."""

    edition: str
    document: Mapping[str, Any] = field(repr=False)
    """The OpenAPI document, overlays applied; its `$ref`s are relative to the folder openapi/."""
    operations: tuple[Operation, ...]
    """The page's 14 in its order (S8 to S21), then those that the edition adds."""
    shapes: tuple[Shape, ...]
    """The operations in the same order, one that names a user twice: by id, then by userPrincipalName."""

    def match(self, raw_path: str) -> paths.Match | None:
        """The operation that a raw path below the version segment leads to, or None. See `paths.match`."""
        return paths.match(self.operations, raw_path)

    def operation(self, variant: str, form: Form) -> Operation:
        """The operation of a variant and form.

        Raises:
            KeyError: the edition has none such.
        """
        for operation in self.operations:
            if (operation.variant, operation.form) == (variant, form):
                return operation
        raise KeyError(f"edition {self.edition} has no operation {variant}.{form}")

    def schema(self, name: str) -> dict[str, Any]:
        """A JSON Schema by name. See `schemas.schema`."""
        return schemas.schema(name)


def load(edition: str = EDITIONS[0]) -> Contract:
    """The contract in one edition. Read once.

    Raises:
        UnknownEdition: there is no edition of that name.
    """
    if edition not in EDITIONS:
        raise UnknownEdition(f"no edition {edition!r}; there are {', '.join(EDITIONS)}")
    return _read(edition)


@cache
def _read(edition: str) -> Contract:
    document = _document(edition)
    operations = tuple(
        _operation(template, item["get"]) for template, item in document["paths"].items() if "get" in item
    )
    shapes = tuple(Shape(operation, addressing) for operation in operations for addressing in _addressings(operation))
    return Contract(edition, document, operations, shapes)


def _document(edition: str) -> dict[str, Any]:
    """The description, and for a later edition the overlays up to it, each after the one that it names."""
    if edition == EDITIONS[0]:
        return _yaml("profilephoto.yaml")
    actions = _yaml(f"overlays/{edition}.yaml")
    before = actions.get("x-applies-after", EDITIONS[0])
    return overlay.apply(load(before).document, actions)


def _yaml(name: str) -> dict[str, Any]:
    import yaml  # late, so that merely naming an edition costs nothing

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (folder("openapi") / name).open("rb") as file:
        read: dict[str, Any] = yaml.load(file, loader)  # noqa: S506 - a safe loader, in C where there is one
    return read


def _operation(template: str, said: Mapping[str, Any]) -> Operation:
    scopes = [scope for alternative in said["security"] for names in alternative.values() for scope in names]
    return Operation(
        id=said["operationId"],
        variant=said["x-variant"],
        form=Form(said["x-form"]),
        template=template,
        statement=said["x-statement"],
        permission_statement=said["x-permission-statement"],
        scopes=frozenset(scopes),
        own_scopes=frozenset(said.get("x-own-scopes", ())),
        editions=frozenset(said.get("x-editions", ())),
    )


def _addressings(operation: Operation) -> tuple[Addressing | None, ...]:
    return tuple(Addressing) if _USER in operation.parameters else (None,)
