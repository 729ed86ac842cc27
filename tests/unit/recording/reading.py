"""Recordings that stand in no file yet, read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from conformance.recording import har_reader
from conformance.recording.har_reader import Cassette


@contextmanager
def written(text: str | bytes) -> Iterator[Path]:
    """A file of this text."""
    with NamedTemporaryFile(suffix=".har") as file:
        file.write(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        file.flush()
        yield Path(file.name)


def load(source: str | bytes | Path) -> Cassette:
    """What a file holds, or one of this text."""
    if isinstance(source, Path):
        return har_reader.load(source)
    with written(source) as path:
        return har_reader.load(path)
