"""The catalogue of faults: what may be written into it, and what comes out."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from conformance.faults import FAULTS, describe, find, names
from conformance.faults.fault import at_each
from conformance.model import Answer, Place
from conformance.requirements import CATALOGUE
from tests.proof.faults.matrix import matrix, wider_matrix

SENTENCE = "It does nothing."


def _same(place: Place, answer: Answer) -> Answer:
    return answer


def _nowhere(place: Place) -> bool:
    return False


def test_there_are_enough() -> None:
    """There are hundreds of faults, and several at each of the twenty path shapes."""
    shapes = Counter(each.variety for each in FAULTS.values() if each.family == "narrow")

    assert len(FAULTS) >= 220
    assert len(shapes) == 20
    assert min(shapes.values()) >= 3


def test_names_are_slugs() -> None:
    """Names hold lower-case letters, digits, dots and hyphens alone."""
    assert [name for name in FAULTS if not re.fullmatch(r"[a-z0-9.-]+", name)] == []


def test_a_fault_speaks_for_itself() -> None:
    """Each fault has a sentence and names existing requirements, and says why if they are two."""
    for name, found in FAULTS.items():
        assert re.fullmatch(r"[A-Z`\d$][^{]{10,200}\.", found.sentence), name
        assert found.expected <= set(CATALOGUE), name
        assert bool(found.why) == (len(found.expected) == 2), name


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        ("Shouting", SENTENCE, "http.never-5xx"),
        ("family", SENTENCE, "http.never-5xx"),
        ("family.kind", "", "http.never-5xx"),
        ("family.kind", SENTENCE, []),
        ("family.kind", SENTENCE, ["http.never-5xx", "picture.answers-200"]),
        ("picture.turned", SENTENCE, "http.never-5xx"),
    ],
)
def test_a_fault_that_says_too_little_is_refused(name: str, sentence: str, expected: str | list[str]) -> None:
    """No slug, no sentence, nothing expected, two expected without a reason, a name in use: each is refused."""
    with pytest.raises(ValueError, match=re.escape(name)):
        at_each(name, sentence, {"": _nowhere}, _same, at=_nowhere, expected=expected)


def test_a_server_is_offered_what_it_can_have() -> None:
    """Failures of the transport are not offered to a server; all else is, and described."""
    offered = names()

    assert {each.family for name, each in FAULTS.items() if name not in offered} == {"transport"}
    assert describe("picture.turned") == "Pictures that are not square lie on their side."
    with pytest.raises(KeyError):
        find("transport.reset")


def test_a_fault_begins_each_run_afresh() -> None:
    """What a forgetful cache kept in one run is gone in the next."""
    shown = [
        (place, exchange.answer)
        for _, place, exchange in wider_matrix().conforming.good.values()
        if place and exchange.answer and place.shape.key == "group.photo" and exchange.answer.status == 200
    ]
    first, last = shown[0], next(each for each in shown if each[0].owner != shown[0][0].owner)

    one, other = find("relation.cached-photo.group"), find("relation.cached-photo.group")

    assert one(*first).body == one(*last).body
    assert other(*last) is last[1]


def test_a_fault_leaves_the_answers_of_other_places_alone() -> None:
    """An answer that a fault does not spoil is the very same object."""
    apply = find("picture.turned")

    left = [
        (place, exchange.answer)
        for _, place, exchange in matrix().conforming.good.values()
        if place and exchange.answer and place.shape.form == "metadata"
    ]

    assert left
    assert all(apply(place, answer) is answer for place, answer in left)
