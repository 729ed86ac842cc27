"""A request as it is sent, and as it may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4, uuid5

from requests import PreparedRequest
from requests.structures import CaseInsensitiveDict

from .. import __version__
from ..auth.authorization import CredentialError, Tokens, authorization, needs_token, proxy_fields
from ..auth.redaction import Redactor, Secret
from ..model import CredentialKind, Form, Headers, Probe, Request, mark
from ..model.probe import HEAD
from ..options.config import Config

_VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))
_PLAIN = re.compile(r"[!-~]*")


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """One request: as it is sent, which includes secrets, and as it may be shown."""

    probe: Probe
    prepared: PreparedRequest
    shown: Request
    token: Secret | None = None
    """The caller's token, if it is sent."""


@dataclass(frozen=True)
class RequestBuilder:
    """Builds the requests to one target, with the callers' tokens. Usable from several threads."""

    config: Config
    tokens: Tokens = field(repr=False)
    redactor: Redactor
    """Knows every token that was sent."""
    sent: dict[str, Secret] = field(default_factory=dict)
    """The last token from each source."""
    _run: UUID = field(default_factory=uuid4)
    """Request ids differ from run to run: a target cannot know the suite by them."""
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def _root(self) -> str:
        return self.config.origin + _on_the_wire(urlsplit(self.config.base_url or "").path)

    @cached_property
    def _users(self) -> Headers:
        """The user's own header fields, all secret, that of a proxy which forwards the request among them."""
        return self.config.http_header + (proxy_fields(self.config.http_proxy) if self.config.forwarded else ())

    def shown(self, probe: Probe) -> Request:
        """The request of a probe that is not sent."""
        return Request(_method(probe), self._root + _on_the_wire(probe.target))

    def request(self, probe: Probe) -> OutgoingRequest:
        """The probe's request. CredentialError where its caller's token is not available."""
        if not needs_token(probe.credential):
            return self._composed(probe, None)
        caller = probe.credential.caller
        if caller is None:
            raise CredentialError("no caller whose token could be sent")
        with self._lock:
            token = Secret(self.tokens.token(caller))
            if not token or not token.isascii() or not token.isprintable() or " " in token:
                raise CredentialError(f"the token of {caller} is empty or holds characters that no header may hold")
            same = (name for name, other in self.sent.items() if other == token)  # a mock may take one for all
            source = next(same, None) or self.tokens.source_name(caller)
            if self.sent.get(source) != token:
                self.redactor.add(token, source)
                self.sent[source] = token
        return self._composed(probe, token, source)

    def has_another_token(self, refused: OutgoingRequest) -> bool:
        """Whether there is another token than the refused one, so that sending again may help."""
        credential = refused.probe.credential
        if credential.kind is not CredentialKind.TOKEN or credential.caller is None:
            return False
        with self._lock:
            try:
                fresh = Secret(self.tokens.token(credential.caller))  # another thread may have been here before
                return fresh != refused.token or self.tokens.refused(credential.caller)
            except CredentialError:
                return False

    def _composed(self, probe: Probe, token: Secret | None, source: str = "token") -> OutgoingRequest:
        prepared = PreparedRequest()
        prepared.prepare_method(_method(probe))
        prepared.url = self._root + _on_the_wire(probe.target)  # prepare_url would rewrite escapes and dot segments
        prepared.prepare_headers(self._fields(probe, token, self._users))
        shown = self._fields(probe, mark(source), tuple((name, mark(name)) for name, _ in self._users))
        headers = tuple((name, str(value)) for name, value in shown.items())
        return OutgoingRequest(probe, prepared, Request(_method(probe), prepared.url, headers), token)

    def _fields(self, probe: Probe, token: str | None, users: Headers) -> Mapping[str, str]:
        """All header fields; a probe's own field replaces ours of that name, and the user's replaces both."""
        photo = probe.shape.form is Form.PHOTO
        fields: CaseInsensitiveDict[str] = CaseInsensitiveDict({"Host": urlsplit(self.config.origin).netloc})
        allowed = authorization(probe.credential, token)
        if allowed is not None:
            fields["Authorization"] = allowed
        fields["Accept"] = "image/*, */*;q=0.5" if photo else "application/json"
        fields["Accept-Encoding"] = "identity" if photo else "gzip"
        fields["User-Agent"] = f"photo-conformance/{__version__}"
        fields["client-request-id"] = str(uuid5(self._run, probe.key))
        fields["Connection"] = "keep-alive"
        fields.update((*probe.headers, *users))
        return fields


def _method(probe: Probe) -> str:
    return "HEAD" if probe.request_kind == HEAD.name else "GET"


def _on_the_wire(target: str) -> str:
    """The target byte for byte; only characters that a request line cannot have are percent-encoded."""
    return target if _PLAIN.fullmatch(target) else quote(target, safe=_VISIBLE, errors="replace")
