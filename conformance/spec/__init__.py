"""The contract as data: the OpenAPI description and the JSON Schemas, read into operations and validators."""

from .description import EDITIONS, Edition, load
from .paths import Match, expand
from .validation import SchemaError, errors, shown

__all__ = [
    "EDITIONS",
    "Edition",
    "Match",
    "SchemaError",
    "errors",
    "expand",
    "load",
    "shown",
]
