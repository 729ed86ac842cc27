"""The query options of metadata: `$select` is honoured, `$format` is read, all others that begin with `$` refused."""

from __future__ import annotations

from urllib.parse import parse_qsl

from .dialect import PROPERTIES
from .responses_sent import Refusal


def selected(query: str, properties: tuple[str, ...] = PROPERTIES) -> tuple[str, ...] | Refusal:
    """The properties that `$select` names, in the order of `properties`; empty: no choice was made.

    Refused with 400: a property that there is none of, an unknown system option, one given twice (S23; OData 6.1).
    Options without `$` are the client's own and ignored.
    """
    options = [(name.lower(), value) for name, value in parse_qsl(query, keep_blank_values=True)]
    system = [name for name, _ in options if name.startswith("$")]
    for name in system:
        if name not in ("$select", "$format") or system.count(name) > 1:
            return _bad("A query option is unknown here, or stands twice.")
    values = dict(options)
    if not values.get("$format", "json").lower().startswith(("json", "application/json")):
        return _bad("The format asked for is not supported.")
    if "$select" not in values:
        return ()
    names = {name.strip() for name in values["$select"].split(",")}
    if names == {"*"}:
        return ()
    if not names <= set(properties):
        return _bad("Could not find a property that $select names.")
    return tuple(name for name in properties if name in names)


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
