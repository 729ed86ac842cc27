"""Which authorities TLS trusts, and which certificate it shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


def tls_context(ca_bundle: Path | None, client_cert: Path | None) -> ssl.SSLContext:
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
