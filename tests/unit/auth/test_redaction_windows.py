"""A long text is looked at in windows, and no border of theirs hides a secret."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest

from conformance.auth import redaction
from conformance.auth.redaction import LONGEST, Redactor
from tests.unit.auth.test_redaction import ESCAPES, JWT, NESTED, SPELT

TOKEN = "eyJ0.Xy9-_kQ7mZ2pLr0KcYw9"
SPELLINGS = {**ESCAPES, **SPELT}
FORMS = [*SPELLINGS, *(f"{outer} of {inner}" for outer in NESTED for inner in NESTED)]


def spelt(form: str) -> bytes:
    """The token in this form."""
    outer, _, inner = form.partition(" of ")
    return NESTED[outer](NESTED[inner](TOKEN.encode())) if inner else SPELLINGS[form](TOKEN).encode()


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_at_a_border_is_found_wherever_it_begins(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redaction in small windows gives what redaction in one does, in each form and at every offset."""
    secret, border, redactor = spelt(form), 640, Redactor([("A", TOKEN)])
    texts = [b"<" * (border - len(secret) - 4 + at) + secret + b">" * 64 for at in range(len(secret) + 8)]
    expected = [redactor.data(text) for text in texts]
    monkeypatch.setattr(redaction, "_WINDOW", border)
    monkeypatch.setattr(redaction, "_OVERLAP", border // 2)
    in_windows = Redactor([("A", TOKEN)])

    assert expected == [in_windows.data(text) for text in texts]
    assert all(b":A]" in text for text in expected)


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_among_bytes_that_are_no_text_is_found(form: str) -> None:
    """In each form, as in a picture, with a control character or half a character on both sides."""
    redactor, noise = Redactor([("A", TOKEN)]), Random(1).randbytes(4096)

    for border in (b"\x01", b"\xc3", b"\xff"):
        found = redactor.data(noise + border + spelt(form) + border + noise)
        assert b":A]" in found
        assert (found.startswith(noise + border), found.endswith(border + noise)) == (True, True)


def test_a_secret_with_other_letters_is_found_among_bytes_that_are_no_text() -> None:
    """Letters outside of ASCII take bytes that most pictures are full of."""
    secret, noise = "Grüße-äöü-ßßß-mañana-ÀÉÎÕÜ", Random(2).randbytes(4096)

    assert Redactor([("A", secret)]).data(noise + secret.encode() + noise) == noise + b"[redacted:A]" + noise


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_longest_secret_is_whole_in_one_window(depth: int) -> None:
    """Of 16 KiB, in hex of hex of hex, wherever it begins."""
    secret = (JWT.replace(".", "") * 200)[:LONGEST]
    redactor = Redactor([("A", secret)])
    form = secret.encode()
    for _ in range(depth):
        form = form.hex().encode()

    for start in (0, redaction._WINDOW - 5, redaction._WINDOW - len(form) + 5):
        assert redactor.data(b"<" * start + form + b">" * 100) == b"<" * start + b"[redacted:A]" + b">" * 100


MEASURE = """
import resource, sys
from conformance.auth.redaction import Redactor
from tests.unit.auth.test_redaction import JWT
body = b"\\0a" * 2_000_000
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
Redactor([("A", JWT)]).data(body)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_the_memory_does_not_grow_with_the_text() -> None:
    """Four megabytes that consist of escapes need less than 70 MB more."""
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, timeout=60, check=True)

    assert int(done.stdout) < 70


def test_a_secret_may_be_learnt_while_another_thread_looks_for_one() -> None:
    """What is known is not changed under a thread that goes through it."""
    redactor = Redactor([("ADELE_TOKEN", TOKEN)])

    known, before = redactor._known, set(redactor._known)
    redactor.add(JWT)

    assert known == before
    assert redactor.text(JWT) != JWT
