"""The contract as data: the OpenAPI description and the JSON Schemas, read into operations and validators."""

from .description import EDITIONS, Edition, load
from .paths import expand
from .validation import SchemaError, errors

__all__ = ["EDITIONS", "Edition", "SchemaError", "errors", "expand", "load"]
