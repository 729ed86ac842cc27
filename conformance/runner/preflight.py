"""Before anything is sent: whether the options can be used, and whether tokens are safe on the way."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..auth.authorization import CredentialError, UnusableToken
from ..client.tls import tls_context
from ..model import UsageProblem
from ..options.config import Config
from ..target.target_file import DEFAULT_CALLER, Target

if TYPE_CHECKING:
    from ..auth.tokens import SourcedTokens


def check_connection(config: Config) -> None:
    """See that no header is given twice, and that the files of TLS can be used; else UsageProblem."""
    names = [name.lower() for name, _ in config.http_header]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageProblem(f"header {twice!r} is given twice")
    if config.ca_bundle or config.client_cert:
        try:
            tls_context(config.ca_bundle, config.client_cert)
        except ValueError as error:
            raise UsageProblem(str(error)) from None


def checked(target: Target, tokens: SourcedTokens, config: Config, base_url: str) -> Target:
    """The target, when every source of a token can be used; without a default caller where there is no token at all.

    Raises:
        UsageProblem: a source cannot be used, or a secret would go over plain http to a host that is not loopback.
    """
    tenant = target.tenant
    for caller in target.sources:
        try:
            tokens.check(caller)
        except CredentialError as error:
            if caller != DEFAULT_CALLER or isinstance(error, UnusableToken):
                raise UsageProblem(str(error)) from None
            tenant = replace(tenant, default=None)
    secrets = tenant.default or tenant.identities or config.http_header
    if secrets and not config.allow_plain_http:
        _refuse_plain_http(base_url, config.http_proxy)
    return replace(target, tenant=tenant)


def _refuse_plain_http(base_url: str, proxy: str | None) -> None:
    if urlsplit(base_url).scheme != "http":
        return
    for host in (urlsplit(base_url).hostname, urlsplit(proxy or "").hostname):
        if host and not _is_loopback(host):
            raise UsageProblem(
                f"--base-url: expected https://…, since a token would go over plain http to {host}; "
                "--allow-plain-http allows it"
            )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
