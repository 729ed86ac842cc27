"""Made-up runs for the tests of the reports: as large and as odd as real ones, the same every time."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from conformance.causes import grouping
from conformance.cli import report
from conformance.faults.places import VARIANTS
from conformance.model import REDACTED, Addressing, Finding, Form, Level, Outcome, State, Verdict
from conformance.reporting import verdicts_file

SCRIPT = "</script><img src=x onerror=\"document.title='OWNED'\"><script>document.title='OWNED'</script>"
BASE_URL = "https://graph.example/v1.0"

_CLAUSES = {
    Form.METADATA: {
        State.PRESENT: (
            ("metadata.is-found", "S15", "The metadata of an owner with a photo is answered 200."),
            ("metadata.is-json", "S32", "The media type of metadata is application/json."),
            ("metadata.is-readable", "S29b", "The body is JSON: UTF-8, one value, no NaN, no duplicate names."),
            ("metadata.is-one-object", "S29c", "The body is one object, and not wrapped in another."),
            ("metadata.id-is-text", "S30a", "`id` is there and a non-empty string."),
            ("metadata.width-is-int32", "S30b", "`width` is there and an integer of 32 bits."),
            ("metadata.height-is-int32", "S30c", "`height` is there and an integer of 32 bits."),
            ("metadata.sides-are-positive", "S30d", "`width` and `height` are at least 1."),
            ("metadata.id-matches-dimensions", "S37", "`id` is the width, the letter X and the height."),
            ("odata.context-is-a-url", "S33a", "`@odata.context` is a URL that ends in `photo/$entity`."),
            ("odata.id-is-a-url", "S34a", "`@odata.id` is a URL whose path ends in `/photo`."),
            ("odata.media-type", "S35a", "`@odata.mediaContentType` is a picture's media type."),
            ("odata.media-etag", "S36a", "`@odata.mediaEtag` is an entity-tag in a string."),
        ),
        State.ABSENT: (
            ("placeholder.is-found", "S39a", "The metadata of an owner without a photo is answered 200."),
            ("placeholder.is-a-gif", "S39b", "The placeholder's media type is image/gif."),
            ("placeholder.etag-is-empty", "S39c", "The placeholder's mediaEtag is the empty string."),
            ("placeholder.is-one-pixel", "S39e", "The placeholder is 1 wide and 1 high."),
        ),
    },
    Form.PHOTO: {
        State.PRESENT: (
            ("picture.is-found", "S8", "The photo of an owner who has one is answered 200."),
            ("picture.is-a-picture", "S27a", "The body is a picture that decodes whole."),
            ("picture.type-is-image", "S27b", "The Content-Type is there and is image/*."),
            ("picture.type-is-the-bytes-own", "S27c", "The Content-Type is the type that the bytes have."),
            ("picture.size-is-the-metadatas", "S31", "The pixels are the metadata's width and height."),
        ),
        State.ABSENT: (("picture.is-not-found", "S28", "The photo of an owner without one is answered 404."),),
    },
}
_BOTH = {
    State.PRESENT: (("transport.is-whole", "H1", "Each answer is whole, well-formed HTTP within the deadline."),),
    State.UNKNOWN: (("unknown.is-404", "N2", "An owner that does not exist is answered 404."),),
    State.NO_CREDENTIALS: (
        ("credentials.none-opens-nothing", "S24a", "Without an Authorization header nothing of a photo comes back."),
        ("credentials.garbage-opens-nothing", "S24a", "With an invented token nothing of a photo is returned."),
        ("credentials.is-401", "S24b", "A request without a good token is answered 401."),
        ("credentials.is-challenged", "S24c", "A 401 carries WWW-Authenticate."),
    ),
    State.SCOPED: (("scopes.any-one-is-enough", "S4", "Any one of the listed scopes is enough."),),
}


def shapes() -> list[tuple[str, Form, Addressing | None]]:
    """The 20 path shapes of the page."""
    return [
        (variant, form, addressing)
        for variant in VARIANTS
        for form in Form
        for addressing in ([Addressing.ID, Addressing.UPN] if variant.startswith("user") else [None])
    ]


SHAPES = [".".join(part for part in shape if part) for shape in shapes()]


def clauses(form: Form) -> dict[State, tuple[tuple[str, str, str], ...]]:
    """Requirements by state of the owner."""
    return {state: _CLAUSES[form].get(state, ()) + _BOTH.get(state, ()) for state in State}


def requirements() -> dict[str, dict[str, str]]:
    """What the document contains of the requirements."""
    result = [each for form in Form for found in clauses(form).values() for each in found]
    return {
        name: {
            "sentence": sentence,
            "level": "SHOULD" if name == "credentials.is-challenged" else "MUST",
            "cites": cites,
            "chapter": name.split(".")[0],
            "link": "https://learn.microsoft.com/graph/api/profilephoto-get?view=graph-rest-1.0",
        }
        for name, cites, sentence in result
    }


def run(
    faulty: bool = True, owners: int = 2, hostile: bool = False, copies: int = 1
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A document and its HAR entries: with several causes, or (not faulty) all conforming; `copies` makes it larger."""
    exchanges: dict[str, Any] = {}
    verdicts = []
    for variant, form, addressing in shapes():
        for state, found in clauses(form).items():
            for number in range(1, owners + 1):
                place = ".".join(part for part in (variant, form, addressing, state) if part)
                case = f"{place}/{variant}-{number}"
                identity = f"{case}/plain"
                exchanges[identity] = entry(identity, form, state, number, hostile)
                verdicts += [_verdict(each, case, identity, faulty, hostile) for each in found]
    verdicts += [
        replace(verdict, requirement=f"{verdict.requirement}-{copy}")
        for copy in range(2, copies + 1)
        for verdict in verdicts
    ]
    made = document(verdicts)
    grouping.attach(made, exchanges)
    return made, exchanges


