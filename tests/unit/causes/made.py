"""Hand-made evidence: a few owners, what they received, and the verdicts on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from conformance.causes import grouping
from conformance.causes.evidence import Seen, failed

PNG = b"\x89PNG\r\n\x1a\n"
BASE_URL = "https://graph.example/v1.0"
SHAPES = {
    "me.metadata": "/me/photo",
    "me.photo": "/me/photo/$value",
    "user.metadata.id": "/users/{}/photo",
    "user.photo.id": "/users/{}/photo/$value",
    "group.metadata": "/groups/{}/photo",
    "group.photo": "/groups/{}/photo/$value",
    "user-contact.metadata.id": "/users/u/contacts/{}%3D/photo",
    "user-contact.photo.id": "/users/u/contacts/{}%3D/photo/$value",
    "user-folder.metadata.id": "/users/u/contactfolders/f/contacts/{}%2F/photo",
    "user-folder.photo.id": "/users/u/contactfolders/f/contacts/{}%2F/photo/$value",
}
Change = Callable[[Seen], Seen]


def responses(owners: int = 3) -> list[Seen]:
    """What a conforming server sends: owners with a photo, owners without, unknown ones, and no good credential."""
    return [_response(*place) for place in _places(owners)]


def _places(owners: int) -> Iterable[tuple[str, str, str, str]]:
    for shape in SHAPES:
        for number in range(1, owners + 1):
            yield shape, "present", f"{shape.split('.')[0]}-{number}", "token"
        yield shape, "absent", "without", "token"
        yield shape, "unknown", "nowhere", "token"
        for kind in ("none", "garbage", "scheme"):
            yield shape, "no-credentials", f"{shape.split('.')[0]}-1", kind


def _response(shape: str, state: str, owner: str, credential: str) -> Seen:
    photo = ".photo" in shape
    status = 401 if credential != "token" else {"present": 200, "absent": 404 if photo else 200}.get(state, 404)
    body = b"{}" if not photo or status != 200 else PNG + owner.encode()
    identity = f"{shape}/{state}/{owner}/{credential}"
    return Seen(
        id=identity,
        url=BASE_URL + SHAPES[shape].format(owner),
        status=status,
        headers={
            "content-type": "image/png" if body.startswith(PNG) else "application/json",
            "request-id": hashlib.sha256(identity.encode()).hexdigest(),
        },
        body=body,
        shape=shape,
        state=state,
        owner=owner,
        kind="plain" if credential == "token" else credential,
        caller="user-1" if credential == "token" else "",
        credential=credential,
    )


def verdict(one: Seen, requirement: str, got: str = "x", at: str = "status", **changes: Any) -> dict[str, Any]:
    """A verdict that violates, about this response."""
    variant, form, *addressing = one.shape.split(".")
    return {
        "requirement": requirement, "level": "MUST", "cites": "S8", "variant": variant, "form": form,
        "addressing": addressing[0] if addressing else None, "state": one.state, "case": one.id, "outcome": "violates",
        "findings": [{"at": at, "wanted": "200", "got": got}], "exchanges": [one.id], "blocked_by": None,
        "reason": None, **changes,
    }  # fmt: skip


def reached(seen: Iterable[Seen]) -> list[dict[str, Any]]:
    """The verdicts of owners whose response has the wrong status, and of credentials that open something."""
    found = []
    for one in seen:
        if one.state in ("present", "absent") and one.kind == "plain" and failed(one):
            name = "answers-200" if one.state == "present" else "absent-is-404"
            found.append(verdict(one, f"{'picture' if one.photo else 'metadata'}.{name}", str(one.status)))
        if one.credential != "token" and one.status == 200:
            found.append(verdict(one, f"credentials.{one.credential}-is-refused", "200", "response"))
    return found


def document(verdicts: list[dict[str, Any]], base_url: str = BASE_URL, edition: str = "v1.0-2016") -> dict[str, Any]:
    """As much of `verdicts.json` as causes look at."""
    return {"verdicts": verdicts, "edition": edition, "target": {"base_url": base_url}, "requirements": {}}


def causes(
    seen: Iterable[Seen], more: Iterable[dict[str, Any]] = (), *, base_url: str = BASE_URL, edition: str = "v1.0-2016"
) -> list[dict[str, Any]]:
    """The causes of these responses; `more` are verdicts beyond those of `reached`."""
    seen = list(seen)
    made = document([*reached(seen), *more], base_url, edition)
    return grouping.causes(made, {one.id: one for one in seen})


def changed(change: Change, where: Callable[[Seen], bool] = lambda _: True, owners: int = 3) -> list[Seen]:
    """The conforming responses, some of them changed."""
    return [change(one) if where(one) else one for one in responses(owners)]


def status(number: int, body: bytes = b"{}", **headers: str) -> Change:
    """Another status, body and headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda one: replace(one, status=number, body=body, headers={**one.headers, **named})
