"""The curl line that repeats an exchange: safe to paste whatever the wire held, and without a secret."""

from __future__ import annotations

import re
import shlex
from typing import Any
from urllib.parse import quote

from ..model import MARK
from .printable import header_fields, mapping, string

TOKEN_VARIABLE = "GRAPH_TOKEN"  # noqa: S105 - the name of a variable, not a secret
_CURLS_OWN = frozenset({"host", "user-agent", "connection", "content-length", "accept-encoding"})
_USUAL = {
    "accept": re.compile(r"application/json|image/\*(, \*/\*;q=0\.5)?|\*/\*", re.IGNORECASE),
    "client-request-id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
}
"""Values that do not change the response."""
_PICTURE = re.compile(r"/(\$|%24)value(\?|$)", re.IGNORECASE)


def line(entry: Any) -> str:
    """One line for a POSIX shell, from a HAR entry; each secret is read from the variable that its mark names.

    A picture goes to the file `photo.bin` and its headers to the screen. Headers that curl sends of itself, or that
    do not change the response, are left out. Empty where the entry holds no http(s) URL: curl would read files, too.
    """
    request = mapping(mapping(entry).get("request"))
    url = _printable(string(request.get("url")))
    if not re.match("https?://", url):
        return ""
    words = ["curl", "-sS"]
    words += ["-D", "-", "-o", "photo.bin"] if _PICTURE.search(url) else ["-i"]
    if string(request.get("method")).upper() == "HEAD":
        words = ["curl", "-sS", "-I"]
    if re.search(r"[\[\]{}]", url):
        words.append("-g")
    if re.search(r"/(\.|%2e){1,2}(/|$)", url, re.IGNORECASE):
        words.append("--path-as-is")
    for name, value in header_fields(request):
        words += _header(name, value)
    return " ".join([*words, _quoted(url)])


def _header(name: str, value: str) -> list[str]:
    known = name.lower()
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or known in _CURLS_OWN:
        return []
    if known in _USUAL and _USUAL[known].fullmatch(value):
        return []
    return ["-H", _quoted(f"{name}: {_printable(value)}" if value.strip() else f"{name};")]


def _quoted(text: str) -> str:
    """One word of the shell; where a secret stood it names a variable, outside of the single quotes."""
    if not MARK.search(text):
        return "'" + text + "'" if re.fullmatch(r"[^'\\!]*", text) else shlex.quote(text)
    if re.fullmatch(r"[\w :./=-]*", MARK.sub("", text)):
        return '"' + MARK.sub(_variable, text) + '"'
    parts = MARK.split(MARK.sub(lambda found: f"[redacted:{_variable(found)[1:]}]", text))
    return "".join(f'"${part}"' if at % 2 else shlex.quote(part) if part else "" for at, part in enumerate(parts))


def _variable(found: re.Match[str]) -> str:
    """The variable of a mark: the one that the target file names; else a name made of the header's or the caller's."""
    name = found[1]
    if name == "token":
        return f"${TOKEN_VARIABLE}"
    return "$" + (name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else re.sub(r"\W", "_", f"_{name}".upper())[1:])


def _printable(text: str) -> str:
    """Percent-encode what no URL and no header may hold: a line end pasted into a terminal would run the line."""
    return re.sub(r"[^\x20-\x7e]", lambda match: quote(match[0].encode("utf-8", "surrogatepass")), text)
