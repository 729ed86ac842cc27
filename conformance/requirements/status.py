"""Expected and actual statuses in a finding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ..catalogue.decoded_response import CannotEvaluate, DecodedResponse
from ..model import Finding, Form, State
from ..spec import Edition


def exactly(answer: DecodedResponse, *wanted: int) -> Iterator[Finding]:
    """A finding where the status is none of these; it has the target of a redirect, and the code of an error."""
    if answer.status not in wanted:
        yield Finding("status", " or ".join(map(str, wanted)), status_in_words(answer))


def as_for_owner(answer: DecodedResponse, edition: Edition) -> Iterator[Finding]:
    """A finding where the status is not that of the owner's state; of an undeclared owner, of either state."""
    form, state = answer.probe.shape.form, answer.probe.owner.state
    absent = 200 if form is Form.METADATA and edition.placeholder else 404
    wanted = {State.PRESENT: [200], State.ABSENT: [absent]}.get(state or State.UNDECLARED, [200, absent])
    yield from exactly(answer, *dict.fromkeys(wanted))


def is_wrong(answer: DecodedResponse, edition: Edition) -> bool:
    """Whether the status is not that of the owner's state, or a success for an owner that does not exist."""
    unknown = answer.probe.state is State.UNKNOWN
    return answer.status == 200 if unknown else any(as_for_owner(answer, edition))


def status_in_words(answer: DecodedResponse) -> str:
    """The status, with the Location of a redirect or the code of an OData error, cut to a readable length."""
    if 300 <= answer.status < 400:
        return f"{answer.status} to {(answer.header('Location') or 'nowhere')[:200]}"
    code = None
    with suppress(CannotEvaluate):  # the status is wrong, whether the body was read or not
        error = answer.metadata.get("error")
        code = error.get("code") if isinstance(error, dict) else None
    return f"{answer.status} ({code[:60]})" if isinstance(code, str) and code else str(answer.status)
