"""The suite's options: from the command line, the environment, the ini file, the target file; in that order."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..auth.authorization import missing_variable, shown_variable
from ..model import UsageProblem
from ..spec import EDITIONS

PREFIX = "PHOTO_CONFORMANCE_"
Ini = Callable[[str], str | None]
"""The value of a line of the ini file; None where there is none."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option, by its name; `parse` makes its value from text, or raises ValueError: what was expected."""

    name: str
    metavar: str | None
    help: str
    parse: Callable[[str], Any]
    many: bool = False
    secret: bool = False
    """Whether its value may hold a secret, and is not repeated."""
    foreign: bool = False
    """Declared by pytest-base-url, which also has a variable and an ini line for it."""

    @property
    def flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()

    @property
    def ini(self) -> str:
        return self.name if self.foreign else f"photo_conformance_{self.name}"

    @property
    def argument(self) -> dict[str, Any]:
        """How argparse and pytest declare it; its value is parsed by `settle`."""
        if self.metavar is None:
            return {"action": "store_const", "const": "true", "help": self.help}
        return {"action": "append" if self.many else "store", "metavar": self.metavar, "help": self.help}


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


_LONGEST_PATH, _LONGEST_NAME = 4000, 255


def _truth(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError("true or false")
    return words[text.lower()]


def path(text: str) -> Path:
    """A path; a name that no file can have may be a token, and is refused before a message shows it."""
    found = Path(text)
    if len(text) > _LONGEST_PATH or any(len(os.fsencode(part)) > _LONGEST_NAME for part in found.parts):
        raise ValueError("a path; no file has so long a name")
    return found


def _existing(text: str) -> Path:
    found = path(text)
    try:
        if found.is_dir():
            raise ValueError("a file, not a folder")
        if not found.is_file():
            raise ValueError("an existing file")
    except OSError as error:
        raise ValueError(f"a file that can be read ({error.strerror})") from None
    return found


def _header(text: str) -> tuple[str, str]:
    name, sign, variable = text.partition("=env:")
    if not sign or not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII) or not variable:
        raise ValueError("NAME=env:VARIABLE; a header's value is a secret and stands in the environment")
    if name.lower() == "authorization":
        raise ValueError("another header: Authorization is the suite's own, and a token belongs into the target file")
    if missing := missing_variable(variable, os.environ):
        raise ValueError(f"the header's value in {missing}")
    value = os.environ[variable]
    if value[0].isspace() or set(value) & set("\r\n\0"):
        raise ValueError("a value without line breaks, and without a blank before it, in the variable of a header")
    return name, value


def _proxy(text: str) -> str:
    expected = "http://[user:password@]host[:port]"
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError(f"{expected}, without a blank")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{expected}, with a port from 0 to 65535 if any") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(expected)
    return text


def _shows(value: object) -> bool:
    """Whether a wrong value may be repeated: it is too short for a secret, or it names a file."""
    return bool(re.fullmatch(r"(?s:.{0,11})|.{1,200}\.(toml|har|json|pem|crt|zip|gz|ini)", str(value)))


