"""Regular expressions of the package: text from the wire must not make one of them slow."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import conformance

UNITS = (
    "\xff",
    " ",
    '"',
    "'",
    "''",
    "{",
    "}",
    "0",
    "a",
    "%25",
    "/",
    "=",
    "@",
    "\\",
    "(",
    "<",
    ":",
    "`",
    ".",
    "a.",
    "\r\n",
    "a@",
)
"""Text that is repeated: what the package's patterns repeat, alone and behind each pattern's own beginning."""
SIZES = (1_000, 4_000, 16_000)
MEASURABLE = 0.02
"""Seconds; less says nothing."""


@dataclass(frozen=True)
class Used:
    """A pattern, and whether it is searched for, or only matched at the beginning of a text."""

    pattern: re.Pattern[Any]
    searched: bool


def patterns() -> set[Used]:
    """Those that modules compile, and those that they give to `re` as they are used."""
    found: set[Used] = set()
    for module in pkgutil.walk_packages(conformance.__path__, "conformance."):
        if module.name.endswith("__main__") or ".faults" in module.name:
            continue
        loaded = importlib.import_module(module.name)
        source = Path(str(loaded.__file__)).read_text("utf-8")
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                methods = re.findall(rf"\b{name}\.(\w+)\(", source)
                found.add(Used(value, not set(methods) <= {"match", "fullmatch"}))
            else:
                found |= {Used(each, True) for each in _inside(value)}
        found |= set(_literals(source))
    return found


def _inside(value: object) -> Iterator[re.Pattern[Any]]:
    """Patterns of a table."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    for each in list(values):
        if isinstance(each, re.Pattern):
            yield each
        elif isinstance(each, (tuple, list, dict)):
            yield from _inside(each)


def _literals(source: str) -> Iterator[Used]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), method), [ast.Constant(str() | bytes() as text), *_]):
                if method != "compile":
                    yield Used(re.compile(text), method not in ("match", "fullmatch"))


def seconds(used: Used, text: str) -> float:
    subject: Any = text.encode("latin-1") if isinstance(used.pattern.pattern, bytes) else text
    started = time.process_time()
    used.pattern.fullmatch(subject)
    for _ in used.pattern.finditer(subject) if used.searched else ():
        pass
    return time.process_time() - started


def beginnings(pattern: re.Pattern[Any]) -> list[str]:
    """The signs that the pattern spells out, which get a matcher as far as its repetitions: the first, and all."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    spelled = re.findall(r"(?<![\\\[\w])[A-Za-z/:('\"]+", re.sub(r"\\([^\w])", r"\1", text))
    return [*spelled[:1], "".join(spelled)[:12]]


def slow(used: Used) -> str | None:
    """The beginning of a text that takes more than eight times as long when it is four times as long."""
    begins = beginnings(used.pattern)
    for unit in UNITS:
        for start, again in {
            ("", unit),
            *((begin, unit) for begin in begins),
            *(("", begin + unit) for begin in begins),
        }:
            taken = 0.0
            for size in SIZES:
                text = (start + again * size)[:size] + "\0"
                before, taken = taken, seconds(used, text)
                if (
                    taken > MEASURABLE
                    and taken > 8 * before
                    and min(seconds(used, text) for _ in range(2)) > 8 * before
                ):
                    return text[:40]
    return None


def test_the_patterns_of_the_package_are_found() -> None:
    """Compiled ones and those that stand in a call are both among them."""
    texts = {str(each.pattern.pattern) for each in patterns()}

    assert len(texts) > 40
    assert any("ftypavi" in text for text in texts)
    assert r"`+" in texts or "`+" in texts


@pytest.mark.parametrize("bad", [r"x\s*\s*y", r"a+b"])
def test_a_pattern_that_is_not_linear_is_noticed(bad: str) -> None:
    """Adjacent repetitions of the same text, and searches that begin again at each place, are caught."""
    assert slow(Used(re.compile(bad), True)) is not None


def test_no_pattern_takes_more_than_linear_time() -> None:
    """Twice the text takes about twice the time, for every pattern and every kind of text."""
    assert {each.pattern.pattern: text for each in patterns() if (text := slow(each)) is not None} == {}
