"""Invented people whose app was recorded by another tool: small HARs, and the target files beside them."""

from __future__ import annotations

import base64
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from tests.e2e.recordings.evaluating import Document, outcomes, prepared, run_of, written

Entry = dict[str, Any]
BASE = "https://graph.fabrikam.example/v1.0"
INES, TOMO = "5b0e1c7a-91f2-4c34-8d55-0a1b2c3d4e5f", "c2d4e6f8-1a3b-4c5d-9e8f-7a6b5c4d3e2f"
UPNS = {INES: "ines@fabrikam.example", TOMO: "tomo@fabrikam.example"}
JSON = "application/json;odata.metadata=minimal;charset=utf-8"
EXPIRED = {"error": {"code": "InvalidAuthenticationToken", "message": "Lifetime validation failed, token is expired."}}


@cache
def picture(user: str) -> bytes:
    """A photo of 48 by 48 pixels that no other owner has."""
    file = io.BytesIO()
    Image.new("RGB", (48, 48), f"#{user[:6]}").save(file, "JPEG")
    return file.getvalue()


def metadata(user: str) -> dict[str, Any]:
    """What the service says of that photo."""
    return {
        "@odata.context": f"{BASE}/$metadata#users('{user}')/photo/$entity",
        "@odata.mediaContentType": "image/jpeg",
        "@odata.mediaEtag": f'W/"{user}"',
        "id": "48x48",
        "width": 48,
        "height": 48,
    }


def got(path: str, status: int, body: bytes | dict[str, Any], token: str | None = "AAA", **headers: str) -> Entry:
    """An entry: what came back of a path, asked with this token, or with this whole value of Authorization."""
    value = token if token is None or (not token.isalnum() and "." not in token) else f"Bearer {token}"
    asked = {"Accept": "*/*", **({} if value is None else {"Authorization": value})}
    is_bytes = isinstance(body, bytes)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    held = base64.b64encode(data).decode() if is_bytes else data.decode()
    came = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT", "Content-Type": "image/jpeg" if is_bytes else JSON, **headers}
    return {
        "startedDateTime": "2026-11-23T10:00:00Z",
        "request": {"method": "GET", "url": path if "://" in path else BASE + path, "headers": _pairs(asked)},
        "response": {
            "status": status,
            "headers": _pairs(came),
            "content": {"size": len(data), "text": held, **({"encoding": "base64"} if is_bytes else {})},
        },
    }


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def photo(at: str, user: str, token: str | None = "AAA", **headers: str) -> Entry:
    """A user's photo, as it came at a path."""
    return got(f"{at}/photo/$value", 200, picture(user), token, **headers)


def properties(at: str, user: str, token: str | None = "AAA") -> Entry:
    """Its metadata."""
    return got(f"{at}/photo", 200, metadata(user), token)


def refused(at: str, token: str | None = "AAA", body: dict[str, Any] = EXPIRED, **headers: str) -> Entry:
    """A 401 at a path."""
    return got(at, 401, body, token, **headers)


def jwt(**claims: Any) -> str:
    """A token that says this of its holder."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "c2ln"])


def target(*users: str, more: str = "") -> str:
    """A target file of these users, each with a photo and a token."""
    tables = [
        f'[[user]]\nid = "{user}"\nupn = "{UPNS[user]}"\nphoto = true\ntoken = {{ env = "TOKEN_{user[:4]}" }}\n'
        for user in users
    ]
    return f'base_url = "{BASE}"\n' + "".join(tables) + more


def document(folder: Path, entries: list[Entry], text: str | None = None, **options: Any) -> Document:
    """The document of a recording of these entries about users' own photos, as the service is observed to be."""
    path = folder / "target.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
        options["target"] = path
    begun = prepared(recording=written(folder, entries), edition="observed", **options)
    own = [cell for cell in begun.cells if re.fullmatch("(me|user)(-sizes?)?", cell.variant)]
    return run_of(begun, own).document()


def seen(found: Document) -> dict[tuple[str, str], str]:
    """Outcomes of what was exercised, by requirement and case."""
    return outcomes(found, "not-exercised")
