"""Requests that depend on an earlier response: those with its entity-tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..media.header_fields import is_entity_tag
from ..model import Exchange, Probe
from ..spec.request_kinds import OWN_TAG, PLAIN

LONGEST = 1000
"""Characters of an entity-tag that is sent back."""


def at_once(probes: Iterable[Probe]) -> list[Probe]:
    """The probes that wait for no other answer."""
    return [probe for probe in probes if probe.request_kind != OWN_TAG.name]


def afterwards(probes: Iterable[Probe], exchanges: Mapping[str, Exchange]) -> Iterator[Probe]:
    """The others, with what the earlier responses hold; none where the plain answer has no entity-tag."""
    for probe in probes:
        plain = exchanges.get(f"{probe.key.rpartition('/')[0]}/{PLAIN.name}")
        if probe.request_kind != OWN_TAG.name or plain is None or plain.answer is None:
            continue
        tag = (plain.answer.header("ETag") or "").strip()
        if is_entity_tag(tag) and len(tag) <= LONGEST:
            yield replace(probe, headers=(("If-None-Match", tag),))
