"""Expected and actual statuses in a finding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ..catalogue.decoded_response import CannotEvaluate, DecodedResponse
from ..model import Finding


def exactly(wanted: int, answer: DecodedResponse) -> Iterator[Finding]:
    """A finding where the status is another; it has the target of a redirect, and the code of an error."""
    if answer.status != wanted:
        yield Finding("status", str(wanted), status_in_words(answer))


def status_in_words(answer: DecodedResponse) -> str:
    """The status, with the Location of a redirect or the code of an OData error, cut to a readable length."""
    if 300 <= answer.status < 400:
        return f"{answer.status} to {(answer.header('Location') or 'nowhere')[:200]}"
    code = None
    with suppress(CannotEvaluate):  # the status is wrong, whether the body was read or not
        error = answer.metadata.get("error")
        code = error.get("code") if isinstance(error, dict) else None
    return f"{answer.status} ({code[:80]})" if isinstance(code, str) and code else str(answer.status)
