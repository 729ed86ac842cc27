"""Tokens from where the target file says they are found; fetched when they are needed, and never written anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model import Answer
from ..planning.target import TokenSource
from .credentials import CredentialError
from .redaction import Secret


class SourcedTokens:
    """Tokens by caller, from their sources. `environ`: where variables are looked up."""

    def __init__(self, sources: Mapping[str, TokenSource], environ: Mapping[str, str]) -> None:
        self._sources = sources
        self._environ = environ

    def missing(self, callers: Iterable[str]) -> dict[str, str]:
        """Variables that callers' tokens should stand in and do not, by caller."""
        return {
            caller: source.value
            for caller in callers
            if (source := self._sources[caller]).kind == "env" and not self._environ.get(source.value, "").strip()
        }

    def token(self, caller: str) -> str:
        """The caller's token.

        Raises:
            CredentialError: it cannot be had.
        """
        source = self._sources.get(caller)
        if source is None:
            raise CredentialError(f"no token is known for {caller}")
        token = self._environ.get(source.value, "").strip() if source.kind == "env" else ""
        if not token:
            raise CredentialError(f"the token of {caller} should stand in the environment variable {source.value}")
        return Secret(token)

    def refused(self, caller: str, answer: Answer) -> bool:
        """A variable has no other token to give."""
        return False
