"""A request as it goes on the wire, and as it may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from .. import __version__
from ..model import REDACTED, CredentialKind, Form, Headers, Probe, Request
from .credentials import authorization, needs_token, proxy_credentials
from .redaction import Secret, SecretBytes
from .settings import Settings

_VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))
_PLAIN = re.compile(r"[!-~]*")


@dataclass(frozen=True, slots=True)
class Message:
    """One request: its bytes, which hold secrets, and what may be told of it."""

    head: SecretBytes
    bodiless: bool
    """Whether the answer has no body whatever its header says (HEAD)."""
    shown: Request
    token_sent: bool
    token: Secret | None = None
    """The caller's token, where it went out."""


class Composer:
    """Writes the requests of one target."""

    def __init__(self, settings: Settings) -> None:
        base = urlsplit(settings.base_url)
        self._settings = settings
        self._host = base.netloc
        forwarded = settings.proxy is not None and base.scheme == "http"
        self._prefix = _on_the_wire(f"http://{base.netloc}{base.path}" if forwarded else base.path)
        basic = proxy_credentials(settings.proxy) if forwarded else None
        self._users: Headers = settings.headers
        if basic:
            self._users += (("Proxy-Authorization", Secret(f"Basic {basic}")),)
        self._secret = frozenset(name.lower() for name, _ in self._users)

    def shown(self, probe: Probe) -> Request:
        """The request of a probe that is not sent at all."""
        return Request(_method(probe), self._settings.base_url + _on_the_wire(probe.target))

    def compose(self, probe: Probe, token: str | None) -> Message:
        """The probe's request; `token` is the caller's, where the credential needs one."""
        target = _on_the_wire(probe.target)
        method = _method(probe)
        fields = self._fields(probe, token)
        head = [f"{method} {self._prefix}{target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", ""]
        kind = probe.credential.kind
        return Message(
            head=SecretBytes("\r\n".join(head).encode("latin-1", "replace")),
            bodiless=method == "HEAD",
            shown=Request(method, self._settings.base_url + target, self._masked(probe, fields)),
            token_sent=kind not in (CredentialKind.NONE, CredentialKind.EMPTY) or bool(self._users),
            token=Secret(token) if token is not None else None,
        )

    def _fields(self, probe: Probe, token: str | None) -> Headers:
        """All header fields; a probe's or the user's own replaces ours of that name."""
        photo = probe.shape.form is Form.PHOTO
        ours: list[tuple[str, str]] = [("Host", self._host)]
        allowed = authorization(probe.credential, token)
        if allowed is not None:
            ours.append(("Authorization", allowed))
        ours += [
            ("Accept", "image/*, */*;q=0.5" if photo else "application/json"),
            ("Accept-Encoding", "identity" if photo else "gzip"),
            ("User-Agent", f"photo-conformance/{__version__}"),
            ("client-request-id", str(uuid5(NAMESPACE_URL, f"photo-conformance:{probe.key}"))),
            ("Connection", "keep-alive"),
        ]
        theirs = (*probe.headers, *self._users)
        replaced = {name.lower() for name, _ in theirs}
        return (*(item for item in ours if item[0].lower() not in replaced), *theirs)

    def _masked(self, probe: Probe, fields: Headers) -> Headers:
        """The fields without their secrets, whatever these look like."""
        masked = []
        for name, value in fields:
            if name.lower() in self._secret:
                value = REDACTED
            elif name == "Authorization" and needs_token(probe.credential):
                value = f"{value.partition(' ')[0]} {REDACTED}"
            masked.append((name, str(value)))
        return tuple(masked)


def _method(probe: Probe) -> str:
    return "HEAD" if probe.question == "head" else "GET"


def _on_the_wire(target: str) -> str:
    """The target byte for byte; only what can not stand in a request line at all is percent-encoded."""
    return target if _PLAIN.fullmatch(target) else quote(target, safe=_VISIBLE, errors="replace")
