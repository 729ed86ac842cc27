"""Recordings as other tools write them: the reference service's answers, seen by a proxy or a browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

from conformance.auth.authorization import authorization, needs_token
from conformance.model import Answer, Probe, State
from conformance.reference.target_export import target_file_text
from tests.in_process import BASE_URL, conforming_run, few

Entry = dict[str, Any]
CLAIMS = {"oid": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "scp": "User.Read.All Group.Read.All Contacts.Read"}
TOKEN = f"eyJ0eXAiOiJKV1QifQ.{base64.urlsafe_b64encode(json.dumps(CLAIMS).encode()).decode()}.canary-c4f1d27a9b3e"
"""Stands for the default caller's token, and says whose it is; must come out nowhere."""


def target() -> str:
    """The target file of a few owners."""
    return target_file_text(few(), BASE_URL, "v1.0-2016")


def entry(url: str, answer: Answer | None, *headers: tuple[str, str], **more: Any) -> Entry:
    """An entry as most tools write it."""
    return {
        "startedDateTime": "2026-11-23T10:00:00.000Z",
        "time": 12.5,
        "request": {"method": "GET", "url": url, "headers": _pairs(headers)},
        "response": _response(answer) if answer else {"status": 0, "_error": "net::ERR_CONNECTION_REFUSED"},
        **more,
    }


def _response(answer: Answer) -> Entry:
    content: Entry = {"size": len(answer.body), "mimeType": answer.header("Content-Type") or ""}
    try:
        content["text"] = answer.body.decode("utf-8")
    except UnicodeDecodeError:
        content |= {"text": base64.b64encode(answer.body).decode(), "encoding": "base64"}
    date = ("Date", "Mon, 23 Nov 2026 10:00:00 GMT")
    return {"status": answer.status, "headers": _pairs((date, *answer.headers)), "content": content}


def _pairs(headers: tuple[tuple[str, str], ...]) -> list[Entry]:
    return [{"name": name, "value": value} for name, value in headers]


def everything(wanted: Callable[[Probe], bool] = lambda _: True, *, tokens: bool = True) -> Iterator[Entry]:
    """All that the suite asks of the reference service, as a proxy between the two writes it down.

    Every caller has a token of their own, the default caller TOKEN. Without `tokens` no entry shows any.
    """
    conforming = conforming_run()
    for probe, _, exchange in conforming.good.values():
        if wanted(probe) and exchange.answer is not None:
            caller = probe.credential.caller
            default = caller == conforming.plan.tenant.default
            token = TOKEN if default else f"opaque-token-of-{caller}"
            header = authorization(probe.credential, token if needs_token(probe.credential) else None)
            shown = [("Authorization", str(header))] if header is not None and tokens else []
            yield entry(BASE_URL + probe.target, exchange.answer, *shown, *probe.headers)


def plainly(probe: Probe) -> bool:
    """Whether a probe is asked plainly, with a good token, of an owner."""
    return probe.state in (State.PRESENT, State.ABSENT) and probe.request_kind == "plain"


def text(entries: Iterator[Entry]) -> str:
    """A HAR of these entries."""
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}})