def document(verdicts: list[Verdict], **changes: Any) -> dict[str, Any]:
    """A document of these verdicts, everything else as usual."""
    usual: dict[str, Any] = {
        "target": {
            "base_url": BASE_URL,
            "owners": [{"label": f"user-{n}", "kind": "user"} for n in (1, 2)]
            + [{"label": "group-1", "kind": "group"}],
            "callers": [{"label": "user-1", "scopes": ["Contacts.Read", "Group.Read.All", "User.ReadBasic.All"]}],
        },
        "requirements": requirements(),
        "edition": "v1.0-2016",
        "started": "2026-05-04T10:00:00Z",
        "finished": "2026-05-04T10:00:07.400000Z",
        "clauses": {"S39c": "The placeholder's tag is empty, says the page."},
        "notes": ["`photo` was found out by asking for 2 users."],
        "about": {
            "shapes": SHAPES,
            "options": {"seed": "7"},
            "run": {"commit": "0123456789abcdef0123456789abcdef01234567", "url": "https://ci.example/runs/77"},
        },
    }
    return verdicts_file.document(verdicts, {**usual, **changes})


def _verdict(clause: tuple[str, str, str], case: str, identity: str, faulty: bool, hostile: bool) -> Verdict:
    name, cites, _ = clause
    place = case.split("/")[0].split(".")
    outcome, findings, blocked_by, reason = (
        _decided(name, place, case) if faulty else (Outcome.CONFORMS, (), None, None)
    )
    if hostile and findings:
        findings = (Finding(findings[0].at, findings[0].wanted, SCRIPT + "\x1b[31m\ud800\u202e`|@all"),)
    return Verdict(
        requirement=name,
        level=Level(requirements()[name]["level"]),
        cites=cites,
        variant=place[0],
        form=Form(place[1]),
        addressing=Addressing(place[2]) if place[2] in list(Addressing) else None,
        state=State(place[-1]),
        case=case,
        outcome=outcome,
        findings=findings,
        exchanges=() if outcome is Outcome.NOT_EXERCISED else (identity,),
        blocked_by=blocked_by,
        reason=reason,
    )


def _decided(name: str, place: list[str], case: str) -> tuple[Outcome, tuple[Finding, ...], str | None, str | None]:
    number = 240 if case.endswith("1") else 648
    if place[0] == "group" and place[-1] == "scoped":
        return Outcome.NOT_EXERCISED, (), None, "no caller has Group.Read.All alone"
    if name == "placeholder.etag-is-empty":
        return Outcome.VIOLATES, (Finding("$['@odata.mediaEtag']", '""', f'"FFFF{number}"'),), None, None
    if name == "metadata.id-matches-dimensions":
        return (
            Outcome.KNOWN,
            (Finding("$['id']", f'"{number}X{number}"', '"default"'),),
            None,
            "ticket 4711, until June",
        )
    if name == "picture.is-found" and place[0] == "me-folder":
        return Outcome.VIOLATES, (Finding("status", "200", "404"),), None, None
    if place[0] == "me-folder" and name.startswith("picture.") and place[-1] == "present":
        return Outcome.BLOCKED, (), "picture.is-found", None
    if name == "credentials.is-challenged":
        return Outcome.DEPARTS, (Finding("WWW-Authenticate", "a challenge", "no such header"),), None, None
    if name == "transport.is-whole" and place[0] == "group":
        return Outcome.INCONCLUSIVE, (), None, "throttled past the patience of 120 s"
    return Outcome.CONFORMS, (), None, None


