"""Whose token stands in Authorization of another tool's recording."""

from __future__ import annotations

import pytest

from conformance.auth.authorization import GARBAGE
from conformance.model import Credential, CredentialKind
from conformance.recording.kept_credentials import credential


@pytest.mark.parametrize("kept", ["a-token-of-sixteen", "REDACTED", "[redacted:ADELE_TOKEN]"])
def test_a_lengthened_token_is_no_callers(kept: str) -> None:
    """A caller's token that the suite lengthened is one that was never issued, also where the recorder masked it."""
    assert credential((("Authorization", f"Bearer {kept}-photo-conformance"),), 401) == Credential(
        CredentialKind.GARBAGE
    )


@pytest.mark.parametrize("variety", [0, 1])
def test_a_token_that_was_made_up_is_known(variety: int) -> None:
    """The suite's own tokens are recognized as no caller's."""
    made_up = credential((("Authorization", f"Bearer {GARBAGE[variety]}"),), 401)
    assert made_up == Credential(CredentialKind.GARBAGE, variety=variety)
