"""A token by azure-identity, an optional extra: imported when it is first needed, never before."""

from __future__ import annotations

import importlib
import queue
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .authorization import CredentialError, missing_variable
from .redaction import Secret
from .token_command import Fetched

SCOPE = "https://graph.microsoft.com/.default"
"""What is asked for where the target file names no `scope`."""

Say = Callable[[str], object]


@dataclass(frozen=True, repr=False)
class AzureSource:
    """Fetches tokens by one credential of azure-identity, which is made at the first one."""

    caller: str
    options: Mapping[str, str]
    """By the schema of target files."""
    environ: Mapping[str, str]
    say: Say

    def check(self) -> None:
        """CredentialError where its secret is not set, or there is no such package."""
        variable = self.options.get("client_secret_env")
        if variable and (missing := missing_variable(variable, self.environ)):
            raise CredentialError(f"{self._who}: its secret is expected in {missing}")
        self._package()

    def fetch(self, afresh: bool = False, within: float = threading.TIMEOUT_MAX) -> Fetched:
        """A token; azure-identity keeps its own and renews it in time. `afresh`: none that it has kept.

        It cannot be interrupted, so it runs in a thread of its own, which is abandoned after `within` seconds.

        Raises:
            CredentialError: it cannot be had. The library's own words are not repeated, but for AADSTS error codes.
        """
        came: queue.SimpleQueue[Fetched | CredentialError] = queue.SimpleQueue()
        threading.Thread(
            target=lambda: came.put(self._fetched(afresh)), daemon=True, name="photo-conformance-azure"
        ).start()
        try:
            fetched = came.get(timeout=min(within, threading.TIMEOUT_MAX))
        except queue.Empty:
            raise CredentialError(f"{self._who} did not come within --max-time") from None
        if isinstance(fetched, CredentialError):
            raise fetched
        return fetched

    def _fetched(self, afresh: bool) -> Fetched | CredentialError:
        if afresh and self.options.get("credential") != "device-code":
            self.__dict__.pop("_credential", None)
        try:
            tenant = {"tenant_id": self.options["tenant_id"]} if "tenant_id" in self.options else {}
            token = self._credential.get_token(self.options.get("scope", SCOPE), **tenant)
            return Fetched(Secret(token.token), float(token.expires_on))
        except CredentialError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever the library raises is reported without its words
            codes = " ".join(sorted(set(re.findall(r"AADSTS[0-9]{1,10}", str(error)[:100_000]))))
            return CredentialError(f"{self._who} cannot be had: {type(error).__name__} {codes}".rstrip())

    @property
    def _who(self) -> str:
        return f"the azure token of {self.caller}"

    @cached_property
    def _credential(self) -> Any:
        package, options = self._package(), self.options
        ids = {name: options[name] for name in ("tenant_id", "client_id") if name in options}
        match options.get("credential", "default"):
            case "client-secret":
                secret = Secret(self.environ.get(options["client_secret_env"], "").strip())
                return package.ClientSecretCredential(options["tenant_id"], options["client_id"], secret)
            case "device-code":
                who = self._who.removeprefix("the ")
                return package.DeviceCodeCredential(
                    prompt_callback=lambda address, code, _expires: self.say(
                        f"sign in for {who}: open {address} and enter the code {code}"
                    ),
                    **ids,
                )
            case _:
                allowed = {"additionally_allowed_tenants": [options["tenant_id"]]} if "tenant_id" in options else {}
                managed = {"managed_identity_client_id": options["client_id"]} if "client_id" in options else {}
                return package.DefaultAzureCredential(**allowed, **managed)

    def _package(self) -> Any:
        try:
            return importlib.import_module("azure.identity")
        except ImportError:
            raise CredentialError(
                f"{self._who} needs the package azure-identity: install photo-conformance[azure]"
            ) from None
