"""The nouns of the suite: frozen values that every other package passes around.

Nothing here reads a file, a socket or a clock, and nothing here imports anything else of ours.
"""

from __future__ import annotations

from .contract import OWNED, Addressing, Caller, Cell, Form, Level, Operation, Owner, Shape, State
from .exchange import (
    INCONCLUSIVE_FAILURES,
    MARK,
    PART,
    REDACTED,
    Answer,
    Exchange,
    Failure,
    FailureKind,
    Headers,
    Recording,
    Request,
    mark,
)
from .probe import Credential, CredentialKind, Place, Probe
from .verdict import NOT_ASKED, Finding, Outcome, Verdict

__all__ = [
    "INCONCLUSIVE_FAILURES", "MARK", "NOT_ASKED", "OWNED", "PART", "REDACTED", "Addressing", "Answer", "Caller", "Cell",
    "Credential", "CredentialKind", "Exchange", "Failure", "FailureKind", "Finding", "Form", "Headers", "Level",
    "Operation", "Outcome", "Owner", "Place", "Probe", "Recording", "Request", "Shape", "State", "UsageProblem",
    "Verdict", "mark",
]  # fmt: skip


class UsageProblem(ValueError):
    """An option or file that cannot be used; the message is one line that says what was expected."""
