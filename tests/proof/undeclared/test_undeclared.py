"""Owners for which the target file does not say whether they have a photo: what is found, fault by fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest

from conformance.evaluation.no_evidence import NO_ROUTE
from conformance.faults.making import header, refused, typed
from conformance.model import Answer, CredentialKind, Form, Outcome, Place, State, Verdict
from conformance.planning.plan import cells
from conformance.reference.default_tenant import default_tenant
from tests.in_process import InProcessRun, TargetData, bad, conforming_run_with, few

LOCK = ("S24a", "S24b", "N1", "N2")
U1 = "undeclared.status-is-allowed"
Fault = Callable[[Place, Answer], Answer]
ALL_404, ALL_400 = (NO_ROUTE.format(status=status) for status in (404, 400))
EDITIONS = pytest.mark.parametrize("edition", ["v1.0-2016", "observed"])


def undeclared(*kinds: str) -> Callable[[TargetData], TargetData]:
    """A target file that says of these kinds of owners nothing but who they are."""

    def change(file: TargetData) -> TargetData:
        contacts = [contact for user in file["user"] for contact in user.get("contacts", [])]
        for kind, owners in {"user": file["user"], "group": file["group"], "contact": contacts}.items():
            for owner in owners if kind in kinds else ():
                owner.pop("photo", None)
        return file

    return change


def run(fault: Fault | None = None, edition: str = "v1.0-2016", kinds: tuple[str, ...] = ("group",)) -> InProcessRun:
    """A run on the reference tenant whose owners of these kinds are undeclared, with a fault from the beginning."""
    people = default_tenant(edition=edition)
    users = tuple(replace(user, contacts=user.contacts[:2] if kinds != ("group",) else ()) for user in people.users[:3])
    tenant = replace(people, users=users, identities=few(edition).identities)
    return conforming_run_with(tenant, edition, change_target=undeclared(*kinds), fault=fault)


@cache
def unfaulted(edition: str) -> InProcessRun:
    """A run without a fault, whose owners are declared."""
    return run(edition=edition, kinds=())


def at(variant: str, form: str, change: Callable[[Answer], Answer]) -> Fault:
    """A fault at a variant's plain requests with a good token, in these forms."""

    def apply(place: Place, answer: Answer) -> Answer:
        known = place.state in (State.PRESENT, State.ABSENT) and place.credential is CredentialKind.TOKEN
        hit = known and place.shape.variant == variant and place.shape.form in form.split()
        return change(answer) if hit and place.permitted and not place.query else answer

    return apply


def status(code: int) -> Callable[[Answer], Answer]:
    """Another status, with the error that belongs to it."""
    return lambda answer: refused(answer, code)


def empty(code: int) -> Callable[[Answer], Answer]:
    """Another status, and no body at all."""
    return lambda answer: header(replace(answer, status=code, body=b""), "Content-Type", None)


def garbage(answer: Answer) -> Answer:
    """200 and a text that is no picture."""
    return typed(replace(answer, status=200), b"lorem ipsum " * 20, "image/jpeg")


