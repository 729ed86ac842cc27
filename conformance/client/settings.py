"""How requests are sent: address, rate, time limits, proxy, and which authorities TLS trusts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..model import Headers

if TYPE_CHECKING:
    import ssl

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of the recorder; a header or file that cannot be used is a ValueError of one line."""

    base_url: str
    """Version segment included, without a slash at its end."""
    concurrency: int = 4
    """The most requests in progress at once."""
    deadline: float = 15.0
    """Seconds for one whole exchange: name, connection, TLS, header and body."""
    patience: float = 120.0
    """Seconds for all waiting on Retry-After together."""
    max_time: float = float("inf")
    """Seconds from the recorder's start after which nothing is sent."""
    rate: float | None = None
    """The most requests per second; None: no limit."""
    headers: Headers = field(default=(), repr=False)
    """More header fields for every request; their values are secrets."""
    ca_bundle: str | None = None
    """PEM file of the authorities to trust, instead of those that requests comes with."""
    client_cert: str | None = None
    """PEM file with certificate and key of the client."""
    proxy: str | None = field(default=None, repr=False)
    """`http://[user:password@]host[:port]`; the environment's proxies are never used."""

    def __post_init__(self) -> None:
        """Reject what the options alone do not show to be wrong."""
        if self.ca_bundle or self.client_cert:
            tls_context(self.ca_bundle, self.client_cert)
        for name, value in self.headers:
            if name.lower() == "authorization":
                raise ValueError("Authorization is the suite's own header: a token belongs into the target file")
            if not _NAME.fullmatch(name) or value[:1].isspace() or set(value) & set("\r\n\0"):
                raise ValueError("a header holds characters that no header may hold; expected NAME=env:VARIABLE")
        names = [name.lower() for name, _ in self.headers]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"header {twice!r} is given twice")

    @property
    def origin(self) -> str:
        """Scheme, host and port of the target, e.g. `https://graph.microsoft.com`."""
        url = urlsplit(self.base_url)
        return f"{url.scheme}://{url.netloc}"

    @property
    def forwarded(self) -> bool:
        """Whether a proxy gets the request itself; for https it only opens a tunnel."""
        return self.proxy is not None and urlsplit(self.base_url).scheme == "http"


def tls_context(ca_bundle: str | None, client_cert: str | None) -> ssl.SSLContext:
    """TLS with the authorities of the bundle (else those that requests has), and a client certificate, if given.

    ValueError, in one line, for a file that cannot be used.
    """
    import ssl  # late, like all that only a run over TLS needs

    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_verify_locations(cafile=ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    except OSError as error:
        raise ValueError(f"the CA bundle cannot be used: {error.strerror or error}") from None
    if client_cert:
        try:
            # The empty password keeps OpenSSL from asking for one at the terminal.
            context.load_cert_chain(client_cert, password="")
        except OSError as error:
            raise ValueError(f"the client certificate cannot be used: {error.strerror or error}") from None
    return context
