"""Secrets by the name of what holds them, in headers, cookies and URLs: of our own recordings and of other tools'."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, starmap
from urllib.parse import unquote

from ..auth.authorization import FORGED, with_echoes
from ..auth.redaction import Redactor
from ..model import MARK, PART, REDACTED, Answer, Exchange, Request, mark
from .kept_credentials import BEARING, SCHEME_ALONE, parts
from .kept_response import masked

MOST = 100_000
"""Characters of all secrets of one file that are looked for elsewhere; where they stand, all are taken out."""

ODATA_OPTIONS = frozenset(
    {"apply", "compute", "count", "expand", "filter", "format", "orderby", "search", "select", "skip", "top"}
)
"""Options that OData 4.01 takes without their `$`."""
_NAMES = (
    r"(?:[\w.-]{0,40}(?:token|secret|signature|passw|credential|api[-_]?key|subscription-key|session|sessid|[cx]srf"
    r"|tempauth|jwt|hmac|bearer)[\w-]{0,40}"
    r"|sig|code|state|nonce|otp|sid|assertion|samlresponse|pwd|pass|auth|ticket|key|access_?key|x-amz-[\w-]{1,40})"
)
_OPTION = re.compile(
    rf"(?:\A|[?&;#]|\\u0026|%3f|%26)(?:amp;)?({_NAMES})(?:=|%3d)((?:[^%&#;\s\"'<>\\]++|%(?!26|23))++)", re.I
)
"""An option of a URL or a form that is a secret by its name, wherever the URL stands in a text."""
_ANY_OPTION = re.compile(r"[?&;](?!\$|%24)([^=&;#\s]{1,80})=([^&;#\s]+)")
"""Of another tool's request: its value is shown where the option is known to be harmless."""
_PLAIN_OPTIONS = ODATA_OPTIONS | {"api-version", "size", "version", "v", "page", "lang", "locale"}
_WORD = r"(?:token|secret|passw|pwd|assertion|credential|key|signature|jwt|bearer|samlresp)(?:or?d|d|onse)?+"
_MAY_BE_MEMBER = re.compile(rf"{_WORD}\\{{0,3}}[\"']?(?:\s*[:=]|[^<>]{{0,160}}?(?:>|\s(?:value|content)=))")
"""Matches, in lower case (up to twice as long), wherever `_MEMBER` does, and is found faster."""
_MEMBER = re.compile(
    rf"(?<![\w.$%-])([\w.-]{{0,40}}{_WORD})\\{{0,3}}+"
    r"(?:\"\s*:\s*\\{0,3}\"((?:[^\"\\]++|\\[^\"])++)"
    r"|[\"']?+(?:[^<>]{0,80}?(?:>|\s(?:value|content)=)|\s*[:=]\s*)\\{0,3}[\"']?"
    r"((?=[^\s\"'&;<>,\\]{0,99}[0-9])[^\s\"'&;<>,\\]{8,}))",
    re.IGNORECASE,
)
"""A member of JSON, an element of XML or HTML, or a line such as `AccountKey=…`, that is a secret by its name."""
_NAMED_AFTER = re.compile(
    rf"(?<=\svalue=[\"'])([^\s\"'<>]{{8,}})(?=[\"'][^<>]{{0,80}}?\sname=[\"']?([\w.-]{{0,40}}{_WORD}))", re.IGNORECASE
)
"""`<input value=… name=token>`."""
_SCHEMES = ("bearer", "basic", "negotiate", "ntlm")
_CREDENTIALS = re.compile(rf"\b({'|'.join(_SCHEMES)})\s+((?=[\w.~+/-]{{0,99}}[0-9])[\w.~+/-]{{16,}}=*)", re.I)
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){1,3}", re.ASCII)
_FIELD = re.compile(
    r"authorization|authentication-info|key|token|secret|sig$|signature|passw|session|[cx]srf|^x-auth|credential", re.I
)
_HARMLESS_FIELD = re.compile(
    r"accept.*|host|user-agent|content-.*|if-.*|cache-control|pragma|connection|keep-alive|transfer-encoding|expect|te|"
    r"origin|referer|range|date|dnt|via|prefer|priority|consistencylevel|odata-.*|upgrade.*|sec-(ch|fetch)-.*|"
    r"(x-)?(ms-)?(client-)?(request|correlation|trace)-?id|sdkversion|x-forwarded-(for|host|port|proto)|x-requested-with",
    re.IGNORECASE,
)
"""Of another tool's request: what no other field than these holds is shown."""
_UNLIKE_A_WORD = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])(?![0-9]{4}-[0-9]{2}-)[^\s\"]{12,4096}", re.DOTALL)
"""What is looked for elsewhere, unless it bears a request: `contacts` in a cookie is found in innocent paths.

Nor a date, nor what holds quotation marks, which would take JSON apart.
"""
_USER_IN_URL = re.compile(r"(?<=://)[^/?#@\s]{1,1000}@")


