"""Scopes: any one of those listed is enough, and without one of them nothing comes back (S3-S7).

Judged for the callers that the target file names as identities; their scopes come from the file or from the token.
"""

from __future__ import annotations

from ..edition import Edition
from ..model import Finding, Form, State
from ..requirement import MUST, PERMISSION, SHOULD, Findings, Seen, requirement
from .scopes import SCOPED_IN, SCOPED_OUT
from .status import exactly, status_in_words
from .test_unknown import refusal


@requirement("permission.one-scope-is-enough", MUST, cites=PERMISSION, on=[SCOPED_IN],
             needs=["picture.answers-200", "metadata.answers-200", "picture.absent-is-404",
                    "placeholder.answers-as-due"])  # fmt: skip
def test_any_one_listed_scope_is_enough(answer: Seen, edition: Edition) -> Findings:
    """A caller who holds any one of the listed scopes is answered 200; where there is no photo, as is due for none."""
    absent = answer.probe.owner.state is State.ABSENT
    none = absent and (answer.probe.shape.form is Form.PHOTO or not edition.placeholder)
    yield from exactly(404 if none else 200, answer)


@requirement("permission.without-scope-shows-nothing", MUST, cites="S5a", on=[SCOPED_OUT])
def test_without_a_listed_scope_nothing_is_shown(answer: Seen) -> Findings:
    """A caller without a listed scope is not answered 2xx, and neither a picture nor metadata comes back."""
    yield from refusal(answer)


@requirement("permission.without-scope-is-403", SHOULD, cites="S5b", on=[SCOPED_OUT],
             needs=["permission.without-scope-shows-nothing"],
             link="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4")  # fmt: skip
def test_without_a_listed_scope_the_answer_is_403(answer: Seen) -> Findings:
    """A caller without a listed scope is answered 403, or 404 where a 403 would disclose that the owner exists."""
    if answer.status not in (403, 404):
        yield Finding("status", "403 or 404", status_in_words(answer))