def _shard(text: str) -> tuple[int, int]:
    part, sign, parts = text.partition("/")
    if not (sign and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise ValueError("I/N with 1 <= I <= N, e.g. 2/4")
    return int(part), int(parts)


def _option(metavar: str | None, text: str, parse: Callable[[str], Any], default: Any = None, **more: Any) -> Any:
    """A field of `Config` that is an option."""
    option = partial(Option, metavar=metavar, help=text, parse=parse, **more)
    return field(default=default, repr=not more.get("secret"), metadata={"option": option})


_COUNT = _number(int, 0, "a whole number, 0 or more")
_ONE_OR_MORE = _number(int, 1, "a whole number, 1 or more")
_SECONDS = _number(float, 0, "seconds, more than 0", above=True)


@dataclass(frozen=True, kw_only=True)
class Config:
    """The options of a run: each is declared, parsed and explained here."""

    base_url: str | None = _option("URL", "the target, version segment included", str, foreign=True)
    target: Path | Mapping[str, Any] | None = _option(
        "FILE", "the test users, groups and contacts, in TOML (default: discovered by asking the target)", path
    )  # fmt: skip
    edition: str | None = _option(
        "NAME", f"{', '.join(EDITIONS)} or auto (default: {EDITIONS[0]})",
        _one_of(*EDITIONS, "auto"),
    )  # fmt: skip
    odata: bool = _option(None, "also check OData and HTTP rules, as SHOULD (default: off)", _truth, False)
    fail_on: str = _option(
        "LEVEL", "what fails a run: must, or also should (default: must)", _one_of("must", "should"), "must"
    )
    complete: bool | None = _option(
        None, "fail when a selected test was not exercised (default: on for the embedded server)", _truth
    )
    known_deviations: Path | None = _option(
        "FILE", "accepted deviations, in TOML; a stale one fails the run", _existing
    )
    recording: tuple[Path, ...] = _option(
        "FILE", "evaluate this recording (HAR); nothing is sent; repeatable", _existing, (), many=True
    )
    explore: int | None = _option("N", "random requests per operation (default: 0; 5 for the embedded server)", _COUNT)
    concurrency: int = _option("N", "concurrent requests (default: 4)", _ONE_OR_MORE, 4)
    deadline: float = _option("S", "seconds for one request and its response (default: 15)", _SECONDS, 15.0)
    patience: float = _option(
        "S", "seconds for all waiting on Retry-After together (default: 120)",
        _number(float, 0, "seconds, 0 or more"), 120.0,
    )  # fmt: skip
    max_time: float = _option(
        "S", "seconds for the whole run; what was not asked by then is inconclusive (default: 3600)", _SECONDS, 3600.0
    )
    rate: float | None = _option(
        "N", "requests a second at most (default: no limit)", _number(float, 0, "a number above 0", above=True)
    )
    dry_run: bool = _option(None, "print how many requests a run sends and the least time they take", _truth, False)
    http_header: tuple[tuple[str, str], ...] = _option(
        "NAME=env:VAR", "one more header, its value from the environment; repeatable", _header, (), many=True,
        secret=True,
    )  # fmt: skip
    ca_bundle: Path | None = _option("FILE", "PEM file of the authorities to trust", _existing)
    client_cert: Path | None = _option("FILE", "PEM file with the client's certificate and key", _existing)
    http_proxy: str | None = _option("URL", "proxy to use; the environment's are not used", _proxy, secret=True)
    allow_plain_http: bool = _option(None, "send tokens over plain http to hosts that are not loopback", _truth, False)
    sample: int | None = _option("N", "test a seeded sample of N owners", _ONE_OR_MORE)
    seed: int = _option("N", "seed of --sample and --explore (default: 0)", _COUNT, 0)
    shard: tuple[int, int] | None = _option("I/N", "the I-th of N parts of the run, e.g. 2/4", _shard)
    reports: Path = _option("DIR", "where reports go (default: reports/)", path, Path("reports"))
    show_ids: bool = _option(
        None, "show ids and names of users in summary, JUnit and CTRF (default: labels, user-1)",
        _truth, False,
    )  # fmt: skip
    show_photos: bool = _option(None, "show the photos in report.html (default: no, they are people's faces)", _truth,
                                False)  # fmt: skip

    @property
    def origin(self) -> str:
        """Scheme, host and port of the target, e.g. `https://graph.microsoft.com`."""
        url = urlsplit(self.base_url or "")
        return f"{url.scheme}://{url.netloc}"

    @property
    def forwarded(self) -> bool:
        """Whether a proxy gets the request itself; for https it only opens a tunnel."""
        return self.http_proxy is not None and urlsplit(self.base_url or "").scheme == "http"


BY_NAME: dict[str, Option] = {each.name: each.metadata["option"](each.name) for each in fields(Config)}
OPTIONS = tuple(option for option in BY_NAME.values() if not option.foreign)
"""Those that the suite declares itself."""


def settle(given: Mapping[str, Any], environ: Mapping[str, str] | None = None, ini: Ini = lambda _: None) -> Config:
    """Every option, from what was given by name, as on the command line; then the environment, then the ini file.

    A value that is no text, nor a list of texts, is taken as it is.

    Raises:
        UsageProblem: a value is empty, or not as expected, or a variable is nearly an option's.
    """
    environ = environ or {}
    names = [name.upper() for name in BY_NAME]
    for variable in environ:
        name = variable.removeprefix(PREFIX)
        if name != variable and name not in names and (near := difflib.get_close_matches(name, names, 1, 0.8)):
            raise UsageProblem(
                f"the environment variable {shown_variable(variable)} is no option's; did you mean {PREFIX}{near[0]}?"
            )
    if given.get("base_url") == environ.get("PYTEST_BASE_URL") == "":
        raise UsageProblem("PYTEST_BASE_URL is empty; unset it or give URL")
    found = {name: _value(option, given.get(name), environ, ini) for name, option in BY_NAME.items()}
    return Config(**{name: value for name, value in found.items() if value is not None})


def _value(option: Option, given: Any, environ: Mapping[str, str], ini: Ini) -> Any:
    sources = {
        option.flag: given,
        option.variable: environ.get(option.variable),
        f"{option.ini} in the ini file": ini(option.ini),
    }
    source, text = next(((name, value) for name, value in sources.items() if value is not None), ("", None))
    if not isinstance(text, str | list):
        return text
    texts = text if isinstance(text, list) else text.splitlines() if option.many else [text]
    if not texts or not all(one.strip() for one in texts):
        raise UsageProblem(f"{source} is empty; unset it or give {option.metavar or 'true or false'}")
    try:
        values = [option.parse(one.strip()) for one in texts]
    except ValueError as error:
        shown = f", got {texts[0]!r}" if not option.secret and _shows(texts[0]) else ""
        raise UsageProblem(f"{source}: expected {error}{shown}") from None
    return tuple(values) if option.many else values[0]