def by_name(text: str) -> str:
    """The text without what is a secret by its name or its form: in URLs, forms and JSON, after `Bearer`, a JWT."""
    if "://" in text:
        text = _USER_IN_URL.sub("", text)
    lowered = text.lower()
    if "=" in text or "%3d" in lowered:
        text = _OPTION.sub(_marked, text)
    if _MAY_BE_MEMBER.search(lowered):
        text = _MEMBER.sub(_marked, text)
    if " name=" in lowered:
        text = _NAMED_AFTER.sub(lambda found: _unless_known(found[1], found[2]), text)
    if any(word in lowered for word in _SCHEMES):
        text = _CREDENTIALS.sub(_marked, text)
    return text


def cleaned(text: str, redact: Callable[[str], str]) -> str:
    """The text without known secrets, and without others; of a JWT nothing is left because a known one begins alike."""

    def whole(found: re.Match[str]) -> str:
        shown = redact(found[0])
        return shown if MARK.search(shown) else _unless_known(found[0], "JWT")

    return by_name(redact(_JWT.sub(whole, text) if "eyJ" in text else text))


def _marked(found: re.Match[str]) -> str:
    """The match with a mark in place of its last group, the secret; its first group is what it is said to be."""
    secret = found[found.lastindex or 0]
    return found[0].removesuffix(secret) + _unless_known(secret, found[1])


def _unless_known(value: str, name: str) -> str:
    """A mark of this name; marks that stand there already say more, and what we made up is no secret.

    The mark is never that of the caller's token: the token did not come back.
    """
    known = MARK.search(value) or PART in value or any(made_up.startswith(value) for made_up in FORGED)
    return value if known else mark("Token") if mark(name) == REDACTED else mark(name)


def field(name: str, value: str, clean: Callable[[str], str] = str) -> tuple[str, str]:
    """A header field without a value that is a secret by its name; of cookies the names stay.

    `clean` marks the secrets that are known: their marks say more than the field's name.
    """
    return clean(name), _value(name, value, clean)


def _value(name: str, value: str, clean: Callable[[str], str]) -> str:
    known = name.lower()
    cookie = known == "cookie" or known.startswith("set-cookie")
    if not cookie and not _FIELD.search(name):
        return cleaned(value, clean)
    if MARK.search(value := clean(value)):
        return value
    if known in BEARING:
        return value if SCHEME_ALONE.fullmatch(value) else f"{parts(value)[0]} {REDACTED}".lstrip()
    if not cookie:
        return mark(name)
    pairs = value.split(";")
    for at, pair in enumerate(pairs if known == "cookie" else pairs[:1]):
        left, sign, secret = pair.partition("=")
        shown = mark(name) if secret.strip() or not sign else secret
        pairs[at] = f"{left}={shown}" if sign else shown
    return ";".join(pairs)


def body(data: bytes, redactor: Redactor) -> bytes:
    """A body without secrets, which base64 would hide, and without what is one by its name."""
    if b"\0" in data[:1024]:
        return redactor.data(data)
    text = data.decode("utf-8", "surrogateescape")
    clean = cleaned(
        text, lambda text: redactor.data(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
    )
    return data if clean == text else clean.encode("utf-8", "surrogateescape")


def secrets_of(exchanges: Iterable[Exchange]) -> tuple[tuple[str, str], ...]:
    """What a file holds where secrets stand, as a redactor takes them: to be looked for everywhere.

    Only what stood in Authorization has the name `token`: a cookie that is set again is no token that came back.
    """
    found: dict[str, str] = {}
    length = 0
    for name, secret in chain.from_iterable(map(_secrets, exchanges)):
        if secret in found or length + len(secret) < MOST:
            length += len(secret) if secret not in found else 0
            found[secret] = name if name == "token" else found.get(secret, name)
    return tuple((name, secret) for secret, name in found.items())


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
    headers = tuple(
        (name, value if _HARMLESS_FIELD.fullmatch(name) or name.lower() in BEARING else mark(name))
        for name, value in starmap(field, request.headers)
    )
    url = _ANY_OPTION.sub(lambda found: found[0] if found[1].lower() in _PLAIN_OPTIONS else _marked(found), request.url)
    shown = Request(request.method, cleaned(url, redactor.text), headers)
    return with_echoes(replace(exchange, request=shown), redactor)


def _secrets(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The credentials; and of cookies, and of what is called a key or the like, the values that are unlike a word."""
    likely = list(granted(exchange.answer)) if exchange.answer else []
    urls = [exchange.request.url]
    for name, value in exchange.request.headers:
        known = name.lower()
        if known in BEARING:
            scheme, secret = parts(value)
            if not SCHEME_ALONE.fullmatch(value) and secret not in FORGED and not masked(secret):
                yield "token", secret
                if scheme.lower() == "basic":
                    with suppress(ValueError):
                        yield "token", base64.b64decode(secret).decode("utf-8", "surrogateescape").partition(":")[2]
        elif known == "cookie":
            likely += (part.partition("=")[2].strip() for part in value.split(";"))
        elif known == "referer":
            urls.append(value)
        elif _FIELD.search(name):
            likely.append(value)
    likely += (unquote(found[2]) for url in urls for found in _OPTION.finditer(url))
    yield from (("secret", value) for value in likely if _UNLIKE_A_WORD.fullmatch(value) and not masked(value))