def entry(identity: str, form: Form, state: State, number: int, hostile: bool = False) -> dict[str, Any]:
    """A HAR entry as the recorder writes them."""
    variant = identity.split(".")[0]
    token = [] if state is State.NO_CREDENTIALS else [{"name": "Authorization", "value": f"Bearer {REDACTED}"}]
    status, content = _content(form, state, number, hostile)
    return {
        "_id": identity,
        "_probe": {"key": identity, "credential": {"caller": "user-1"} if token else {"kind": "none"}},
        "startedDateTime": "2026-05-04T10:00:01Z",
        "time": 3.1,
        "request": {
            "method": "GET",
            "url": f"{BASE_URL}/{variant}/{number:02d}d9fd6-1cf4-4b70-a5a9-0b2f7b7e5f4e/photo"
            + ("/$value" if form is Form.PHOTO else ""),
            "httpVersion": "HTTP/1.1",
            "headers": [
                *token,
                {"name": "client-request-id", "value": hashlib.md5(identity.encode()).hexdigest()},
                {"name": "Accept", "value": "application/json"},
            ],
        },
        "response": {
            "status": status,
            "statusText": {200: "OK", 401: "Unauthorized", 404: "Not Found"}[status],
            "httpVersion": "HTTP/1.1",
            "headers": _headers(identity, content, hostile),
            "content": content,
        },
    }


def _headers(identity: str, content: Mapping[str, Any], hostile: bool) -> list[dict[str, str]]:
    return [
        {"name": "Content-Type", "value": content["mimeType"]},
        {"name": "Cache-Control", "value": "private"},
        {"name": "Strict-Transport-Security", "value": "max-age=31536000"},
        {"name": "request-id", "value": hashlib.sha1(identity.encode()).hexdigest()},
        {
            "name": "x-ms-ags-diagnostic",
            "value": '{"ServerInfo":{"DataCenter":"West Europe","Ring":"5"}}',
        },
        {"name": "Date", "value": "Mon, 04 May 2026 10:00:01 GMT"},
        *([{"name": "X-Evil", "value": SCRIPT + "\r\n\x1b]0;owned\x07"}] if hostile else []),
    ]


def _content(form: Form, state: State, number: int, hostile: bool) -> tuple[int, dict[str, Any]]:
    if hostile:
        return 200, {"mimeType": "text/html", "text": SCRIPT + "\u202e\ud800" * 3000}
    if state is State.NO_CREDENTIALS:
        return 401, _json('{"error":{"code":"InvalidAuthenticationToken","message":"Access token is empty."}}')
    if state is State.UNKNOWN or (state is State.ABSENT and form is Form.PHOTO):
        return 404, _json('{"error":{"code":"ImageNotFound","message":"The photo wasn\'t found.","innerError":{}}}')
    if form is Form.PHOTO:
        data = picture(number)
        return 200, {"mimeType": "image/png", "encoding": "base64", "text": base64.b64encode(data).decode()}
    side = 1 if state is State.ABSENT else 240
    return 200, _json(
        f'{{"@odata.context":"{BASE_URL}/$metadata#Me/photo/$entity","@odata.id":"{BASE_URL}/Users(\'{number}\')/photo",'
        f'"@odata.mediaContentType":"image/png","@odata.mediaEtag":"\\"BA09D118\\"","id":"{side}X{side}",'
        f'"width":{side},"height":{side}}}'
    )


def _json(text: str) -> dict[str, Any]:
    return {"mimeType": "application/json;odata.metadata=minimal", "text": text}


@cache
def picture(number: int) -> bytes:
    """A small PNG, another one for each number."""
    file = io.BytesIO()
    Image.new("RGB", (48, 48), (number * 40 % 256, 90, 160)).save(file, "PNG")
    return file.getvalue()


def redraw(verdicts: Path, har: Path | None, folder: Path, *more: str) -> int:
    """All reports of a run, from its files, as the command does it; its exit code."""
    words = [str(verdicts), "--reports", str(folder), *(["--har", str(har)] if har else []), *more]
    return report.main(words)
