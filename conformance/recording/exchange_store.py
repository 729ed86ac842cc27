"""Where exchanges are kept while a run lasts: within a budget of bytes, and each body once only."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import replace

from ..model import Answer, Exchange, Failure, FailureKind

MEMORY_BUDGET = 64 * 1024 * 1024
"""Bytes of bodies and headers that are kept in memory: 500 owners with distinct photos of 100 KB."""
FILE_BUDGET = 4 * 1024 * 1024 * 1024
"""Bytes that are kept in a file, where there are more owners than memory should hold."""
WORTH_SHARING = 1024
"""Bytes of a body from which on it is kept, and written, once only."""
_ALWAYS_KEPT = 8 * 1024
"""Bytes of headers that are kept past the budget."""
_TOO_MANY = "more bytes came than are kept of one run or recording; test fewer owners at a time"


class ExchangeStore(MutableMapping[str, Exchange]):
    """Exchanges by probe key, in memory or in a file without a name that goes with the process. One thread at a time.

    Past the budget only size and SHA-256 of a body are kept: what needs the body is inconclusive then.
    """

    def __init__(self, *, in_file: bool = False, budget: int | None = None) -> None:
        self.in_file = in_file
        """Whether it was made for more owners than memory should hold."""
        self._file = tempfile.TemporaryFile() if in_file else None  # noqa: SIM115 - open as long as the store is there
        self._left = (FILE_BUDGET if in_file else MEMORY_BUDGET) if budget is None else budget
        self._kept: dict[str, Exchange | int] = {}
        """By key: the exchange; or its place in the file, where the SHA-256 of a body kept by itself follows it."""
        self._bodies: dict[bytes, bytes | tuple[int, int]] = {}
        """By SHA-256: the body, or its place in the file and its length."""

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def __setitem__(self, key: str, exchange: Exchange) -> None:
        throttled = tuple(self._afforded(one) or replace(one, headers=(), body=b"") for one in exchange.throttled)
        answer, failure = exchange.answer and self._afforded(exchange.answer), exchange.failure
        if exchange.answer is not None and answer is None:
            failure = Failure(FailureKind.NOT_KEPT, f"headers not kept: {_TOO_MANY}")
        exchange = replace(exchange, answer=answer, failure=failure, throttled=throttled)
        self._kept[key] = exchange if self._file is None else self._written(exchange)

    def arrange(self, keys: Iterable[str]) -> None:
        """Put these last, in this order; those that are not there are passed over."""
        for key in keys:
            if key in self._kept:
                self._kept[key] = self._kept.pop(key)

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def _written(self, exchange: Exchange) -> int:
        """Put the exchange into the file, but for a body that is there already."""
        answer, digest = exchange.answer, b""
        if answer is not None and len(answer.body) >= WORTH_SHARING:
            digest = hashlib.sha256(answer.body).digest()
            exchange = replace(exchange, answer=replace(answer, body=b""))
        return self._append(pickle.dumps((exchange, digest), pickle.HIGHEST_PROTOCOL))

    def _afforded(self, answer: Answer) -> Answer | None:
        """The answer with its body shared or, past the budget, left out; None where its headers alone are too much."""
        headers = sum(len(name) + len(value) for name, value in answer.headers)
        digest = hashlib.sha256(answer.body).digest()
        known = self._bodies.get(digest)
        cost = headers + (0 if known is not None else len(answer.body))
        if cost > self._left:
            why = f"body not kept: {len(answer.body)} bytes, SHA-256 {digest.hex()}; {_TOO_MANY}"
            return replace(answer, body=b"", unread=why) if headers <= _ALWAYS_KEPT else None
        self._left -= cost
        if len(answer.body) < WORTH_SHARING:
            return answer
        if known is None:
            self._bodies[digest] = answer.body if self._file is None else (self._append(answer.body), len(answer.body))
        return replace(answer, body=known) if isinstance(known, bytes) else answer

    def _append(self, data: bytes) -> int:
        assert self._file is not None  # noqa: S101 - asked only of a store with a file
        place = self._file.seek(0, 2)
        self._file.write(data)
        return place

    def __getitem__(self, key: str) -> Exchange:
        kept = self._kept[key]
        if isinstance(kept, Exchange):
            return kept
        assert self._file is not None  # noqa: S101 - only a store with a file has places
        self._file.seek(kept)
        exchange: Exchange
        exchange, digest = pickle.load(self._file)  # noqa: S301 - a file that no other process can open
        body = self._bodies.get(digest)
        if exchange.answer is not None and isinstance(body, tuple):
            self._file.seek(body[0])
            exchange = replace(exchange, answer=replace(exchange.answer, body=self._file.read(body[1])))
        return exchange

    def __delitem__(self, key: str) -> None:
        del self._kept[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
