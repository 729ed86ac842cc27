"""The time of redaction grows as the text does, whatever stands in it."""

from __future__ import annotations

import os
import time

import pytest

from conformance.auth.redaction import Redactor
from tests.unit.auth.test_redaction import JWT


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "%41",
        "\\u0041",
        "&amp;",
        JWT + " ",
        JWT[:12] + "-" + JWT[40:50],
        "a" * 11 + "b",
        "%41b",
        "\0",
        "12,",
        "12 " * 11 + "x",
        "41" * 12,
        "QUJDREVGR0hJSktMTU5P",
        "a.",
        "a.b.c.d.e.f.g.h.i.jk",
        "\\a\\b",
        "\uff21",
        "41424344 ",
        "x\x01",
        "\x1fx^\x03\0",
    ],
    ids=[
        "percent",
        "unicode",
        "html",
        "whole",
        "parts",
        "nearly",
        "scattered",
        "nul",
        "numbers",
        "few-numbers",
        "hex",
        "base64",
        "spaced",
        "nearly-spaced",
        "quoted",
        "full-width",
        "hex-groups",
        "zlib",
        "zlib-empty",
    ],
)
def test_the_time_grows_as_the_text_does(unit: str) -> None:
    """Twice the text takes about twice the time, whatever stands in it."""
    redactor = Redactor([("A", JWT), ("B", "a" * 500)])

    def seconds(size: int) -> float:
        data, best = (unit * (size // len(unit))).encode(), float("inf")
        for _ in range(3):
            started = time.process_time()
            redactor.data(data)
            best = min(best, time.process_time() - started)
        return best

    long = seconds(200_000)

    assert long < 6 * seconds(50_000) + 0.02
    assert long < 0.5


def test_many_secrets_do_not_make_a_picture_slow() -> None:
    """Fifty tokens of the usual length; a megabyte of noise."""
    redactor = Redactor((f"T{number}", os.urandom(750).hex()) for number in range(50))
    noise = os.urandom(1 << 20)
    started = time.process_time()

    assert noise is redactor.data(noise)
    assert time.process_time() - started < 1
