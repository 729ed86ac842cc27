"""The description of an edition as schemathesis reads it, and what its checks say of a recorded response.

schemathesis costs half a second to import, so it is imported only where random requests are drawn or checked.
"""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..model import Answer, Operation
from .description import load
from .files import folder

_NO_PLUGINS = "HYPOTHESIS_NO_PLUGINS"


@contextmanager
def undisturbed() -> Iterator[None]:
    """Use schemathesis and hypothesis without warnings about their own modules, and without plugins of hypothesis.

    Plugins that happen to be installed must not change what is drawn; nor is it quick to look for them.
    """
    given = _NO_PLUGINS in os.environ
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ.setdefault(_NO_PLUGINS, "1")
        try:
            yield
        finally:
            if not given:
                del os.environ[_NO_PLUGINS]


@cache
def described(edition: str, *, selecting: bool = True) -> Any:
    """The edition's description; without `selecting`, of responses to requests without `$select`.

    What the description allows includes the schemas `selected…`; a plain request is not to pass with less than all.

    Raises:
        UsageProblem: there is no edition of that name.
    """
    document = copy.deepcopy(dict(load(edition).document))
    for parameter in document["components"]["parameters"].values():
        parameter.pop("example", parameter.pop("examples", None))  # they would be drawn, and may exist on the target
    if not selecting:
        for schema in document["components"]["schemas"].values():
            if "anyOf" in schema:
                schema["anyOf"] = [one for one in schema["anyOf"] if "/selected" not in one["$ref"]]
    with undisturbed():
        import schemathesis
        from schemathesis.config import SchemathesisConfig

        read = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict({}))
    read.config.generation.codec = None  # else a table of all that a codec can encode is built, for a second
    read.location = (folder("openapi") / "profilephoto.yaml").resolve().as_uri()
    return read


def failures(edition: str, operation: Operation, url: str, answer: Answer, check: str) -> list[Any]:
    """What a check of schemathesis, by its name, finds wrong with a response; its own objects, empty where nothing is.

    Raises:
        KeyError: the edition does not have the operation, or schemathesis has no such check.
    """
    read = described(edition, selecting="$select" in parse_qs(urlsplit(url).query, keep_blank_values=True))
    from schemathesis.checks import CHECKS, load_all_checks
    from schemathesis.core.failures import FailureGroup
    from schemathesis.core.transport import Response

    load_all_checks()
    request: Any = SimpleNamespace(method="GET", url=url, headers={}, body=None)  # all that the checks read of it
    fields: dict[str, list[str]] = {}
    for name, value in answer.headers:
        if name.lower() != "content-encoding":  # the body is decoded
            fields.setdefault(name.lower(), []).append(value)
    response = Response(answer.status, fields, answer.body, request, elapsed=0.0, verify=True, message=answer.reason)
    case = read[operation.template]["GET"].Case(path_parameters=dict.fromkeys(operation.keys, "x"))
    try:
        case.validate_response(response, checks=[CHECKS.get_one(check)])
    except FailureGroup as group:
        return list(group.exceptions)
    return []
