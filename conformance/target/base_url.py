"""The address of a target, checked."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from ..model import UsageProblem


def checked_base_url(url: str) -> str:
    """The target's address, version segment included, without a slash at its end.

    Raises:
        UsageProblem: it is no http(s) URL, or it holds a user, parameters, a query or a fragment.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise UsageProblem(
            "--base-url: expected http://… or https://… with a host, and a port from 0 to 65535 if any"
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageProblem("--base-url: expected http://… or https://… with a host and the version segment")
    if "@" in parts.netloc:
        raise UsageProblem("--base-url: expected no user and password in the URL; give a token in the environment")
    if parts.query or parts.fragment or any(character.isspace() or not character.isprintable() for character in url):
        raise UsageProblem("--base-url: expected no query, fragment, blank or control character in the URL")
    if set(unquote(parts.path)) & set(";=&"):  # reports show the URL, and `;jsessionid=…` is a credential
        raise UsageProblem("--base-url: expected no parameters (`;`, `=`, `&`) in the URL's path")
    return url.rstrip("/")
