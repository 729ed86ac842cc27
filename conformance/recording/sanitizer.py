"""Secrets in recordings of other makers: told apart, taken out, and looked for in everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from ..auth import claims
from ..auth.authorization import BASIC, GARBAGE
from ..auth.claims import Claims
from ..auth.redaction import Redactor
from ..model import REDACTED, Credential, CredentialKind, Exchange, Headers, Request

MOST = 500
"""Secrets of one file that are looked for elsewhere; where they stand themselves all are taken out."""

_BEARING = ("authorization", "proxy-authorization")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,19})[ \t]+(\S.*)", re.DOTALL)
_SCHEME_ALONE = re.compile(r"[ \t]*(bearer|basic|digest|negotiate|ntlm|token)?[ \t]*", re.IGNORECASE)
_TELLING = re.compile(r"key|token|secret|auth|sig$|signature|passw|session|csrf|code|cookie", re.IGNORECASE)
_UNLIKE_A_WORD = re.compile(r"(?=.*[0-9])\S{16,}", re.DOTALL)
"""What is looked for elsewhere, unless it bears a request: `contacts` in a cookie is found in innocent paths."""
_USER_IN_URL = re.compile(r"(?<=://)[^/?#@]*@")


class ForeignSecrets:
    """Secrets that one file holds: learnt request by request, then taken out of every exchange."""

    def __init__(self) -> None:
        self._secrets: dict[str, None] = {}
        self._tokens: dict[str, str] = {}
        self.claims: dict[str, Claims] = {}
        """What tokens say of their holders, where they do, by `token-1` …"""

    def credential(self, headers: Headers) -> Credential:
        """What stands in Authorization. The callers of good tokens are `token-1`, `token-2` … as they come up."""
        value = next((value for name, value in headers if name.lower() == "authorization"), None)
        if value is None:
            return Credential(CredentialKind.NONE)
        if _SCHEME_ALONE.fullmatch(value):
            return Credential(CredentialKind.EMPTY)
        scheme, secret = _parts(value)
        if scheme.lower() != "bearer":
            ours = scheme.lower() == "token" and secret != BASIC
            return Credential(CredentialKind.SCHEME, self._caller(secret) if ours else None, int(ours))
        if secret in GARBAGE:
            return Credential(CredentialKind.GARBAGE, variety=GARBAGE.index(secret))
        return Credential(CredentialKind.TOKEN, self._caller(secret))

    def _caller(self, token: str) -> str:
        if token not in self._tokens:
            self._tokens[token] = label = f"token-{len(self._tokens) + 1}"
            if told := claims.read(token):
                self.claims[label] = told
        return self._tokens[token]

    def learn(self, exchange: Exchange) -> None:
        """Know the secrets that a request and its answer hold where secrets stand."""
        for secret in _secrets(exchange):
            if len(self._secrets) < MOST:
                self._secrets[secret] = None

    def redactor(self) -> Redactor:
        """Takes out all that was learnt."""
        return Redactor(self._secrets)


def stripped(exchange: Exchange, redactor: Redactor) -> Exchange:
    """A foreign exchange as if we had recorded it."""
    clean = redactor.text
    request, answer = exchange.request, exchange.answer
    headers = tuple((name, _stripped(name, value) or clean(value)) for name, value in request.headers)
    url = clean(_without_secrets(request.url))
    if answer is not None:
        fields = tuple((clean(name), clean(value)) for name, value in answer.headers)
        answer = replace(answer, headers=fields, body=redactor.data(answer.body), reason=clean(answer.reason))
    return replace(exchange, request=Request(request.method, url, headers), answer=answer)


def _stripped(name: str, value: str) -> str | None:
    """What stands in place of a value that is a secret by its header's name; None where it is none."""
    if name.lower() in _BEARING:
        if _SCHEME_ALONE.fullmatch(value):
            return value
        scheme, _ = _parts(value)
        return f"{scheme} {REDACTED}".lstrip()
    return REDACTED if _TELLING.search(name) else None


def _without_secrets(url: str) -> str:
    """The URL without a user, and without the values of query options that are secrets by their name."""
    path, sign, query = _USER_IN_URL.sub("", url).partition("?")
    options = (option.partition("=") for option in query.split("&"))
    kept = (name + equals + (REDACTED if value and _TELLING.search(name) else value) for name, equals, value in options)
    return path + sign + "&".join(kept)


def _parts(value: str) -> tuple[str, str]:
    """Scheme and credentials; a token that stands alone has no scheme."""
    found = _SCHEME.fullmatch(value)
    return (found[1], found[2].strip()) if found else ("", value.strip())


def _secrets(exchange: Exchange) -> Iterator[str]:
    for name, value in exchange.request.headers:
        if name.lower() in _BEARING and not _SCHEME_ALONE.fullmatch(value):
            yield _parts(value)[1]
    yield from (value for value in _likely(exchange) if _UNLIKE_A_WORD.fullmatch(value))


def _likely(exchange: Exchange) -> Iterator[str]:
    """Values of cookies, and of what is called a key or the like."""
    for name, value in exchange.request.headers:
        if name.lower() == "cookie":
            yield from (part.partition("=")[2].strip() for part in value.split(";"))
        elif name.lower() not in _BEARING and _TELLING.search(name):
            yield value
    for name, value in exchange.answer.headers if exchange.answer else ():
        if name.lower() == "set-cookie":
            yield value.partition(";")[0].partition("=")[2].strip()
    query = exchange.request.url.partition("?")[2]
    options = (option.partition("=") for option in query.split("&"))
    yield from (unquote(value) for name, _, value in options if _TELLING.search(name))
