"""Which owners are evaluated: samples, shards and portions of a directory."""

from __future__ import annotations

import tomllib

import pytest

from conformance.model import Owner, State
from conformance.planning.plan import Plan, cells
from conformance.reference.default_tenant import default_tenant
from conformance.reference.target_export import target_file_text
from conformance.requirements import CATALOGUE
from conformance.spec import EDITIONS, load
from conformance.target import batches, target_file
from conformance.target.sizes import of_size
from conformance.target.tenant import Tenant
from tests.in_process import BASE_URL

pytestmark = pytest.mark.whole


def tenant(users: int = 0) -> Tenant:
    """The reference directory, as its target file tells it."""
    return target_file.parse(tomllib.loads(target_file_text(default_tenant(users), BASE_URL, EDITIONS[0]))).tenant


def planned(part: Tenant) -> set[str]:
    """Everything that is requested of a tenant."""
    plan = Plan(CATALOGUE, load(), part)
    return {probe.key for probe in plan.probes(cells(CATALOGUE, load()))}


def kinds(owners: tuple[Owner, ...]) -> set[tuple[object, ...]]:
    return {(owner.kind, owner.state, owner.folder_id is None, owner.caller is None) for owner in owners}


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    """A seed chooses the same owners in every run, another seed others, and their order stays."""
    whole = tenant(200)
    one, again, other = (batches.sampled(whole, 50, seed)[0].owners for seed in (1, 1, 2))

    assert one == again
    assert one != other
    assert 50 == len(one)
    assert one == tuple(owner for owner in whole.owners if owner in one)


def test_every_kind_of_owner_is_in_a_sample() -> None:
    """However many users there are, a small sample has each kind, state and path."""
    whole = tenant(500)

    assert kinds(whole.owners) == kinds(batches.sampled(whole, 20, 0)[0].owners)


def test_a_sample_of_more_than_there_are_is_all_owners() -> None:
    """A sample that is larger than the tenant leaves no owner out."""
    whole = tenant()

    assert whole.owners == batches.sampled(whole, 10_000, 0)[0].owners
    assert batches.sampled(Tenant(), 5, 0) == (Tenant(), ())


def test_sizes_of_a_photo_are_in_a_sample_with_the_photo() -> None:
    """The sizes of a photo count as no owner: they are in a sample where the owner of the photo is."""
    whole = tenant()
    sized = [of_size(owner, size) for owner in whole.owners for size in ("48x48", "96x96")]
    sample, notes = batches.sampled(whole.with_owners([*whole.owners, *sized]), 3, 0)

    assert batches.sampled(whole, 3, 0)[0].owners == tuple(owner for owner in sample.owners if owner.size is None)
    assert 9 == len(sample.owners)
    assert notes == (f"a sample of 3 of {len(whole.owners)} owners is evaluated (--seed 0)",)
    assert batches.sampled(sample, 3, 0) == (sample, ())


@pytest.mark.parametrize("of", [1, 2, 3, 7, 40])
def test_shards_ask_together_what_one_run_asks(of: int) -> None:
    """The shards of a run have every owner once, and what they ask is what the whole run asks."""
    whole = tenant(12)
    shards = [batches.shard(whole, number, of) for number in range(1, of + 1)]

    assert sorted(owner.label for shard in shards for owner in shard.owners) == sorted(o.label for o in whole.owners)
    assert planned(whole) == set().union(*map(planned, shards))


def test_a_user_stays_with_his_contacts() -> None:
    """An owner's family is in one shard and in one portion, for relations are between its members."""
    whole = tenant(30)
    parts = [*batches.batches(whole, 7), *(batches.shard(whole, n, 3) for n in (1, 2, 3))]
    families = [{owner.label.partition(".")[0] for owner in part.owners} for part in parts]

    assert sum(map(len, families)) == 2 * len(set().union(*families))


def test_portions_are_bounded_and_ask_the_same() -> None:
    """Portions have at most so many owners, a family that is larger aside, and ask together what the whole asks."""
    whole = tenant(40)
    parts = batches.batches(whole, 10)

    assert [part.leading for part in parts] == [True] + [False] * (len(parts) - 1)
    assert max(len(part.owners) for part in parts) <= 10
    assert planned(whole) == set().union(*map(planned, parts))


def test_few_owners_are_one_portion() -> None:
    """A directory that memory holds is not divided."""
    whole = tenant()

    assert batches.batches(whole) == [whole]


def test_portions_of_a_later_shard_lead_nowhere() -> None:
    """What one owner is asked for all is asked by the first shard alone, in its first portion."""
    parts = batches.batches(batches.shard(tenant(60), 2, 2), 10)

    assert not any(part.leading for part in parts)
    assert all(State.UNKNOWN is not owner.state for part in parts for owner in part.owners)


def test_notes_name_shards_and_counting() -> None:
    """Notes say which shard it was, how many owners that is, and that verdicts are counted."""
    whole = tenant()
    sized = [of_size(owner, "48x48") for owner in whole.owners]
    shard = batches.shard(whole.with_owners([*whole.owners, *sized]), 2, 3)

    assert [] == list(batches.notes(tenant(), None, counted=False))
    assert ["shard 2 of 3, 7 of 21 owners"] == [
        note.partition(":")[0] for note in batches.notes(shard, (2, 3), counted=False)
    ]
    assert "counted" in "".join(batches.notes(tenant(), None, counted=True))
