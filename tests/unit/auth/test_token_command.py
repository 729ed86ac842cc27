"""Tokens by a command: what is understood, what is refused, and that nothing it says is shown."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

import pytest

from conformance.auth.authorization import CredentialError
from conformance.auth.token_command import LARGEST, check, fetch, parse

SECRET = "canary-1f0e9d8c7b6a"
ENVIRON = dict(os.environ)


def printing(code: str) -> list[str]:
    """A command that runs this Python."""
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(
    ("output", "expires"),
    [
        (SECRET, None),
        (f'"{SECRET}"', None),
        (f'{{"accessToken": "{SECRET}", "expiresOn": "2030-01-01T00:00:00+00:00"}}', 1893456000.0),
        (
            f'{{"accessToken": "{SECRET}", "expiresOn": "2020-01-01 00:00:00.0", "expires_on": 1893456000}}',
            1893456000.0,
        ),
        (f'{{"access_token": "{SECRET}", "expires_on": "1893456000"}}', 1893456000.0),
        (f'{{"access_token": "{SECRET}", "expires_in": 3599}}', 4599.0),
        (f'{{"token": "{SECRET}", "expiresOn": "tomorrow", "expires_in": true}}', None),
    ],
)
def test_a_token_is_plain_or_json(output: str, expires: float | None) -> None:
    """Plain text, a JSON string, and the objects of the known tools are understood, with their expiry."""
    fetched = parse(output, "the command", asked=1000.0)

    assert (SECRET, expires) == (fetched.token, fetched.expires)
    assert SECRET not in repr(fetched)


def test_a_date_without_a_zone_is_local_time() -> None:
    """The Azure CLI writes expiresOn so."""
    local = datetime(2030, 1, 1, tzinfo=UTC).astimezone().replace(tzinfo=None)

    assert parse(f'{{"accessToken": "{SECRET}", "expiresOn": "{local}"}}', "it", 0.0).expires == 1893456000.0


@pytest.mark.parametrize(
    "output", ["", "two words", f"{SECRET}\nand more", "{", '{"other": 1}', '{"token": 7}', '{"a":' * 9999]
)
def test_anything_else_is_refused_unseen(output: str) -> None:
    """The error says what was expected, and repeats nothing of the output."""
    with pytest.raises(CredentialError) as caught:
        parse(output, "the command", 0.0)

    assert SECRET not in str(caught.value)


def test_a_command_is_run_without_a_shell() -> None:
    """Arguments are passed unchanged, and standard error is ignored."""
    code = "import sys; print(sys.argv[1]); print('noise', file=sys.stderr)"

    assert fetch("adele", [*printing(code), "$HOME;x"], ENVIRON).token == "$HOME;x"


def test_a_command_that_fails_tells_its_code_alone() -> None:
    """What it printed may be a secret."""
    with pytest.raises(CredentialError, match=r"token of adele ended with code 3; run it by hand") as caught:
        fetch("adele", printing(f"import sys; print('{SECRET}'); sys.exit(3)"), ENVIRON)

    assert SECRET not in str(caught.value)


def test_a_command_is_bounded_in_time() -> None:
    """It is ended with its children, even where one of them keeps its output open."""
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    began = time.monotonic()
    with pytest.raises(CredentialError, match=r"did not end within 0\.5 s"):
        fetch("adele", printing(code), ENVIRON, within=0.5)

    assert time.monotonic() - began < 5


def test_a_command_is_bounded_in_size() -> None:
    """One that prints without end is not listened to."""
    with pytest.raises(CredentialError, match=f"prints more than {LARGEST} bytes"):
        fetch("adele", printing("while True: print('a' * 100)"), ENVIRON)


def test_a_program_that_does_not_exist_is_reported_before_it_is_needed() -> None:
    """The message has its name, not its arguments."""
    with pytest.raises(CredentialError, match=r"its program \(the first of `command`\) is not found") as caught:
        check("adele", ["no-such-program", SECRET], ENVIRON)

    assert SECRET not in str(caught.value)
    with pytest.raises(CredentialError, match="cannot be started"):
        fetch("adele", ["/nowhere/no-such-program"], ENVIRON)
