"""A token by a command of the user's: no shell, bounded in time and size, and nothing that it says is ever shown."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .authorization import CredentialError
from .claims import seconds
from .redaction import Secret

WITHIN = 60.0
"""Seconds that a command may take, where --max-time leaves as many."""
LARGEST = 256 * 1024
"""Bytes that a command may write."""
_TOKEN = ("accessToken", "access_token", "token")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A token, and until when it is good as far as its source tells (seconds since 1970)."""

    token: Secret
    expires: float | None = None


def check(caller: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
    """CredentialError where there is no such program; nothing is run."""
    if shutil.which(command[0], path=environ.get("PATH")) is None:
        raise CredentialError(
            f"the token of {caller} comes from a command; its program (the first of `command`) is not found"
        )


def fetch(caller: str, command: Sequence[str], environ: Mapping[str, str], within: float = WITHIN) -> Fetched:
    """Run the command; its standard output is the token, or JSON with the token and perhaps its expiry.

    Raises:
        CredentialError: it cannot be started, takes too long, fails, or prints something else.
    """
    who = f"the command for the token of {caller}"
    asked = time.time()
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, from their own target file
            list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=dict(environ), start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError):
        raise CredentialError(f"{who} cannot be started") from None
    output = _output(process, who, within)
    if process.returncode != 0:
        raise CredentialError(f"{who} ended with code {process.returncode}; run it by hand to see why")
    return parse(output, who, asked)


def _output(process: subprocess.Popen[bytes], who: str, within: float) -> Secret:
    """What the command wrote, when it has ended; whatever it started ends with it."""
    read: list[memoryview] = []  # whose bytes no traceback shows
    until = time.monotonic() + within
    reader = threading.Thread(target=_read, args=(process, read), daemon=True)
    reader.start()
    try:
        reader.join(within)
        if read and len(read[0]) <= LARGEST:
            process.wait(max(0.1, until - time.monotonic()))
            return Secret(str(read[0], "utf-8", "replace").strip())
    except subprocess.TimeoutExpired:
        pass
    finally:
        _end(process)
    if read and len(read[0]) > LARGEST:
        raise CredentialError(f"{who} prints more than {LARGEST} bytes")
    raise CredentialError(f"{who} did not end within {within:.3g} s")


def _read(process: subprocess.Popen[bytes], into: list[memoryview]) -> None:
    if process.stdout is not None:
        with contextlib.suppress(ValueError, OSError), process.stdout:  # closed under our hands, its time being up
            into.append(memoryview(process.stdout.read(LARGEST + 1)))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command, and where it has not ended by itself its own children too."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def parse(output: str, who: str, asked: float) -> Fetched:
    """A token alone on one line, or JSON: a string, or an object with the token and perhaps its expiry.

    Expiry: `expires_on` (seconds since 1970 or a date), `expiresOn` (the same; a date without a zone is local time,
    as the Azure CLI writes it) or `expires_in` (seconds from `asked` on).
    """
    parsed: Any = output
    if output[:1] in ("{", '"'):
        try:
            parsed = json.loads(output)
        except (ValueError, RecursionError):
            raise CredentialError(f"{who} prints JSON that cannot be read") from None
    found: dict[str, Any] = parsed if isinstance(parsed, dict) else {"token": parsed}
    token = next((found[name] for name in _TOKEN if isinstance(found.get(name), str)), "")
    if not token or any(character.isspace() for character in token):
        raise CredentialError(
            f"{who} should print the token alone, or JSON with accessToken, access_token or token; it does not"
        )
    return Fetched(Secret(token), _expiry(found, asked))


def _expiry(parsed: Mapping[str, Any], asked: float) -> float | None:
    for name in ("expires_on", "expiresOn"):
        if (moment := seconds(parsed.get(name)) or _date(parsed.get(name))) is not None:
            return moment
    lasting = seconds(parsed.get("expires_in"))
    return None if lasting is None else asked + lasting


def _date(value: object) -> float | None:
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