FAULTS: Mapping[str, tuple[Fault, set[str]]] = {
    "photo-500": (at("group", "photo", status(500)), {"http.never-5xx"}),
    "photo-302": (at("group", "photo", status(302)), {U1}),
    "photo-303": (at("group", "photo", status(303)), {U1}),
    "photo-400": (at("group", "photo", status(400)), {U1}),
    "photo-410": (at("group", "photo", status(410)), {U1}),
    "photo-418": (at("group", "photo", status(418)), {U1}),
    "photo-204": (at("group", "photo", empty(204)), {U1}),
    "photo-garbage": (at("group", "photo", garbage), {"picture.is-a-picture"}),
    "both-302": (at("group", "photo metadata", status(302)), {U1}),
    "both-500": (at("group", "photo metadata", status(500)), {"http.never-5xx"}),
    "metadata-302": (at("group", "metadata", status(302)), {"metadata.answers-200", "placeholder.status-is-expected"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wholly_broken_operation_is_found(name: str) -> None:
    """A fault at all groups, none declared with or without a photo, is named by the requirement on it."""
    fault, expected = FAULTS[name]
    found = {verdict.requirement for verdict in run(fault).evaluated() if verdict.outcome is Outcome.VIOLATES}
    assert found == expected


@EDITIONS
def test_a_conforming_server_conforms_to_undeclared_owners(edition: str) -> None:
    """Without a fault every state is learnt, nothing is violated and no cell of undeclared owners has a verdict."""
    verdicts = run(edition=edition, kinds=("user", "group", "contact")).evaluated()
    assert bad(verdicts) == set()
    assert not [verdict for verdict in verdicts if verdict.state is State.UNDECLARED]


def test_one_path_that_shows_a_picture_tells_the_state() -> None:
    """A user whose picture one path refuses is taken to have a photo at that path."""
    found = run(at("me", "photo", status(404)), kinds=("user",)).evaluated()
    assert {v.requirement for v in found if v.outcome is Outcome.VIOLATES} == {"picture.answers-200"}


def test_a_key_that_is_not_accepted_is_named_for_undeclared_users_too() -> None:
    """Where no user is found by userPrincipalName, S22a alone is violated, whatever the state of the users."""
    bad_request = at("user", "photo metadata", status(400))
    found = run(lambda place, a: bad_request(place, a) if place.shape.addressing == "upn" else a, kinds=("user",))
    assert bad(found.evaluated()) == {"relation.user-key-is-accepted"}


def test_what_an_undeclared_owner_responds_is_held_to_single_responses() -> None:
    """Errors of an owner whose state cannot be learnt are checked by E1, and repeated requests by H3."""
    page = at("group", "photo", lambda answer: typed(refused(answer, 404), b"<html>", "text/html"))

    def flaky(place: Place, answer: Answer) -> Answer:
        return at("group", "photo", status(418 if place.ask == 1 else 200))(place, answer)

    assert "error.has-envelope" in bad(run(page).evaluated())
    assert bad(run(flaky).evaluated()) == {"http.repeat-is-identical"}


def unknown_scopes(verdicts: list[Verdict]) -> set[tuple[Outcome, str | None]]:
    """What became of U1."""
    return {(verdict.outcome, verdict.reason) for verdict in verdicts if verdict.requirement == U1}


def test_a_403_counts_by_what_the_caller_holds() -> None:
    """403 violates where the caller holds a listed scope, and is inconclusive where the scopes are not known."""
    refusing = run(at("group", "photo metadata", status(403)))
    assert {outcome for outcome, _ in unknown_scopes(refusing.evaluated())} == {Outcome.INCONCLUSIVE}
    for scopes, outcome in ((("Group.Read.All",), Outcome.VIOLATES), (("User.Read",), Outcome.NOT_EXERCISED)):
        tenant = refusing.plan.tenant
        callers = tuple(
            replace(one, scopes=frozenset(scopes)) if one.label == tenant.default else one for one in tenant.callers
        )
        plan = replace(refusing.plan, tenant=replace(tenant, callers=callers))
        assert {found for found, _ in unknown_scopes(InProcessRun(plan, refusing.good).evaluated())} == {outcome}


@pytest.mark.parametrize("kind", ["group", "user", "contact"])
def test_a_403_to_every_caller_is_found_where_one_is_known_to_hold_a_scope(kind: str) -> None:
    """Undeclared owners that refuse every caller violate the clause of the scopes that an identity holds."""
    variants = {"user": ("user", "me"), "contact": ("me-contact", "user-contact")}.get(kind, (kind,))

    def refuse(place: Place, answer: Answer) -> Answer:
        hit = place.credential is CredentialKind.TOKEN and place.permitted and place.state is not State.UNKNOWN
        return refused(answer, 403) if hit and place.shape.variant in variants else answer

    verdicts = run(refuse, kinds=(kind,)).evaluated()
    assert {v.requirement for v in verdicts if v.outcome is Outcome.VIOLATES} == {"permission.one-scope-is-enough"}


def everywhere(code: int, body: bytes | None = None) -> Callable[[Place, Answer], Answer]:
    """Every request about a group responds with one and the same error, whatever is asked."""

    def apply(place: Place, answer: Answer) -> Answer:
        if place.shape.variant not in ("group", "team", "group-size", "group-sizes"):
            return answer
        return refused(answer, code) if body is None else typed(replace(answer, status=code), body, "text/html")

    return apply


@pytest.mark.parametrize("body", [None, b"<!DOCTYPE html><pre>Cannot GET /v1.0/groups</pre>", b""])
def test_a_route_that_is_404_for_all_ids_has_shown_nothing(body: bytes | None) -> None:
    """Where known and unknown groups are the same 404, what a 404 satisfies is not exercised, and says why."""
    verdicts = run(everywhere(404, body)).evaluated()
    silent = [v for v in verdicts if v.variant == "group" and v.reason == ALL_404]
    assert {v.outcome for v in silent} == {Outcome.NOT_EXERCISED}
    assert {v.cites for v in silent if v.form is Form.PHOTO} >= {"S28", "N1", "N2", "S24a"}
    assert {v.requirement for v in verdicts if v.outcome is Outcome.VIOLATES} == {"placeholder.status-is-expected"}
    departs = {v.requirement for v in verdicts if v.outcome is Outcome.DEPARTS}
    assert departs == (set() if body is None else {"error.has-envelope"})
    observed = run(everywhere(404, body), edition="observed").evaluated()
    assert not [v for v in observed if v.outcome is Outcome.VIOLATES and v.variant == "group"]
    assert [v for v in observed if v.cites == "S39a" and v.variant == "group" and v.reason == ALL_404]


def test_unknown_ids_that_are_another_404_show_the_route() -> None:
    """Where an unknown group has another error code than one without a photo, the route exists."""

    def absent(place: Place, answer: Answer) -> Answer:
        known = place.shape.variant == "group" and place.state is not State.UNKNOWN
        asked = place.credential is CredentialKind.TOKEN and place.permitted
        return refused(answer, 404) if known and asked else answer

    verdicts = run(absent, edition="observed").evaluated()
    assert not [v for v in verdicts if v.reason == ALL_404 and v.variant == "group"]


def without_groups(file: TargetData) -> TargetData:
    """A target file that names no group, so that only made-up ids of groups are requested."""
    return {**file, "group": [], "unknown": {}}


@pytest.mark.parametrize("reason", [ALL_404, ALL_400])
def test_made_up_ids_alone_show_no_route(reason: str) -> None:
    """Where only unknown ids were requested, and all are refused alike, nothing of it conforms, and it says why."""
    fault = everywhere(404) if reason == ALL_404 else everywhere(400)
    few = replace(default_tenant(), users=default_tenant().users[:2])
    verdicts = conforming_run_with(few, change_target=without_groups, fault=fault).evaluated()
    unknown = [v for v in verdicts if v.variant == "group" and v.state is State.UNKNOWN]
    assert {(v.outcome, v.reason) for v in unknown} == {(Outcome.NOT_EXERCISED, reason)}
    assert {v.cites for v in unknown} >= {"N1", "N2", "H1", "H2", "E1"}
    assert not [v for v in verdicts if v.reason == reason and v.variant != "group"]


def test_unknown_ids_of_several_kinds_show_the_route() -> None:
    """Where an unknown mailbox has another error code than an unknown contact in a known one, the route exists."""

    def without_contacts(file: TargetData) -> TargetData:
        return {**file, "user": [{**user, "contacts": []} for user in file["user"]]}

    verdicts = conforming_run_with(default_tenant(), change_target=without_contacts).evaluated()
    outcomes = {v.variant: v.outcome for v in verdicts if v.cites == "N2" and "contact" in v.variant}
    assert outcomes == {"user-contact": Outcome.CONFORMS, "me-contact": Outcome.NOT_EXERCISED}


def single_caller(code: str) -> list[Verdict]:
    """The verdicts on S28 at `/me`, whose only caller has no photo, where its 404 has this error code."""
    megan = replace(default_tenant(), users=(default_tenant().users[1],))
    megan = replace(megan, identities=tuple(one for one in megan.identities if one.user == megan.users[0].id))

    def coded(place: Place, answer: Answer) -> Answer:
        hit = place.shape.variant == "me" and answer.status == 404
        return replace(answer, body=answer.body.replace(b"ImageNotFound", code.encode())) if hit else answer

    verdicts = conforming_run_with(megan, fault=coded).evaluated()
    return [v for v in verdicts if v.cites == "S28" and v.variant == "me"]


def test_a_path_without_an_id_is_held_to_what_unknown_ids_return() -> None:
    """At `/me` a 404 shows the route unless ids that do not exist return the same elsewhere."""
    assert {v.outcome for v in single_caller("ImageNotFound")} == {Outcome.CONFORMS}
    assert {v.reason for v in single_caller("Request_ResourceNotFound")} == {ALL_404}


def test_a_selection_brings_the_request_that_shows_the_route() -> None:
    """The cells that a 404 satisfies bring a request for another owner at their path: with a photo, or unknown."""
    plan = run(kinds=()).plan
    states = {
        cell.requirement: {probe.state for probe in plan.probes([cell])}
        for cell in cells(plan.catalogue, plan.edition)
        if cell.requirement in ("picture.absent-is-404", "unknown.discloses-nothing") and cell.variant == "user"
    }
    assert {state - {State.NO_CREDENTIALS} >= {State.PRESENT} for state in states.values()} == {True}


@pytest.mark.parametrize(("code", "declared"), [(400, True), (409, False), (501, True), (501, False)])
def test_a_user_without_a_mailbox_is_no_violation_where_another_user_has_one(code: int, declared: bool) -> None:
    """In `observed`, a user whose every response is one 4xx or 501 is not checked for a photo's states, nor for S5b."""
    edition, label = "observed", "user-3"
    good = unfaulted(edition)
    state = next(owner.state for owner in good.plan.tenant.owners if owner.label == label)
    mailbox = {place.owner for probe, place, _ in good.good.values() if place and probe.owner.label == label}

    def no_mailbox(place: Place, answer: Answer) -> Answer:
        hit = place.owner in mailbox and place.state is not State.UNKNOWN and place.shape.variant in ("me", "user")
        return refused(answer, code) if hit and place.credential is CredentialKind.TOKEN else answer

    kinds = () if declared and state is State.ABSENT else ("user",)
    verdicts = run(no_mailbox, edition, kinds).evaluated()
    reasons = {(v.outcome, v.requirement) for v in verdicts if v.reason and "no mailbox" in v.reason}
    assert not [v for v in verdicts if v.outcome in (Outcome.VIOLATES, Outcome.DEPARTS) and label in v.case]
    assert (Outcome.NOT_EXERCISED, U1) in reasons or (Outcome.NOT_EXERCISED, "picture.absent-is-404") in reasons


def test_a_path_that_refuses_the_permitted_caller_says_nothing_of_the_lock() -> None:
    """Where a good token is 404 as well, S24a, S24b, N1 and N2 are blocked by the path."""
    verdicts = run(everywhere(404), kinds=()).evaluated()
    lock = [v for v in verdicts if v.cites in LOCK and (v.variant, v.form) == ("group", "photo")]
    assert {v.blocked_by for v in lock if v.outcome is Outcome.BLOCKED} == {"picture.answers-200"}
    assert {v.reason for v in lock if v.outcome is not Outcome.BLOCKED} <= {ALL_404}


def test_a_lock_that_is_open_for_one_owner_owns_the_others_too() -> None:
    """S24b is blocked by S24a for the same kind of credential at the same path shape, for all owners."""

    def open_to_all(place: Place, answer: Answer) -> Answer:
        if place.credential is not CredentialKind.NONE or place.shape.variant != "group":
            return answer
        if place.state is State.PRESENT:
            return replace(answer, status=200, body=b"{}")
        return refused(answer, 404)

    verdicts = run(open_to_all, kinds=()).evaluated()
    assert {v.cites for v in verdicts if v.outcome is Outcome.VIOLATES} == {"S24a"}
