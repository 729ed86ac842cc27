"""A seeded choice of owners that has every kind of owner in it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import chain, islice, zip_longest

from ..model import Owner

PER_KIND = 50
"""Users, groups, contacts that meet every credential, caller and option; of more of them, so many are chosen."""


def chosen(owners: Iterable[Owner], size: int, seed: int) -> set[Owner]:
    """So many of the owners, the same for the same seed.

    Each sort of owner has its turn: with a photo, without, of a state that is not declared; a user, a group, a contact
    outside of folders, in one, in one inside another; asked from `/me`, by id, by userPrincipalName.
    """
    sorts: dict[tuple[object, ...], list[Owner]] = {}
    for owner in owners:
        has = (owner.caller, owner.user_id, owner.user_upn, owner.folder_id, owner.parent_id)
        sort = (owner.kind, owner.team, owner.state, *(value is not None for value in has))
        sorts.setdefault(sort, []).append(owner)
    chance = random.Random(seed)  # noqa: S311 - a choice that can be repeated, no secret
    for alike in sorts.values():
        chance.shuffle(alike)
    in_turns = (owner for owner in chain.from_iterable(zip_longest(*sorts.values())) if owner is not None)
    return set(islice(in_turns, size))


def covering(owners: Iterable[Owner], seed: int) -> dict[str, int]:
    """The owners that meet every credential, caller and option, by label: all, or so many of a kind; numbered."""
    kinds: dict[str, list[Owner]] = {}
    for owner in owners:
        if owner.size is None:
            kinds.setdefault(owner.kind, []).append(owner)
    few = [alike if len(alike) <= PER_KIND else chosen(alike, PER_KIND, seed) for alike in kinds.values()]
    labels = {owner.label for each in few for owner in each}
    return {label: number for number, label in enumerate(o.label for o in owners if o.label in labels)}
