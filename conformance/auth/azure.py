"""A token by azure-identity, an optional extra: imported when it is first needed, never before."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from .authorization import CredentialError
from .redaction import Secret
from .token_command import Fetched
from .token_source import shown_key, shown_variable

SCOPE = "https://graph.microsoft.com/.default"
"""What is asked for where the target file names no `scope`."""
_NEEDED = {"default": (), "client-secret": ("tenant_id", "client_id", "client_secret_env"), "device-code": ()}
_KNOWN = ("credential", "tenant_id", "client_id", "client_secret_env", "scope")

Say = Callable[[str], object]


def check(caller: str, options: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    """CredentialError where the table cannot work: an option too many or too few, no secret, no such package."""
    who = f"the azure token of {caller}"
    kind = options.get("credential", "default")
    if not isinstance(kind, str) or kind not in _NEEDED:
        raise CredentialError(f"{who}: expected credential to be one of {', '.join(_NEEDED)}")
    for name, value in options.items():
        if name not in _KNOWN or not isinstance(value, str) or not value:
            shown = name if name in _KNOWN else shown_key(name)
            raise CredentialError(f"{who}: expected texts under {', '.join(_KNOWN)}; {shown} is none of them")
    if missing := [name for name in _NEEDED[kind] if name not in options]:
        raise CredentialError(f"{who}: a {kind} credential needs {', '.join(missing)}")
    variable = options.get("client_secret_env")
    if variable and not environ.get(variable, "").strip():
        raise CredentialError(
            f"{who}: its secret should stand in the environment variable {shown_variable(variable)}; it is not set"
        )
    _package(who)


class AzureSource:
    """Fetches tokens by one credential of azure-identity, which is made at the first one."""

    def __init__(self, caller: str, options: Mapping[str, Any], environ: Mapping[str, str], say: Say) -> None:
        self._who = f"the azure token of {caller}"
        self._options = options
        self._environ = environ
        self._say = say
        self._credential: Any = None

    def fetch(self, afresh: bool = False) -> Fetched:
        """A token; azure-identity keeps its own and renews it in time. `afresh`: none that it has kept.

        Raises:
            CredentialError: it cannot be had. The library's own words are not repeated, but for AADSTS error codes.
        """
        interactive = self._options.get("credential") == "device-code"
        try:
            if self._credential is None or (afresh and not interactive):
                self._credential = self._made()
            tenant = {"tenant_id": self._options["tenant_id"]} if "tenant_id" in self._options else {}
            token = self._credential.get_token(self._options.get("scope", SCOPE), **tenant)
            return Fetched(Secret(token.token), float(token.expires_on))
        except CredentialError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the library raises is reported without its words
            codes = " ".join(sorted(set(re.findall(r"AADSTS[0-9]{1,10}", str(error)[:100_000]))))
            raise CredentialError(f"{self._who} cannot be had: {type(error).__name__} {codes}".rstrip()) from None

    def _made(self) -> Any:
        package, options = _package(self._who), self._options
        ids = {name: options[name] for name in ("tenant_id", "client_id") if name in options}
        match options.get("credential", "default"):
            case "client-secret":
                secret = Secret(self._environ.get(options["client_secret_env"], "").strip())
                return package.ClientSecretCredential(options["tenant_id"], options["client_id"], secret)
            case "device-code":
                return package.DeviceCodeCredential(prompt_callback=self._prompt, **ids)
            case _:
                allowed = {"additionally_allowed_tenants": [options["tenant_id"]]} if "tenant_id" in options else {}
                managed = {"managed_identity_client_id": options["client_id"]} if "client_id" in options else {}
                return package.DefaultAzureCredential(**allowed, **managed)

    def _prompt(self, address: str, code: str, expires: object) -> None:  # noqa: ARG002 - the library's
        self._say(f"sign in for {self._who.removeprefix('the ')}: open {address} and enter the code {code}")


def _package(who: str) -> Any:
    try:
        return importlib.import_module("azure.identity")
    except ImportError:
        raise CredentialError(f"{who} needs the package azure-identity: install photo-conformance[azure]") from None
