"""A whole run without HTTP: the plan of the reference directory, answered by the reference service's pure core."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from conformance.auth.authorization import authorization, needs_token
from conformance.auth.redaction import Redactor
from conformance.evaluation.evaluator import Evaluator
from conformance.fuzzing import drawn_requests as exploring
from conformance.fuzzing.drawn_requests import Drawn
from conformance.model import REDACTED, Answer, Exchange, Outcome, Place, Probe, Recording, Request, Verdict
from conformance.model.probe import HEAD
from conformance.planning.plan import Plan, afterwards, at_once, cells
from conformance.reference.default_tenant import default_tenant
from conformance.reference.entities import MockTenant
from conformance.reference.responses_sent import ServiceRequest, Stamp
from conformance.reference.service import Service
from conformance.reference.target_export import target_file_text, tokens
from conformance.requirements import CATALOGUE
from conformance.spec import load
from conformance.target import target_file
from conformance.target.discovery import detection, with_states
from conformance.target.sizes import with_sizes

BASE_URL = "http://127.0.0.1:8080/v1.0"
Fault = Callable[[Place, Answer], Answer]
TargetData = dict[str, Any]
"""A target file, as TOML is read."""


def stamp() -> Stamp:
    """The same moment and request id for every answer."""
    return Stamp(datetime(2026, 4, 24, 12, 40, 3, tzinfo=UTC), "6f9cc0ad-6f0b-4f6e-9d2e-5f0f6a1f3a77")


@dataclass(frozen=True, eq=False)
class InProcessRun:
    """A plan, and for each probe where it landed and what the conforming service answered."""

    plan: Plan
    good: dict[str, tuple[Probe, Place | None, Exchange]]

    def faulted(self, fault: Fault | None = None) -> Recording:
        """The recording, each answer passed through the fault."""
        exchanges = {}
        for key, (_, place, exchange) in self.good.items():
            if fault and place and exchange.answer:
                answer = fault(place, exchange.answer)
                exchange = replace(exchange, answer=answer) if answer is not exchange.answer else exchange
            exchanges[key] = exchange
        return Recording(exchanges)

    def evaluated(self, fault: Fault | None = None) -> list[Verdict]:
        """All verdicts on the spoilt recording."""
        evaluator = Evaluator(self.plan, self.faulted(fault))
        every = cells(self.plan.catalogue, self.plan.edition)
        return [verdict for cell in every for verdict in evaluator.verdicts(cell)]

    def named(self, fault: Fault | None = None) -> set[str]:
        """The requirements that are violated or departed from."""
        return bad(self.evaluated(fault))


def bad(verdicts: Iterable[Verdict]) -> set[str]:
    """Ids of the requirements with a verdict that violates, departs or is broken."""
    change_target = (Outcome.VIOLATES, Outcome.DEPARTS, Outcome.BROKEN)
    return {verdict.requirement for verdict in verdicts if verdict.outcome in change_target}


def few(edition: str = "v1.0-2016") -> MockTenant:
    """As few owners and callers as have every path shape in every state."""
    people = default_tenant(edition=edition)
    adele, megan, *_ = people.users
    adele = replace(adele, contacts=tuple(one for one in adele.contacts if one.key != "adele.square"))
    megan = replace(megan, contacts=megan.contacts[:1])
    chosen = {
        "User.Read",
        "Contacts.Read",
        "Mail.Read",
        "Team.ReadBasic.All",
        "ProfilePhoto.Read.All",
        "ProfilePhoto.ReadWrite.All",
    }
    callers = tuple(who for who in people.identities if who.main or who.user is None or who.scopes <= chosen)
    return replace(people, users=(adele, megan), groups=people.groups[:2], identities=callers)


@cache
def conforming_run(edition: str = "v1.0-2016", evaluated_by: str | None = None, *, odata: bool = False) -> InProcessRun:
    """Those owners served in one edition, planned and evaluated by the same or by another one."""
    return conforming_run_with(few(edition), edition, evaluated_by, odata=odata)


def conforming_run_with(
    people: MockTenant,
    edition: str = "v1.0-2016",
    evaluated_by: str | None = None,
    change_target: Callable[[TargetData], TargetData] = lambda change_target: change_target,
    *,
    odata: bool = False,
    drawn: Sequence[Drawn] = (),
    fault: Fault | None = None,
) -> InProcessRun:
    """The same for other test data; `change_target` changes the target file; `drawn` is sent as well.

    A `fault` is there from the first request on, so that the states that are learnt are those that it shows.
    """
    text = target_file_text(people, BASE_URL, edition)
    who = target_file.parse(change_target(tomllib.loads(text)))
    evaluated_by = evaluated_by or edition
    explore = max((one.number for one in drawn), default=0)
    contract, evaluating = load(evaluated_by), replace(load(evaluated_by), odata=odata, explore=explore)
    secrets = {caller: tokens(people)[source.value] for caller, source in who.sources.items()}
    service = Service(people, edition, BASE_URL, stamp)
    redactor = Redactor(("token", secret) for secret in secrets.values())
    asked: Counter[tuple[object, ...]] = Counter()
    good: dict[str, tuple[Probe, Place | None, Exchange]] = {}

    def ask(probes: Iterable[Probe]) -> dict[str, Exchange]:
        for probe in probes:
            token = secrets.get(probe.credential.caller or "") if needs_token(probe.credential) else None
            header = authorization(probe.credential, token)
            very_request = (_method(probe), probe.target, header, probe.headers)
            asked[very_request] += probe.key not in good
            if probe.key not in good:
                place, exchange = _answered(service, probe, header, asked[very_request], redactor)
                if fault and place and exchange.answer:
                    exchange = replace(exchange, answer=fault(place, exchange.answer))
                good[probe.key] = (probe, place, exchange)
        return {key: exchange for key, (_, _, exchange) in good.items()}

    pictures = detection(contract, who.tenant)
    tenant = with_sizes(ask, with_states(who.tenant, pictures, ask(pictures)), contract)
    plan = Plan(CATALOGUE, evaluating, tenant, explored=exploring.probes(drawn, contract, tenant))
    probes = plan.probes(cells(CATALOGUE, evaluating))
    ask(afterwards(probes, ask(at_once(probes))))
    return InProcessRun(plan, {probe.key: good[probe.key] for probe in probes if probe.key in good})


def _method(probe: Probe) -> str:
    return "HEAD" if probe.request_kind == HEAD.name else "GET"


def _answered(
    service: Service, probe: Probe, header: str | None, ask: int, redactor: Redactor
) -> tuple[Place | None, Exchange]:
    headers: Sequence[tuple[str, str]] = [("authorization", header)] if header is not None else []
    raw = "/v1.0" + probe.target
    method = _method(probe)
    place, answer = service.respond(ServiceRequest(method, raw, (*headers, *probe.headers)))
    request = Request(method, BASE_URL + probe.target, (("Authorization", f"Bearer {REDACTED}"),) if header else ())
    clean = replace(answer, body=b"" if method == "HEAD" else redactor.data(answer.body))
    return place and replace(place, ask=ask), Exchange(probe.key, request, clean)
