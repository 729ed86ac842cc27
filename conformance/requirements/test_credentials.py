"""Credentials: a valid Bearer token is required on every operation (S24)."""

from __future__ import annotations

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, SHOULD, Findings, requirement
from ..model import Finding
from .photo_index import PhotoIndex
from .selections import BADLY_CREDENTIALED, WITH_EMPTY_TOKEN, WITH_GARBAGE_TOKEN, WITH_OTHER_SCHEME, WITHOUT_TOKEN
from .status import exactly
from .test_unknown import refusal

KINDS = ("credentials.none-is-refused", "credentials.empty-is-refused", "credentials.garbage-is-refused",
         "credentials.other-scheme-is-refused")  # fmt: skip


@requirement(KINDS[0], MUST, cites="S24a", on=[WITHOUT_TOKEN])
def test_no_token_is_refused(answer: DecodedResponse, photo_index: PhotoIndex) -> Findings:
    """A request without an Authorization header returns no 2xx, no picture and no metadata."""
    yield from refusal(answer, photo_index)


@requirement(KINDS[1], MUST, cites="S24a", on=[WITH_EMPTY_TOKEN])
def test_an_empty_token_is_refused(answer: DecodedResponse, photo_index: PhotoIndex) -> Findings:
    """A request with an empty Bearer token returns no 2xx, no picture and no metadata."""
    yield from refusal(answer, photo_index)


@requirement(KINDS[2], MUST, cites="S24a", on=[WITH_GARBAGE_TOKEN])
def test_a_garbage_token_is_refused(answer: DecodedResponse, photo_index: PhotoIndex) -> Findings:
    """A request with a Bearer token that was never issued returns no 2xx, no picture and no metadata."""
    yield from refusal(answer, photo_index)


@requirement(KINDS[3], MUST, cites="S24a", on=[WITH_OTHER_SCHEME])
def test_another_scheme_is_refused(answer: DecodedResponse, photo_index: PhotoIndex) -> Findings:
    """A request with a scheme other than Bearer returns no 2xx, no picture and no metadata."""
    yield from refusal(answer, photo_index)


@requirement("credentials.refused-with-401", MUST, cites="S24b", on=[BADLY_CREDENTIALED], needs=KINDS,
             needs_at_shape=KINDS)  # fmt: skip
def test_bad_credentials_get_401(answer: DecodedResponse) -> Findings:
    """A request without a valid Bearer token returns 401."""
    yield from exactly(answer, 401)


@requirement("credentials.has-www-authenticate", SHOULD, cites="S24c", on=[BADLY_CREDENTIALED],
             needs=["credentials.refused-with-401"])  # fmt: skip
def test_a_401_challenges(answer: DecodedResponse) -> Findings:
    """A 401 has the header WWW-Authenticate."""
    if not (answer.header("WWW-Authenticate") or "").strip():
        yield Finding("WWW-Authenticate", "a challenge", "no such header")
