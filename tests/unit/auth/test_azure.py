"""Tokens by azure-identity: which credential is made of which table, and the message when it fails."""

from __future__ import annotations

import sys
import threading
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from conformance.auth.authorization import CredentialError
from conformance.auth.azure import SCOPE, AzureSource

SECRET = "canary-client-secret-77"
ENVIRON = {"CLIENT_SECRET": SECRET}
CLIENT = {"credential": "client-secret", "tenant_id": "t", "client_id": "c", "client_secret_env": "CLIENT_SECRET"}


class Fake(ModuleType):
    """Stands in for azure.identity, and remembers what was made and asked."""

    def __init__(self) -> None:
        super().__init__("azure.identity")
        self.made: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.error: Exception | None = None
        for name in ("DefaultAzureCredential", "ClientSecretCredential", "DeviceCodeCredential"):
            setattr(self, name, self._maker(name))

    def _maker(self, name: str) -> Any:
        def make(*args: Any, **options: Any) -> Any:
            self.made.append((name, args, options))
            return SimpleNamespace(get_token=lambda scope, **more: self._token(scope, more))

        return make

    def _token(self, scope: str, more: dict[str, Any]) -> Any:
        self.asked.append((scope, more))
        if self.error:
            raise self.error
        return SimpleNamespace(token=f"azure-token-{len(self.made)}", expires_on=1893456000)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """In place of the real package, if there is one."""
    package = Fake()
    monkeypatch.setitem(sys.modules, "azure.identity", package)
    monkeypatch.setitem(sys.modules, "azure", SimpleNamespace(identity=package))
    return package


def source(options: dict[str, Any], said: list[str] | None = None) -> AzureSource:
    return AzureSource("adele", options, ENVIRON, (said if said is not None else []).append)


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ({}, ("DefaultAzureCredential", (), {})),
        ({"client_id": "c"}, ("DefaultAzureCredential", (), {"managed_identity_client_id": "c"})),
        ({"tenant_id": "t"}, ("DefaultAzureCredential", (), {"additionally_allowed_tenants": ["t"]})),
        (CLIENT, ("ClientSecretCredential", ("t", "c", SECRET), {})),
    ],
)
def test_each_credential_is_made_of_its_table(fake: Fake, options: dict[str, Any], made: object) -> None:
    """The table's credential is made once, and asked for the service's scope."""
    made_of = source(options)
    fetched = [made_of.fetch(), made_of.fetch()]

    assert fake.made == [made]
    assert [each.token for each in fetched] == ["azure-token-1"] * 2
    assert fetched[0].expires == 1893456000.0
    assert fake.asked[0][0] == SCOPE


def test_another_scope_is_asked_for(fake: Fake) -> None:
    """A sovereign cloud has another one."""
    source({"scope": "https://graph.example/.default"}).fetch()

    assert fake.asked[0][0] == "https://graph.example/.default"


def test_afresh_makes_a_new_credential(fake: Fake) -> None:
    """The library keeps its tokens, so the same credential is not asked again after a refusal."""
    made_of = source(CLIENT)

    assert [made_of.fetch().token, made_of.fetch(afresh=True).token] == ["azure-token-1", "azure-token-2"]


def test_a_device_code_is_said(fake: Fake) -> None:
    """The prompt says where to enter which code; the credential stays the same, so that users sign in once."""
    said: list[str] = []
    made_of = source({"credential": "device-code"}, said)
    made_of.fetch()
    made_of.fetch(afresh=True)
    fake.made[0][2]["prompt_callback"]("https://login.example", "ABC", None)

    assert len(fake.made) == 1
    assert said == ["sign in for azure token of adele: open https://login.example and enter the code ABC"]


def test_a_failure_tells_its_kind_and_codes_alone(fake: Fake) -> None:
    """The library's own words may hold what is secret."""
    fake.error = RuntimeError(f"AADSTS7000215: Invalid client secret {SECRET}")
    with pytest.raises(CredentialError) as caught:
        source(CLIENT).fetch()

    assert str(caught.value) == "the azure token of adele cannot be had: RuntimeError AADSTS7000215"
    assert caught.value.__cause__ is None


def test_a_sign_in_that_takes_too_long_is_left(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library may wait for minutes; the run does not wait longer than it lasts."""
    released = threading.Event()
    monkeypatch.setattr(fake, "_token", lambda _scope, _more: released.wait(10))

    with pytest.raises(CredentialError, match="did not come within --max-time"):
        source({}).fetch(within=0.05)
    released.set()


def test_a_secret_that_is_not_set_is_one_line(fake: Fake) -> None:
    """Before anything is asked for."""
    with pytest.raises(CredentialError, match="environment variable NOWHERE, which is not set") as caught:
        source(CLIENT | {"client_secret_env": "NOWHERE"}).check()

    assert "\n" not in str(caught.value)
    assert not fake.made


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(CredentialError, match=r"install photo-conformance\[azure\]$"):
        source({}).check()
