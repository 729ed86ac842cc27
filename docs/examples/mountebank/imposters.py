"""The reference server's people as a configuration of mountebank: `imposters.py DIR PORT > imposters.json`.

DIR is what `python -m conformance.reference --export DIR` wrote. Stubs are tried from top to bottom, the first that
fits answers: a bad token, a missing scope, a bad option, then one stub for each path, and 404 for all others.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = "/v1.0"
PHOTO = r"/photo(/\$value)?$"
USERS = ("User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All")
OWN = ("User.Read", "User.ReadWrite", *USERS)
GROUPS = ("Group.Read.All", "Group.ReadWrite.All")
CONTACTS = ("Contacts.Read", "Contacts.ReadWrite")

BAD_OPTION = """({request: {query}}) => Object.entries(query).some(([name, value]) =>
  name.startsWith('$') && (name !== '$select' || !/^(id|width|height)(,(id|width|height))*$/.test(value)))"""
SELECT = """({request: {query, path}, response}) => {
  if (!query.$select || path.endsWith('/$value')) return;
  const wanted = query.$select.split(',');
  response.body = Object.fromEntries(Object.entries(response.body).filter(
    ([name]) => name.startsWith('@') || wanted.includes(name)));
}"""


@dataclass(frozen=True)
class Caller:
    """A token, whose it is (None: an application's), and the scopes that it holds (None: all)."""

    token: str
    user: str | None
    scopes: frozenset[str] | None

    def holds(self, scopes: Iterable[str]) -> bool:
        return self.scopes is None or bool(self.scopes & set(scopes))


def answer(status: int, body: Any, content_type: str = "application/json", **headers: str) -> dict[str, Any]:
    """What to answer; what were left out, the status too, mountebank would take from its default response."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"statusCode": status, "headers": {"Content-Type": content_type} | named, "body": body}


def error(status: int, code: str, message: str, **headers: str) -> dict[str, Any]:
    return {"is": answer(status, {"error": {"code": code, "message": message}}, **headers)}


def stub(predicates: list[Any], response: dict[str, Any]) -> dict[str, Any]:
    return {"predicates": predicates, "responses": [response]}


def by(callers: Iterable[Caller]) -> dict[str, Any]:
    """The predicate that one of these asks."""
    tokens = [f"Bearer {caller.token}" for caller in callers]
    return {"or": [{"equals": {"headers": {"Authorization": token}}, "caseSensitive": True} for token in tokens]}


def at(pattern: str) -> dict[str, Any]:
    """The predicate that a path, percent-encoded as it came, is of a kind."""
    return {"matches": {"path": f"^{re.escape(ROOT)}{pattern}"}, "caseSensitive": True}


def callers(target: dict[str, Any], env: dict[str, str]) -> list[Caller]:
    users = [user for user in target["user"] if "token" in user]
    return [Caller(env[user["token"]["env"]], user["id"], None) for user in users] + [
        Caller(env[one["token"]["env"]], one.get("user"), frozenset(one["scopes"])) for one in target["identity"]
    ]


def gates(everyone: list[Caller], target: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Which caller may read what; own photos may be asked for by `/me` and by both names."""
    yield stub([{"not": by(everyone)}], error(401, "NoToken", "Who asks?", WWW_Authenticate="Bearer"))
    denied = error(403, "Denied", "The token holds no scope for this.")
    names = {user["id"]: [quote(user["id"], safe=""), quote(user["upn"], safe="")] for user in target["user"]}
    for caller in everyone:
        own = "|".join(re.escape(name) for name in names.get(caller.user or "", [])) or "(?!)"
        kinds = [
            ("/groups/", GROUPS),
            ("/(me|users/[^/]+)/contact", CONTACTS),
            (f"/users/(?!({own})/)[^/]+{PHOTO}", USERS),
            (f"/(me|users/({own})){PHOTO}", OWN),
        ]
        for pattern, scopes in kinds:
            if not caller.holds(scopes):
                yield stub([by([caller]), at(pattern)], denied)


def answers(people: Path, everyone: list[Caller]) -> Iterator[dict[str, Any]]:
    """What is at each path; what is at a caller's `/users/{id}` is at `/me` too."""
    index = json.loads((people / "index.json").read_text("utf-8"))
    for path, file in index.items():
        if path.startswith("/me/"):
            continue
        if path.endswith("$value"):
            response = picture(people, index, path)
        else:
            body = json.loads((people / file).read_text("utf-8"))
            response = {"is": answer(200, body), "behaviors": [{"decorate": SELECT}]}
        yield stub([equal(path)], response)
        _, _, user, rest = path.split("/", 3)
        if own := [caller for caller in everyone if caller.user == user]:
            yield stub([equal(f"/me/{rest}"), by(own)], response)


def equal(path: str) -> dict[str, Any]:
    return {"equals": {"method": "GET", "path": ROOT + path}, "caseSensitive": True}


def picture(people: Path, index: dict[str, str], path: str) -> dict[str, Any]:
    """The bytes, and with them what their metadata says of them."""
    data = json.loads((people / index[path.removesuffix("/$value")]).read_text("utf-8"))
    body = base64.b64encode((people / index[path]).read_bytes()).decode()
    return {
        "is": answer(200, body, data["@odata.mediaContentType"], ETag=data["@odata.mediaEtag"]) | {"_mode": "binary"}
    }


def main(people: Path, port: int) -> None:
    """Print the configuration."""
    target = tomllib.loads((people / "target.toml").read_text("utf-8"))
    lines = (people / "tokens.env").read_text("utf-8").splitlines()
    everyone = callers(target, dict(line.split("=", 1) for line in lines))
    bad_option = stub([at(".*/photo$"), {"inject": BAD_OPTION}], error(400, "BadOption", "Not an option of this."))
    imposter = {
        "port": port,
        "host": "127.0.0.1",
        "protocol": "http",
        "defaultResponse": error(404, "NotThere", "There is nothing at this path.", Connection="keep-alive")["is"],
        "stubs": [*gates(everyone, target), bad_option, *answers(people, everyone)],
    }
    json.dump({"imposters": [imposter]}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
