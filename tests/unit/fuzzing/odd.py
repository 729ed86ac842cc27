"""Servers with bugs that only odd requests trigger: faults that no planned request meets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import quote

from conformance.faults.making import JSON, SAMPLE, header, refused, sent, typed
from conformance.fuzzing.drawn_requests import Drawn, draw
from conformance.model import Answer, Exchange, Failure, FailureKind, Recording
from conformance.reference.default_tenant import default_tenant
from conformance.reference.responses_sent import ServiceRequest
from conformance.spec import EDITIONS, load
from tests.in_process import InProcessRun, conforming_run_with, few

Apply = Callable[[Answer], Answer | Failure]


@dataclass(frozen=True)
class Bug:
    """What a server does with a request that it was not made for, and the one requirement that this violates."""

    name: str
    over: Callable[[ServiceRequest, Answer], bool]
    apply: Apply
    expected: str

    def __call__(self, request: ServiceRequest, answer: Answer) -> Answer | Failure:
        return self.apply(answer) if self.over(request, answer) else answer


@cache
def _known() -> re.Pattern[str]:
    """Any id of the reference directory, as a path holds it."""
    users = default_tenant().users
    named = [user.upn for user in users]
    named += [contact.id for user in users for contact in user.contacts]
    named += [folder.id for user in users for folder in user.folders]
    return re.compile("|".join(re.escape(quote(name, safe="")) for name in named))


def path_holds(pattern: str) -> Callable[[ServiceRequest, Answer], bool]:
    """Whether the raw path holds the pattern, not counting the ids of those who live here."""
    return lambda request, _: bool(re.search(pattern, _known().sub("known", request.target.partition("?")[0])))


def query_holds(pattern: str) -> Callable[[ServiceRequest, Answer], bool]:
    """Whether the raw query holds the pattern."""
    return lambda request, _: bool(re.search(pattern, request.target.partition("?")[2]))


def field_holds(name: str, pattern: str) -> Callable[[ServiceRequest, Answer], bool]:
    """Whether the header field is there and holds the pattern."""
    return lambda request, _: bool(re.search(pattern, request.header(name) or ""))


def breakdown(answer: Answer) -> Answer:
    """500 with an error, as a server answers an exception that it did not foresee."""
    return refused(answer, 500)


def somebody(answer: Answer) -> Answer:
    """200 with metadata of no owner in particular."""
    return typed(replace(answer, status=200), json.dumps(SAMPLE).encode(), JSON)


def page(answer: Answer) -> Answer:
    """The framework's own page in place of the error."""
    return typed(answer, b"<!DOCTYPE html><title>Not Found</title>", "text/html; charset=utf-8")


def text(answer: Answer) -> Answer:
    """A line of text in place of the error."""
    return typed(answer, b"no such resource", "text/plain")


def short(answer: Answer) -> Answer:
    """An error without a message."""
    return sent(answer, {"error": {"code": "NotFound"}})


def plainly(answer: Answer) -> Answer:
    """The same, labelled as text."""
    return header(answer, "Content-Type", "text/plain") if answer.status == 200 else answer


def closed(_: Answer) -> Failure:
    """No answer: the connection is closed."""
    return Failure(FailureKind.RESET, "closed")


WHOLE, MESSAGE = "exploration.response-is-complete", "exploration.error-has-code-and-message"
TYPE = "exploration.media-type-is-documented"
NO_5XX, STATUS = "exploration.never-5xx", "exploration.status-is-documented"
NOTHING, ENVELOPE = "exploration.unknown-discloses-nothing", "exploration.error-has-envelope"

BODY = "exploration.body-is-as-described"


def mistyped(answer: Answer) -> Answer:
    """Metadata whose width is a string."""
    return sent(answer, json.loads(answer.body) | {"width": "240"}) if b'"width"' in answer.body else answer


BUGS = (
    Bug("quote-breaks-the-query", path_holds("%(27|22)"), breakdown, NO_5XX),
    Bug("slash-breaks-the-route", path_holds("%2F"), breakdown, NO_5XX),
    Bug("percent-is-decoded-twice", path_holds("%25"), breakdown, NO_5XX),
    Bug("dots-leave-the-folder", path_holds(r"/(%2E|\.)+(/|%5C|%2F)"), breakdown, NO_5XX),
    Bug("letters-are-not-ascii", path_holds("%[C-F][0-9A-F]"), breakdown, NO_5XX),
    Bug("long-id-overflows", path_holds(r"[^/]{300}"), breakdown, NO_5XX),
    Bug("control-character-breaks", path_holds("%(0[0-9A-F]|1[0-9A-F]|7F)"), breakdown, NO_5XX),
    Bug("select-in-another-order-breaks", query_holds(r"^\$select=width,id$"), breakdown, NO_5XX),
    Bug("select-is-not-ascii", query_holds(r"%[C-F][0-9A-F]"), breakdown, NO_5XX),
    Bug("client-id-is-parsed", field_holds("client-request-id", "[^0-9a-fA-F-]"), breakdown, NO_5XX),
    Bug("client-id-is-a-teapot", field_holds("client-request-id", "^.{1,3}$"), lambda a: refused(a, 418), STATUS),
    Bug("slashes-are-redirected", path_holds("%2F"), lambda a: refused(a, 302), STATUS),
    Bug("brackets-get-a-page", path_holds("%(7B|7D|5B|28)"), page, ENVELOPE),
    Bug("delimiters-get-text", path_holds("%(3F|23|26|3B)"), text, ENVELOPE),
    Bug("blank-gets-no-message", path_holds("%(20|09|C2%A0)"), short, MESSAGE),
    Bug("word-is-somebody", path_holds("/(null|NaN|true|-1|1e309|__proto__|%24[a-z]+)/"), somebody, NOTHING),
    Bug("guest-is-somebody", path_holds("%23EXT%23"), somebody, NOTHING),
    Bug("order-changes-the-type", query_holds(r"^\$select=height,\w+"), plainly, TYPE),
    Bug("client-id-changes-the-value", field_holds("client-request-id", "^.{1,5}$"), mistyped, BODY),
    Bug("client-id-cuts-the-line", field_holds("client-request-id", "[^0-9a-fA-F-]"), closed, WHOLE),
)  # fmt: skip


@cache
def drawn(edition: str = EDITIONS[0], count: int = 5, seed: int = 0) -> tuple[Drawn, ...]:
    """What is drawn for an edition."""
    return draw(load(edition), count, seed)


@cache
def explored(edition: str = EDITIONS[0], count: int = 5, seed: int = 0) -> InProcessRun:
    """A few owners, asked what is planned and what is drawn."""
    return conforming_run_with(few(edition), edition, drawn=drawn(edition, count, seed))


def with_bug(conforming: InProcessRun, bug: Bug) -> Recording:
    """The recording of a server with that bug."""
    exchanges: dict[str, Exchange] = {}
    for key, (probe, _, exchange) in conforming.good.items():
        request = ServiceRequest("GET", "/v1.0" + probe.target, tuple((k.lower(), v) for k, v in probe.headers))
        outcome = bug(request, exchange.answer) if exchange.answer else None
        if isinstance(outcome, Failure):
            exchange = replace(exchange, answer=None, failure=outcome)
        elif outcome is not None and outcome is not exchange.answer:
            exchange = replace(exchange, answer=outcome)
        exchanges[key] = exchange
    return Recording(exchanges)
