"""Which owners are evaluated, and how many at a time: a sample, the shard of a run, a batch that memory holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..model import Owner
from . import sampling
from .tenant import Tenant

AT_A_TIME = 500
"""Owners that are evaluated together; with more of them what conforms is counted, and not kept."""


def sampled(tenant: Tenant, size: int | None, seed: int) -> tuple[Tenant, tuple[str, ...]]:
    """So many of the owners with the sizes of their photos, in their order, and a note that says so.

    Each kind of owner is among them, the same for the same seed. Where there are no more, the tenant as it is.
    """
    owners = [owner for owner in tenant.owners if owner.size is None]
    if size is None or len(owners) <= size:
        return tenant, ()
    chosen = {owner.label for owner in sampling.chosen(owners, size, seed)}
    sample = tenant.with_owners(owner for owner in tenant.owners if owner.person in chosen)
    return sample, (f"a sample of {size} of {len(owners)} owners is evaluated (--seed {seed})",)


def notes(own: Tenant, shard: tuple[int, int] | None, *, counted: bool) -> Iterator[str]:
    """What the reader of a run's report should know of the owners that it is about."""
    whole = own.whole
    mine, asked = (sum(owner.size is None for owner in part.owners) for part in (own, whole))
    if shard:
        yield (
            f"shard {shard[0]} of {shard[1]}, {mine} of {asked} owners: "
            "`photo-conformance merge` makes one report of all shards"
        )
    if len(whole.covering_numbers) < asked:
        yield (
            f"bad credentials, scopes, query options and unknown ids were tested with {len(whole.covering_numbers)} of "
            f"{asked} owners: of more than {sampling.PER_KIND} of a kind, {sampling.PER_KIND} (--seed {whole.seed})"
        )
    if counted:
        yield (
            f"of {len(own.owners)} owners, more than {AT_A_TIME}, verdicts that are alike and without findings are"
            " shown once and counted; exchanges.har holds the responses that verdicts name"
            + ("" if shard else ", and of all others status and SHA-256")
        )


def shard(tenant: Tenant, number: int, of: int, representing: Collection[str] = ()) -> Tenant:
    """The part of a tenant that one of several runs is about: every `of`-th user or group, with all that is theirs.

    `representing`: the families (see `Owner`) that stand for all; they are the first part's, which asks it of them.
    """
    chosen = {owner.label for owners in _groups(tenant, representing)[number - 1 :: of] for owner in owners}
    return tenant.part((owner for owner in tenant.owners if owner.label in chosen), leading=number == 1)


def batches(tenant: Tenant, size: int = AT_A_TIME, representing: Collection[str] = ()) -> list[Tenant]:
    """The tenant itself, or where it has more than so many owners, parts of it with about as many each.

    The families that stand for all are in the first part.
    """
    if len(tenant.owners) <= size:
        return [tenant]
    parts: list[list[Owner]] = [[]]
    for owners in _groups(tenant, representing):
        if parts[-1] and len(parts[-1]) + len(owners) > size:
            parts.append([])
        parts[-1] += owners
    return [tenant.part(owners, leading=tenant.leading and number == 0) for number, owners in enumerate(parts)]


def _groups(tenant: Tenant, representing: Collection[str]) -> list[list[Owner]]:
    """Owners that stay together: those of the families that stand for all, then each other family."""
    found: dict[str | None, list[Owner]] = {None: []}
    for owner in tenant.owners:
        found.setdefault(None if owner.family in representing else owner.family, []).append(owner)
    return [owners for owners in found.values() if owners]
