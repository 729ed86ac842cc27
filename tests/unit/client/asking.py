"""Probes for tests of the recorder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.auth.authorization import CredentialError
from conformance.auth.redaction import Secret
from conformance.client.recorder import Recorder
from conformance.model import (
    Credential,
    CredentialKind,
    Exchange,
    FailureKind,
    Form,
    Headers,
    Operation,
    Owner,
    Probe,
    Shape,
    State,
)
from conformance.options.config import Config


class StaticTokens:
    """Tokens that are simply there, and never renewed."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._tokens = {caller: Secret(token) for caller, token in tokens.items()}

    def token(self, caller: str) -> str:
        try:
            return self._tokens[caller]
        except KeyError:
            raise CredentialError(f"no token for {caller}") from None

    def source_name(self, caller: str) -> str:
        return caller

    def refused(self, caller: str) -> bool:
        return False


TOKEN = "eyJhbGciOiJub25l.c2VjcmV0-of_adele.AAAABBBBCCCC"
TOKENS = StaticTokens({"adele": TOKEN})
ADELE = Credential(CredentialKind.TOKEN, "adele")


def operation(name: str = "me.metadata", form: Form = Form.METADATA) -> Operation:
    """An operation of that id."""
    return Operation(name, "me", form, "/me/photo", "S15", "S3", frozenset(), frozenset())


def probe(
    target: str = "/me/photo",
    *,
    key: str | None = None,
    of: str = "me.metadata",
    form: Form = Form.METADATA,
    credential: Credential = ADELE,
    request_kind: str = "plain",
    headers: Headers = (),
) -> Probe:
    """A probe of that target; its key is the target unless one is given."""
    owner = Owner("user-1", "user")
    shape = Shape(operation(of, form), None)
    return Probe(key or f"{of}{target}", shape, State.PRESENT, owner, request_kind, target, credential, headers)


def ask(url: str, *probes: Probe, **settings: Any) -> list[Exchange]:
    """Exchanges of these probes (one plain one, if none is given) by a recorder of its own."""
    with Recorder(Config(base_url=url, **settings), TOKENS) as recorder:
        return list(recorder.ask(probes or (probe(),)).values())


def failures(exchanges: list[Exchange]) -> list[FailureKind | None]:
    """The kind of each exchange's failure."""
    return [exchange.failure.kind if exchange.failure else None for exchange in exchanges]
