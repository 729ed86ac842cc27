from __future__ import annotations

import time

from conformance.model import Outcome
from conformance.reporting.causes import causes, generalised, places
from tests.unit.reporting import runs


def test_one_cause_is_told_once() -> None:
    """A placeholder with a wrong tag on every path is one cause, though the tags differ from owner to owner."""
    document, exchanges = runs.run()
    found = causes(document, exchanges)
    assert [(cause.requirement, len(cause.cases), len(cause.shapes)) for cause in found] == [
        ("placeholder.etag-is-empty", 20, 10),
        ("picture.is-found", 2, 1),
        ("transport.is-whole", 4, 2),
        ("credentials.is-challenged", 40, 20),
    ]


def test_a_cause_has_an_example_and_a_curl_line() -> None:
    """One finding, one exchange and the line that repeats it stand for all."""
    document, exchanges = runs.run()
    cause = causes(document, exchanges)[0]
    assert [(each.wanted, each.got) for each in cause.findings] == [('""', '"FFFF240"')]
    assert cause.exchange in exchanges
    assert cause.curl.startswith('curl -sS -i -H "Authorization: Bearer $GRAPH_TOKEN" ')


def test_a_cause_names_what_it_blocks() -> None:
    """What could not be judged for it is counted with it, and with no other."""
    document, _ = runs.run()
    blocked = {cause.requirement: dict(cause.blocked) for cause in causes(document)}
    assert blocked["picture.is-found"]["picture.is-a-picture"] == 2
    assert blocked["placeholder.etag-is-empty"] == {}


def test_a_conforming_run_has_no_cause() -> None:
    """Nothing is told where nothing is wrong."""
    document, _ = runs.run(faulty=False)
    assert causes(document) == []


def test_known_deviations_are_grouped_on_request() -> None:
    """They are no cause to act on, so they are asked for by name."""
    document, _ = runs.run()
    assert [cause.reason for cause in causes(document, outcomes=(Outcome.KNOWN,))] == ["ticket 4711, until June"]


def test_what_differs_between_owners_is_generalised() -> None:
    """Ids, addresses and numbers do not keep two findings apart; two statuses do."""
    assert generalised("users('a')", "$") == generalised("users('b')", "$")
    assert generalised("https://h/users('a@b.c')/photo", "$") == generalised("https://h/groups('x')/photo", "$")
    assert generalised("240X240", "$") == generalised("648X648", "$")
    assert generalised("404", "status") != generalised("500", "status")
    assert generalised("image/png", "$") != generalised("image/gif", "$")


def test_generalising_hostile_text_is_quick() -> None:
    """Text made to make a pattern slow costs no time worth speaking of."""
    started = time.perf_counter()
    for text in ("a" * 100_000, "https://" + "('" * 50_000, "a@" * 50_000, "-" * 100_000):
        generalised(text, "$")
    assert time.perf_counter() - started < 0.5


def test_places_are_told_in_few_words() -> None:
    """A user's addressing is named only where one of the two is meant."""
    assert places(["me.metadata", "user.metadata.id", "user.metadata.upn", "user.photo.upn"]) == (
        "metadata of me, user; photo of user (upn)"
    )
    assert places(runs.SHAPES, runs.SHAPES) == "all 20 path shapes"
