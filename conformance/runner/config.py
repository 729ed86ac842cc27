"""The suite's options: from the command line, the environment, the ini file, the target file; in that order."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..model import UsageProblem
from ..spec import EDITIONS

PREFIX = "PHOTO_CONFORMANCE_"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of ours, by its flag; `parse` makes its value from text, or raises ValueError: what was expected."""

    flag: str
    metavar: str | None
    help: str
    parse: Callable[[str], Any]
    default: Any = None
    many: bool = False

    @property
    def name(self) -> str:
        return self.flag.removeprefix("--").replace("-", "_")

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()

    @property
    def ini(self) -> str:
        return "base_url" if self is BASE_URL else f"photo_conformance_{self.name}"


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            near = difflib.get_close_matches(text, words, n=1)
            raise ValueError(f"one of {', '.join(words)}" + (f" (did you mean {near[0]}?)" if near else ""))
        return text

    return parse


def _number(kind: Callable[[str], float], least: float, expected: str, *, above: bool = False) -> Callable[[str], Any]:
    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise ValueError(expected) from None
        if not least <= value < 10**9 or (above and value == least):
            raise ValueError(expected)
        return value

    return parse


def _truth(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError("true or false")
    return words[text.lower()]


def _existing(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise ValueError("a file, not a folder")
    if not path.is_file():
        raise ValueError("a file that is there")
    return path


def _header(text: str) -> tuple[str, str]:
    name, sign, variable = text.partition("=env:")
    if not sign or not name or not variable:
        raise ValueError("NAME=env:VARIABLE; a header's value is a secret and stands in the environment")
    if not os.environ.get(variable, "").strip():
        state = "is empty" if variable in os.environ else "is not set"
        raise ValueError(f"the header's value in the environment variable {variable}, which {state}")
    return name, os.environ[variable]


def _proxy(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https"):
        raise ValueError("http://[user:password@]host[:port]")
    return text


BASE_URL = Option("--base-url", "URL", "the target, version segment included", str)
"""Declared by pytest-base-url, which also has a variable and an ini line for it."""

_COUNT = "a whole number, 0 or more"

OPTIONS = (
    Option("--target", "FILE", "who lives at the target, in TOML (default: the embedded server's own directory, "
           "else found out by asking)", Path),
    Option("--edition", "NAME", f"the edition to hold it to: {', '.join(EDITIONS)}, auto (default: {EDITIONS[0]})",
           _one_of(*EDITIONS, "auto")),
    Option("--odata", None, "also judge the OData and HTTP overlay (default: off)", _truth, False),
    Option("--fail-on", "LEVEL", "fail from which level on: must, should (default: must)", _one_of("must", "should"),
           "must"),
    Option("--complete", None, "fail when a selected cell was not exercised (default: on for the embedded server)",
           _truth),
    Option("--known-deviations", "FILE", "TOML of deviations that are known; stale lines fail", _existing),
    Option("--recording", "FILE", "judge this recording (HAR); nothing is sent", _existing),
    Option("--explore", "N", "property-based requests an operation (default: 0 with --base-url, 5 embedded)",
           _number(int, 0, _COUNT)),
    Option("--concurrency", "N", "requests under way at once (default: 4)",
           _number(int, 1, "a whole number, 1 or more"), 4),
    Option("--deadline", "S", "seconds for one whole exchange (default: 15)",
           _number(float, 0, "seconds, more than 0", above=True), 15.0),
    Option("--patience", "S", "seconds for all waiting on Retry-After together (default: 120)",
           _number(float, 0, "seconds, 0 or more"), 120.0),
    Option("--rate", "N", "requests a second at most (default: no limit)",
           _number(float, 0, "a number above 0", above=True)),
    Option("--http-header", "NAME=env:VAR", "one more header, its value from the environment; repeatable", _header,
           many=True),
    Option("--ca-bundle", "FILE", "PEM file of the authorities to trust", _existing),
    Option("--client-cert", "FILE", "PEM file with the client's certificate and key", _existing),
    Option("--http-proxy", "URL", "proxy to go through; the environment's are not used", _proxy),
    Option("--allow-plain-http", None, "send tokens over plain http to hosts that are not loopback", _truth, False),
    Option("--sample", "N", "judge a seeded sample of N owners", _number(int, 1, "a whole number, 1 or more")),
    Option("--seed", "N", "seed of --sample and --explore (default: 0)", _number(int, 0, _COUNT), 0),
    Option("--shard", "I/N", "the I-th of N parts of the run, e.g. 2/4", lambda text: _shard(text)),
    Option("--reports", "DIR", "where reports go (default: reports/)", Path, Path("reports")),
    Option("--show-photos", None, "show the photos in report.html (default: no; they are people's faces)", _truth,
           False),
)  # fmt: skip


def _shard(text: str) -> tuple[int, int]:
    part, sign, parts = text.partition("/")
    if not (sign and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise ValueError("I/N with 1 <= I <= N, e.g. 2/4")
    return int(part), int(parts)


def settle(told: Mapping[str, Any], environ: Mapping[str, str], ini: Callable[[str], str | None]) -> dict[str, Any]:
    """The value of every option by name, from what the command line told, then the environment, then the ini file.

    Raises:
        UsageProblem: a value is not as expected.
    """
    return {option.name: _value(option, told.get(option.name), environ, ini) for option in OPTIONS}


def base_url(given: str | None, environ: Mapping[str, str], ini: Callable[[str], str | None]) -> str | None:
    """The target's address, from the command line or PYTEST_BASE_URL, our own variable, or the ini file.

    Raises:
        UsageProblem: it is given, and empty.
    """
    if given == environ.get("PYTEST_BASE_URL") == "":
        raise UsageProblem("PYTEST_BASE_URL is empty; unset it or give URL")
    address: str | None = _value(BASE_URL, given, environ, ini)
    return address


def _value(option: Option, told: Any, environ: Mapping[str, str], ini: Callable[[str], str | None]) -> Any:
    for source, text in (
        (option.flag, told),
        (option.variable, environ.get(option.variable)),
        (f"{option.ini} in the ini file", ini(option.ini)),
    ):
        if text is None:
            continue
        texts = text if isinstance(text, list) else text.splitlines() if option.many else [text]
        if not texts or any(isinstance(one, str) and not one.strip() for one in texts):
            raise UsageProblem(f"{source} is empty; unset it or give {option.metavar or 'true or false'}")
        try:
            values = [option.parse(one.strip()) if isinstance(one, str) else one for one in texts]
        except ValueError as error:
            shown = "" if option.name in ("http_proxy", "http_header") else f", got {texts[0]!r}"
            raise UsageProblem(f"{source}: expected {error}{shown}") from None
        return tuple(values) if option.many else values[0]
    return () if option.many else option.default
