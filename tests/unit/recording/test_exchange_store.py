"""Exchanges in memory and in a file are given back equal, with large bodies kept once."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from conformance.model import Answer, Exchange, Failure, FailureKind, Request
from conformance.recording.exchange_store import ExchangeStore


def exchange(key: str, body: bytes = b"", **more: object) -> Exchange:
    answer = Answer(200, (("Content-Type", "image/jpeg"),), body)
    return Exchange(key, Request("GET", f"http://127.0.0.1/{key}"), answer, **more)  # type: ignore[arg-type]


FAILED = Exchange("f", Request("GET", "http://127.0.0.1/"), failure=Failure(FailureKind.RESET, "closed"))
SEVERAL = {
    "a": exchange("a", b"small"),
    "b": exchange("b", b"x" * 5000, seconds=0.25, throttled=(Answer(429),)),
    "c": exchange("c", b"x" * 5000),
    "f": FAILED,
}


@pytest.mark.parametrize("in_file", [False, True])
def test_what_is_put_in_comes_out_equal(in_file: bool) -> None:
    """A store is a mapping: equal exchanges by key, in the order they came."""
    store = ExchangeStore(in_file=in_file)
    store.update(SEVERAL)
    for key, each in SEVERAL.items():
        store[key] = each

    assert SEVERAL == dict(store)
    assert list(SEVERAL) == list(store)
    assert ("a" in store, "z" in store, len(store)) == (True, False, 4)


def test_a_large_body_is_in_the_file_once() -> None:
    """A thousand exchanges with one picture take the room of one picture."""
    store = ExchangeStore(in_file=True)
    for number in range(1000):
        store[str(number)] = exchange(str(number), b"p" * 20_000)

    assert store._file is not None
    assert store._file.seek(0, 2) < 1_000_000
    assert 20_000 == len(store["999"].answer.body if store["999"].answer else b"")


def test_a_large_body_is_in_memory_once() -> None:
    """Equal large bodies become one object."""
    memory = ExchangeStore()
    memory["a"], memory["b"] = (exchange(key, bytes([65]) * 5000) for key in "ab")
    one, other = (each.answer for each in memory.values())

    assert one
    assert other
    assert one.body is other.body


def test_a_store_forgets() -> None:
    """What is deleted is not there any more, and what is put in again is the later one."""
    store = ExchangeStore(in_file=True)
    store["a"] = exchange("a", b"one")
    store["a"] = exchange("a", b"two")
    second = store["a"].answer
    del store["a"]

    assert second
    assert second.body == b"two"
    assert list(store) == []


@pytest.mark.parametrize("in_file", [False, True])
def test_past_the_budget_only_size_and_hash_are_kept(in_file: bool) -> None:
    """Status and headers stay, a body that is there already costs nothing, and what is left out says so."""
    store = ExchangeStore(in_file=in_file, budget=12_000)
    for key, letter in (("a", b"a"), ("b", b"b"), ("c", b"c"), ("d", b"a")):
        store[key] = exchange(key, letter * 5000)
    answers = {key: each.answer for key, each in store.items()}

    assert {key: len(each.body) for key, each in answers.items() if each} == {"a": 5000, "b": 5000, "c": 0, "d": 5000}
    assert answers["c"] is not None
    assert answers["c"].status == 200
    assert answers["c"].unread is not None
    assert answers["c"].unread.startswith("body not kept: 5000 bytes")
    assert hashlib.sha256(b"c" * 5000).hexdigest() in answers["c"].unread
    assert "fewer owners" in answers["c"].unread


def test_endless_headers_are_not_kept_past_the_budget() -> None:
    """Such an exchange is inconclusive as a whole."""
    store = ExchangeStore(budget=1000)
    large = exchange("a")
    assert large.answer is not None
    store["a"] = replace(large, answer=replace(large.answer, headers=(("X", "x" * 100_000),)))

    assert store["a"].answer is None
    assert store["a"].failure is not None
    assert store["a"].failure.kind is FailureKind.NOT_KEPT


def test_bodies_that_were_waited_out_are_within_the_budget() -> None:
    """A target that throttles with large bodies takes no memory."""
    store = ExchangeStore(budget=100_000)
    for number in range(100):
        store[str(number)] = exchange(str(number), throttled=(Answer(429, (), bytes([number]) * 50_000),))

    assert sum(len(one.body) for each in store.values() for one in each.throttled) <= 100_000
