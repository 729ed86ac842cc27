"""Exchanges in memory and in a file are given back equal, with large bodies kept once."""

from __future__ import annotations

import pytest

from conformance.model import Answer, Exchange, Failure, FailureKind, Request
from conformance.recording.exchange_store import FileStore, MemoryStore


def exchange(key: str, body: bytes = b"", **told: object) -> Exchange:
    answer = Answer(200, (("Content-Type", "image/jpeg"),), body)
    return Exchange(key, Request("GET", f"http://127.0.0.1/{key}"), answer, **told)  # type: ignore[arg-type]


FAILED = Exchange("f", Request("GET", "http://127.0.0.1/"), failure=Failure(FailureKind.RESET, "closed"))
SEVERAL = {
    "a": exchange("a", b"small"),
    "b": exchange("b", b"x" * 5000, seconds=0.25, throttled=(Answer(429),)),
    "c": exchange("c", b"x" * 5000),
    "f": FAILED,
}


@pytest.mark.parametrize("kind", [MemoryStore, FileStore])
def test_what_is_put_in_comes_out_equal(kind: type[MemoryStore] | type[FileStore]) -> None:
    """A shelf is a mapping: equal exchanges by key, in the order they came."""
    store = kind()
    store.update(SEVERAL)
    for key, each in SEVERAL.items():
        store[key] = each

    assert SEVERAL == dict(store)
    assert list(SEVERAL) == list(store)
    assert ("a" in store, "z" in store, len(store)) == (True, False, 4)


def test_a_large_body_is_in_the_file_once() -> None:
    """A thousand exchanges with one picture take the room of one picture."""
    store = FileStore()
    for number in range(1000):
        store[str(number)] = exchange(str(number), b"p" * 20_000)

    assert store._file.seek(0, 2) < 1_000_000
    assert 20_000 == len(store["999"].answer.body if store["999"].answer else b"")


def test_a_large_body_is_in_memory_once() -> None:
    """Equal large bodies become one object."""
    memory = MemoryStore()
    memory["a"], memory["b"] = (exchange(key, bytes([65]) * 5000) for key in "ab")
    one, other = (each.answer for each in memory.values())

    assert one
    assert other
    assert one.body is other.body


def test_a_shelf_forgets() -> None:
    """What is deleted is not there any more, and what is put in again is the later one."""
    store = FileStore()
    store["a"] = exchange("a", b"one")
    store["a"] = exchange("a", b"two")
    second = store["a"].answer
    del store["a"]

    assert second
    assert second.body == b"two"
    assert list(store) == []
