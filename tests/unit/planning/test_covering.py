"""The covering selection: every owner meets every credential, caller and option, at a bounded number of path shapes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache

import pytest

from conformance.model import CredentialKind, Form, Owner, Probe, State
from conformance.planning.plan import Plan, cells
from conformance.requirements import CATALOGUE
from conformance.requirements.selections import ODD_OPTIONS, SELECTS
from conformance.spec import EDITIONS, load
from conformance.target import batches, target_file
from conformance.target.sampling import PER_KIND
from conformance.target.tenant import Tenant
from tests.unit.target.test_batches import tenant

BEFORE = 1058
"""Requests of the run against the embedded server when the first owner stood for all."""


def probes(of: Tenant) -> list[Probe]:
    return Plan(CATALOGUE, load(), of).probes(cells(CATALOGUE, load()))


@cache
def embedded() -> tuple[tuple[Owner, ...], tuple[Probe, ...]]:
    whole = tenant()
    return whole.owners, tuple(probes(whole))


def met(state: State, form: Form | None = None) -> dict[str, set[object]]:
    """What is requested for each owner in a state: kinds of bad credentials, identities, options."""
    owners, asked = embedded()
    labels = {owner.label for owner in owners if owner.state is state}
    found: dict[str, set[object]] = defaultdict(set)
    for probe in asked:
        if probe.owner.label in labels and form in (None, probe.shape.form):
            bad = probe.credential.kind is not CredentialKind.TOKEN
            found[probe.owner.label].add(probe.credential.kind if bad else probe.request_kind)
    assert set(found) == labels
    return found


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("state", [State.PRESENT, State.ABSENT])
def test_every_owner_meets_every_kind_of_credential(state: State, form: Form) -> None:
    """No header, an empty token, garbage and another scheme are sent for each owner, in both forms."""
    assert all(set(CredentialKind) - {CredentialKind.TOKEN} <= kinds for kinds in met(state, form).values())


@pytest.mark.parametrize("state", [State.PRESENT, State.ABSENT])
def test_every_owner_meets_every_identity(state: State) -> None:
    """Each identity that can name an owner asks for its metadata, and for its photo where there is one."""
    identities = {f"as-identity-{number}" for number in range(1, 13)}
    forms = Form if state is State.PRESENT else [Form.METADATA]
    assert all(identities <= kinds for form in forms for kinds in met(state, form).values())


@pytest.mark.parametrize("state", [State.PRESENT, State.ABSENT])
def test_every_owner_meets_every_option(state: State) -> None:
    """`$select` in all its kinds, and what does not exist, are requested for each owner's metadata."""
    options = {kind.name for kind in (*SELECTS, *ODD_OPTIONS)}
    assert all(options <= kinds for kinds in met(state, Form.METADATA).values())


def test_every_path_shape_meets_all_of_them() -> None:
    """Each of the twenty path shapes is asked with every kind of credential, as every identity that can name it."""
    found: dict[str, set[object]] = defaultdict(set)
    for probe in embedded()[1]:
        found[probe.shape.key].add(probe.credential.kind)
        found[probe.shape.key].add(probe.credential.caller if probe.request_kind.startswith("as-") else None)
    assert len(found) == 20
    assert all(set(CredentialKind) <= kinds for kinds in found.values())
    assert min(len(kinds) for kinds in found.values()) > len(CredentialKind) + 10


def test_each_mailbox_is_asked_for_a_contact_that_it_does_not_have() -> None:
    """Beside every user with contacts an unknown contact is asked for, and where there is a folder an unknown one."""
    owners, asked = embedded()
    mailboxes = {owner.family for owner in owners if owner.kind == "contact"}
    for unknown in ("unknown-contact", "unknown-folder"):
        labels = [probe.owner for probe in asked if probe.owner.label.endswith(unknown)]
        assert {owner.family for owner in labels} == mailboxes


def test_it_costs_at_most_three_fifths_more() -> None:
    """The run against the embedded server sends at most 60 % more requests than one owner for all took."""
    assert len(embedded()[1]) <= 1.6 * BEFORE


def test_of_many_owners_fifty_of_a_kind_are_chosen_by_the_seed() -> None:
    """What the covering selection adds is bounded, the seed chooses the owners, and a note says so."""
    whole = tenant(400)
    chosen = {seed: set(replace(whole, seed=seed).covering_numbers) for seed in (0, 1)}
    users = {owner.label for owner in whole.owners if owner.kind == "user"}
    assert [len(labels & users) for labels in chosen.values()] == [PER_KIND, PER_KIND]
    assert chosen[0] != chosen[1]
    assert any("(--seed 1)" in note for note in batches.notes(replace(whole, seed=1), None, counted=False))
    assert not list(batches.notes(tenant(), None, counted=False))


def test_owners_beyond_the_choice_are_asked_plainly() -> None:
    """A user more, past fifty, costs no more than the requests that go to every owner."""
    few, more = (len(probes(tenant(users))) for users in (100, 300))
    assert few < more <= few + 200 * 8 + 100


def test_a_user_without_an_id_is_met_by_me() -> None:
    """An owner that only the signed-in user's own path names meets the identities of the same user there."""
    data = {"user": [{"token": {"env": "T"}, "upn": "u@x.example", "photo": True}],
            "identity": [{"user": "u@x.example", "token": {"env": "A"}, "scopes": ["User.Read"]}]}  # fmt: skip
    asked = {probe.key for probe in probes(target_file.parse(data).tenant)}
    assert {"me.photo/user-1/as-identity-1", "me.metadata/user-1/as-identity-1"} <= asked


@pytest.mark.parametrize("first", [list(EDITIONS), list(reversed(EDITIONS))])
def test_editions_that_are_planned_for_one_tenant_plan_as_each_alone(first: list[str]) -> None:
    """As `--edition auto` does, in any order: no edition takes over which owners another one requests where."""
    shared = tenant()
    for name in first:
        together, alone = (Plan(CATALOGUE, load(name), of).every_probe for of in (shared, tenant()))
        assert {probe.key for probe in together} == {probe.key for probe in alone}
