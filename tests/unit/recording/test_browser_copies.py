"""What a browser took from its cache, and says so in one of many ways."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.recording.har_reader import from_cache


@pytest.mark.parametrize(
    "entry",
    [
        {"_fromCache": "disk"},
        {"response": {"_fromDiskCache": True}},
        {"timings": {}, "response": {"content": {"size": 0}}},
        {"response": {"_fetchedViaServiceWorker": True}},
        {"_fetchType": "Memory Cache"},
    ],
)
def test_a_browsers_own_copy_is_noticed(entry: Any) -> None:
    """Nothing was sent, so nothing came back."""
    assert from_cache(entry, "")


def test_firefox_says_something_of_its_cache_for_its_own_copies_alone() -> None:
    """Other tools describe there what the cache held after the response came."""
    entry = {"cache": {"afterRequest": None}, "response": {"content": {"text": "a"}}}

    assert from_cache(entry, "Firefox")
    assert not from_cache(entry, "HttpWatch")
    assert not from_cache({**entry, "cache": {}}, "Firefox")


def test_an_entry_without_times_that_has_a_body_came() -> None:
    """Some tools measure no times."""
    assert not from_cache({"timings": {}, "response": {"content": {"text": "a"}}}, "")
