"""Secrets in recordings of other makers: told apart, taken out, and looked for in everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from ..auth.redaction import Redactor
from ..model import REDACTED, Exchange, Request
from .kept_credentials import BEARING, SCHEME_ALONE, parts
from .kept_response import masked

MOST = 500
"""Secrets of one file that are looked for elsewhere; where they stand themselves all are taken out."""

_TELLING = re.compile(r"key|token|secret|auth|sig$|signature|passw|session|csrf|code|cookie", re.IGNORECASE)
_UNLIKE_A_WORD = re.compile(r"(?=.*[0-9])\S{16,}", re.DOTALL)
"""What is looked for elsewhere, unless it bears a request: `contacts` in a cookie is found in innocent paths."""
_USER_IN_URL = re.compile(r"(?<=://)[^/?#@]*@")


class ForeignSecrets:
    """Secrets that one file holds: learnt request by request, then taken out of every exchange."""

    def __init__(self) -> None:
        self._secrets: dict[str, None] = {}

    def learn(self, exchange: Exchange) -> None:
        """Know the secrets that a request and its answer hold where secrets stand."""
        for secret in _secrets(exchange):
            if len(self._secrets) < MOST:
                self._secrets[secret] = None

    def redactor(self) -> Redactor:
        """Takes out all that was learnt."""
        return Redactor(("token", secret) for secret in self._secrets)


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
    if name.lower() in BEARING:
        if SCHEME_ALONE.fullmatch(value):
            return value
        scheme, _ = parts(value)
        return f"{scheme} {REDACTED}".lstrip()
    return REDACTED if _TELLING.search(name) else None


def _without_secrets(url: str) -> str:
    """The URL without a user, and without the values of query options that are secrets by their name."""
    path, sign, query = _USER_IN_URL.sub("", url).partition("?")
    options = (option.partition("=") for option in query.split("&"))
    kept = (name + equals + (REDACTED if value and _TELLING.search(name) else value) for name, equals, value in options)
    return path + sign + "&".join(kept)


def _secrets(exchange: Exchange) -> Iterator[str]:
    for name, value in exchange.request.headers:
        if name.lower() in BEARING and not SCHEME_ALONE.fullmatch(value) and not masked(secret := parts(value)[1]):
            yield secret
    yield from (value for value in _likely(exchange) if _UNLIKE_A_WORD.fullmatch(value) and not masked(value))


def _likely(exchange: Exchange) -> Iterator[str]:
    """Values of cookies, and of what is called a key or the like."""
    for name, value in exchange.request.headers:
        if name.lower() == "cookie":
            yield from (part.partition("=")[2].strip() for part in value.split(";"))
        elif name.lower() not in BEARING and _TELLING.search(name):
            yield value
    for name, value in exchange.answer.headers if exchange.answer else ():
        if name.lower() == "set-cookie":
            yield value.partition(";")[0].partition("=")[2].strip()
    query = exchange.request.url.partition("?")[2]
    options = (option.partition("=") for option in query.split("&"))
    yield from (unquote(value) for name, _, value in options if _TELLING.search(name))
