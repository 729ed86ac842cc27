"""Where exchanges are kept while a run lasts: in memory, or in a file where there are more than memory should hold."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Iterator, MutableMapping
from dataclasses import replace

from ..model import Answer, Exchange

_WORTH_SHARING = 1024
"""Bytes of a body from which on it is kept once only."""


class MemoryStore(dict[str, Exchange]):
    """Exchanges by probe key; equal bodies are one object."""

    def __init__(self) -> None:
        super().__init__()
        self._bodies: dict[bytes, bytes] = {}

    def __setitem__(self, key: str, exchange: Exchange) -> None:
        answer = exchange.answer
        if answer is not None and len(answer.body) >= _WORTH_SHARING:
            body = self._bodies.setdefault(answer.body, answer.body)
            if body is not answer.body:
                exchange = _with_body(exchange, answer, body)
        super().__setitem__(key, exchange)


class FileStore(MutableMapping[str, Exchange]):
    """Exchanges by probe key, in a file without a name that goes with the process; large bodies are written once.

    Each reading gives a new, equal exchange. One thread at a time.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the shelf is there
        self._places: dict[str, tuple[int, tuple[int, int] | None]] = {}
        """By key: where the exchange stands, and where its body does, if that stands apart (and how long it is)."""
        self._bodies: dict[bytes, tuple[int, int]] = {}

    def __del__(self) -> None:
        self._file.close()

    def __setitem__(self, key: str, exchange: Exchange) -> None:
        answer, apart = exchange.answer, None
        if answer is not None and len(answer.body) >= _WORTH_SHARING:
            digest = hashlib.sha256(answer.body).digest()
            if digest not in self._bodies:
                self._bodies[digest] = (self._append(answer.body), len(answer.body))
            apart = self._bodies[digest]
            exchange = _with_body(exchange, answer, b"")
        self._places[key] = (self._append(pickle.dumps(exchange, pickle.HIGHEST_PROTOCOL)), apart)

    def _append(self, data: bytes) -> int:
        place = self._file.seek(0, 2)
        self._file.write(data)
        return place

    def __getitem__(self, key: str) -> Exchange:
        place, apart = self._places[key]
        self._file.seek(place)
        exchange: Exchange = pickle.load(self._file)  # noqa: S301 - a file that nobody else can open
        if apart is not None and exchange.answer is not None:
            self._file.seek(apart[0])
            exchange = _with_body(exchange, exchange.answer, self._file.read(apart[1]))
        return exchange

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __delitem__(self, key: str) -> None:
        del self._places[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _with_body(exchange: Exchange, answer: Answer, body: bytes) -> Exchange:
    return replace(exchange, answer=replace(answer, body=body))
