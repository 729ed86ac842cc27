"""Secrets by the name of what holds them, in headers, cookies and URLs: of our own recordings and of other tools'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from urllib.parse import unquote

from ..auth.authorization import FORGED, echoed
from ..auth.redaction import Redactor
from ..model import MARK, REDACTED, Answer, Exchange, Headers, Request, mark
from .kept_credentials import BEARING, SCHEME_ALONE, parts
from .kept_response import masked

MOST = 100_000
"""Characters of all secrets of one file that are looked for elsewhere; where they stand, all are taken out."""

_NAMES = (
    r"(?:[\w.-]{0,40}(?:token|secret|signature|passw|credential|api[-_]?key|subscription-key|session|[cx]srf|tempauth)"
    r"[\w-]{0,40}|sig|code|assertion|samlresponse|pwd|auth|ticket|key|access_?key|x-amz-[\w-]{1,40})"
)
_OPTION = re.compile(rf"((?:[?&;#]|\\u0026|%3f|%26)(?:amp;)?{_NAMES}(?:=|%3d))((?:(?!%26|%23)[^&#;\s\"'<>\\])+)", re.I)
"""An option of a URL that is a secret by its name, wherever the URL stands in a text."""
_FIELD = re.compile(
    r"authorization|authentication-info|key|token|secret|sig$|signature|passw|session|[cx]srf|^x-auth|credential", re.I
)
_UNLIKE_A_WORD = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])(?![0-9]{4}-[0-9]{2}-)[^\s\"]{12,4096}", re.DOTALL)
"""What is looked for elsewhere, unless it bears a request: `contacts` in a cookie is found in innocent paths.

Nor a date, nor what holds quotation marks, which would take JSON apart.
"""
_USER_IN_URL = re.compile(r"(?<=://)[^/?#@\s]{1,1000}@")


def by_name(text: str) -> str:
    """The text, and the URLs in it, without users and without options that are secrets by their name."""
    if "://" in text:
        text = _USER_IN_URL.sub("", text)
    if "=" not in text and "%3" not in text:
        return text
    return _OPTION.sub(lambda found: found[0] if MARK.search(found[2]) else found[1] + mark(_option(found[1])), text)


def _option(name: str) -> str:
    return re.sub(r"^(?:[?&;#]|\\u0026|%3f|%26)(?:amp;)?|(?:=|%3d)$", "", name, flags=re.IGNORECASE)


def fields(headers: Headers, clean: Callable[[str], str] = str) -> Headers:
    """Header fields without the values that are secrets by their name; of cookies the names stay.

    `clean` marks the secrets that are known: their marks say more than the field's name.
    """
    return tuple((name, _field(name, value, clean)) for name, value in headers)


def _field(name: str, value: str, clean: Callable[[str], str]) -> str:
    known = name.lower()
    cookie = known == "cookie" or known.startswith("set-cookie")
    if not cookie and not _FIELD.search(name):
        return by_name(value)
    if MARK.search(value := clean(value)):
        return value
    if known in BEARING:
        return value if SCHEME_ALONE.fullmatch(value) else f"{parts(value)[0]} {REDACTED}".lstrip()
    if not cookie:
        return mark(name)
    pairs = value.split(";")
    secret = len(pairs) if known == "cookie" else 1
    return ";".join([*(_cookie(pair, name) for pair in pairs[:secret]), *pairs[secret:]])


def _cookie(pair: str, name: str) -> str:
    left, sign, value = pair.partition("=")
    return f"{left}={mark(name) if value.strip() else value}" if sign else mark(name)


def body(data: bytes, redactor: Redactor) -> bytes:
    """A body without secrets, which base64 would hide, and without what is one by its name."""
    data = redactor.data(data)
    if data.lstrip()[:1] in (b"{", b"[", b"<"):
        text = data.decode("utf-8", "surrogateescape")
        clean = by_name(text)
        data = data if clean == text else clean.encode("utf-8", "surrogateescape")
    return data


def secrets_of(exchanges: Iterable[Exchange]) -> tuple[tuple[str, str], ...]:
    """What a file holds where secrets stand, as a redactor takes them: to be looked for everywhere."""
    found: dict[str, None] = {}
    length = 0
    for secret in chain.from_iterable(map(_secrets, exchanges)):
        if secret not in found and length + len(secret) < MOST:
            length += len(secret)
            found[secret] = None
    return tuple(("token", secret) for secret in found)


def granted(answer: Answer) -> Iterator[str]:
    """The cookies that a response sets, but for those that are words, numbers or dates."""
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            cookie = value.partition(";")[0].partition("=")[2].strip().strip('"')
            if _UNLIKE_A_WORD.fullmatch(cookie) and not masked(cookie):
                yield cookie


def stripped(exchange: Exchange, redactor: Redactor) -> Exchange:
    """Another tool's exchange as if we had recorded it: the request without credentials, the response as it came."""
    request = exchange.request
    shown = Request(request.method, redactor.text(by_name(request.url)), fields(request.headers))
    return replace(exchange, request=shown, echoed=echoed(shown, exchange.answers, redactor))


def _secrets(exchange: Exchange) -> Iterator[str]:
    for name, value in exchange.request.headers:
        secret = parts(value)[1]
        if (
            name.lower() in BEARING
            and not SCHEME_ALONE.fullmatch(value)
            and secret not in FORGED
            and not masked(secret)
        ):
            yield secret
    yield from (value for value in _likely(exchange) if _UNLIKE_A_WORD.fullmatch(value) and not masked(value))


def _likely(exchange: Exchange) -> Iterator[str]:
    """Values of cookies, and of what is called a key or the like."""
    for name, value in exchange.request.headers:
        if name.lower() == "cookie":
            yield from (part.partition("=")[2].strip() for part in value.split(";"))
        elif name.lower() not in BEARING and _FIELD.search(name):
            yield value
    yield from (granted(exchange.answer) if exchange.answer else ())
    urls = [exchange.request.url, *(value for name, value in exchange.request.headers if name.lower() == "referer")]
    yield from (unquote(found[2]) for url in urls for found in _OPTION.finditer(url))
