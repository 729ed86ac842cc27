"""Text from the wire or a file, made fit to be shown: it moves no cursor, turns no line round, ends no file.

And nothing that is printed is a command: CI services obey `##vso[…]`, `##[…]` and lines that begin with `::`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls of C0 and C1, but tab, line feed and carriage return
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # no width, line ends, changes of direction
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"  # halves of a pair, no characters, tags
)
_COMMAND = re.compile(r"#(?=#[A-Za-z]{0,40}\[)|(?:(?m:^)|(?<=\r))[^\S\r\n]*:(?=:)")
_COLOUR = re.compile(r"(\x1b\[[0-9;]{0,20}[mK])")
"""What pytest itself writes: colours, and the rest of a line that is written over."""


def visible(text: object, limit: int | None = None, *, lines: bool = False) -> str:
    """The text with every character that cannot be seen written as an escape such as `\\x1b`.

    `limit` counts characters of the result, the mark of what was left out included. With `lines`, line feeds and tabs
    stay as they are.
    """
    raw = text if isinstance(text, str) else str(text)
    if limit is not None:
        raw = raw[: limit + 1]  # escapes only grow, so no more than this can be shown
    if not (raw.isascii() and raw.isprintable()):
        raw = raw.replace("\r\n", "\n") if lines else raw
        raw = re.sub("\r" if lines else "[\n\r\t]", _escape, _UNSEEN.sub(_escape, raw))
    return raw if limit is None or len(raw) <= limit else raw[: limit - 1] + "…"


def _escape(character: re.Match[str]) -> str:
    return character[0].encode("unicode_escape").decode()


def one_line(text: object) -> str:
    """A message for a terminal, of which neither it nor a CI service obeys anything."""
    return _COMMAND.sub(lambda match: f"{match[0]} ", visible(text, 2000))


class Printed:
    """A text stream whose text passes a filter, and of which no terminal and no CI service obeys anything.

    Where it cannot be written, as on a full disk or when the reader of a pipe is gone, it goes on and keeps the reason.
    """

    def __init__(self, stream: TextIO, clean: Callable[[str], str]) -> None:
        self._stream = stream
        self._clean = clean
        self.problem: str | None = None
        """Why something was not written."""
        self._line = ""
        """The line that is being written, as far as it can matter."""

    def write(self, text: str) -> int:
        """Write the text; like any stream it says how much was given to it."""
        shown = self._clean(text)
        if not (shown.isascii() and shown.isprintable()):
            shown = "".join(
                part if _COLOUR.fullmatch(part) else _UNSEEN.sub(_escape, part) for part in _COLOUR.split(shown)
            )
        whole = _COMMAND.sub(lambda match: f"{match[0]} ", self._line + shown)
        shown = whole[len(self._line) :] if whole.startswith(self._line) else f" {shown}"
        self._line = (self._line + shown).rpartition("\n")[2][-50:]
        with self._noting():
            self._stream.write(shown)
        return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        with self._noting():
            self._stream.flush()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.problem = self.problem or error.strerror or str(error)
            with suppress(OSError, ValueError):  # what is buffered would fail again when the process ends
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def printed(clean: Callable[[str], str] = str) -> Iterator[Printed]:
    """Let all that is printed pass a filter; yields stdout, and says in the end if that could not be written."""
    closed = sys.stdout is None
    if closed:  # pytest and others expect a stream
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process lasts
    out = Printed(sys.stdout, clean)
    out.problem = "it is closed" if closed else None
    with redirect_stdout(out), redirect_stderr(Printed(sys.stderr, clean)):
        try:
            yield out
        finally:
            out.flush()
            if out.problem:
                sys.stderr.write(f"photo-conformance: stdout cannot be written: {out.problem}\n")


# Reading JSON that others wrote: what is not of the kind asked for counts as absent.


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def string(value: Any) -> str:
    """The value if it is a string, else the empty one."""
    return value if isinstance(value, str) else ""


def timestamp(value: Any) -> float:
    """Seconds since 1970 of a moment in RFC 3339, UTC where it names no zone; 0 where it is none."""
    try:
        moment = datetime.fromisoformat(string(value))
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def header_fields(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values of the header fields of a HAR request or response."""
    found = message.get("headers")
    fields = map(mapping, found if isinstance(found, list | tuple) else ())
    return [(string(field.get("name")), string(field.get("value"))) for field in fields]
