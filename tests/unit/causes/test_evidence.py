"""What rules see of an exchange is what the recording says of it."""

from __future__ import annotations

from conformance.causes import evidence
from conformance.model import Exchange, Probe, Recording
from conformance.recording import har_writer
from tests.in_process import conforming_run
from tests.proof.likely import seen


def test_the_recording_says_all_that_rules_look_at() -> None:
    """Shape, state, owner, kind, credential, headers and body of each request and response survive the HAR."""
    made: list[tuple[Probe, Exchange]] = [(probe, sent) for probe, _, sent in conforming_run().good.values()]
    recording = Recording({probe.key: sent for probe, sent in made})
    har = har_writer.har(recording, [probe for probe, _ in made], {})
    entries = {entry["_id"]: entry for entry in har.entries}

    found = evidence.Evidence({"verdicts": []}, evidence.seen(entries))
    expected = evidence.Evidence({"verdicts": []}, {probe.key: seen(probe, sent) for probe, sent in made})

    assert len(found.plain) == len(expected.plain) > 0
    assert found.unknown == expected.unknown
    assert found.plain == expected.plain
