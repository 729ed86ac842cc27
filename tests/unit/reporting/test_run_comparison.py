from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from conformance.reporting import html_page, run_comparison
from conformance.reporting.templates import rendered
from tests.unit.reporting import runs

DOCUMENT, _ = runs.run(faulty=False)


def with_first(outcome: str) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    document["verdicts"][0]["outcome"] = outcome
    return document


@pytest.mark.parametrize(
    ("before", "after", "group"),
    [
        ("conforms", "violates", "worse"),
        ("conforms", "departs", "worse"),
        ("conforms", "inconclusive", "worse"),
        ("known", "violates", "worse"),
        ("not-exercised", "violates", "newly evaluated"),
        ("blocked", "departs", "newly evaluated"),
        ("violates", "conforms", "better"),
        ("violates", "known", "better"),
        ("inconclusive", "conforms", "better"),
        ("violates", "not-exercised", "no longer evaluated"),
        ("known", "blocked", "no longer evaluated"),
    ],
)
def test_a_change_falls_into_one_group(before: str, after: str, group: str) -> None:
    """What conformed and is not evaluated any more is worse; what was wrong and is not evaluated is not better."""
    found = run_comparison.compare(with_first(before), with_first(after))
    assert [title for title, changes in found.groups.items() if changes] == [group]
    assert found.exit_code == (group == "worse")
    assert found.alike == len(DOCUMENT["verdicts"]) - 1


def test_new_and_gone_verdicts_are_listed() -> None:
    """What only one of the two runs has is neither better nor worse."""
    fewer = {**DOCUMENT, "verdicts": DOCUMENT["verdicts"][2:]}
    assert len(run_comparison.compare(fewer, DOCUMENT).groups["new"]) == 2
    assert len(run_comparison.compare(DOCUMENT, fewer).groups["gone"]) == 2
    assert run_comparison.compare(DOCUMENT, fewer).exit_code == 0


@pytest.mark.parametrize(
    ("outcome", "owner", "worse"), [("violates", "", 1), ("conforms", "", 0), ("violates", "9", 0)]
)
def test_a_new_violation_of_an_owner_who_lost_the_photo_is_worse(outcome: str, owner: str, worse: int) -> None:
    """What is due of an owner without a photo was no case before; of an owner who was not there it is just new."""
    old = next(one for one in DOCUMENT["verdicts"] if one["state"] == "present" and one["form"] == "photo")
    case = old["case"].replace(".present/", ".absent/") + owner
    new = {**old, "requirement": "picture.absent-is-404", "state": "absent", "case": case, "outcome": outcome}
    present = [one for one in DOCUMENT["verdicts"] if one["state"] == "present"]
    rest = [one for one in present if one["case"] != old["case"]]
    found = run_comparison.compare({**DOCUMENT, "verdicts": present}, {**DOCUMENT, "verdicts": [*rest, new]})

    assert (len(found.groups["worse"]), len(found.groups["new"]), found.exit_code) == (worse, 1 - worse, worse)


def test_alike_runs_change_nothing() -> None:
    """Two outcomes of one rank are alike."""
    found = run_comparison.compare(with_first("blocked"), with_first("not-exercised"))
    assert (
        str(found) == "Not worse: 0 worse, 0 newly evaluated, 0 no longer evaluated, 0 better, 0 new, 0 gone, 740 alike"
    )


def test_another_target_is_remarked_on() -> None:
    """A note says that two runs may not be comparable."""
    other = {**DOCUMENT, "target": {"base_url": "https://b"}, "edition": "observed", "interrupted": True}
    assert run_comparison.compare(DOCUMENT, other).remarks == (
        "the targets differ: https://graph.example/v1.0 and https://b",
        "the editions differ: v1.0-2016 and observed",
        "the new run: Interrupted: by then none of 29 MUST requirements violated; "
        "none of 1 SHOULD requirement departed from",
    )


def only(*chapters: str) -> dict[str, Any]:
    """A run that reached verdicts in these chapters alone, without a token."""
    document = deepcopy(DOCUMENT)
    for verdict in document["verdicts"]:
        if not verdict["requirement"].startswith(chapters):
            verdict.update(outcome="not-exercised", reason="no token is given", findings=[])
    document["target"]["callers"] = []
    return document


def with_part(verdicts: slice, number: int) -> dict[str, Any]:
    """One of two shards."""
    about = {**DOCUMENT["about"], "shard": {"number": number, "of": 2}}
    return {**DOCUMENT, "verdicts": DOCUMENT["verdicts"][verdicts], "about": about}


@pytest.mark.parametrize(
    ("old", "new", "exit_code"),
    [
        (only("credentials"), only("credentials"), 5),
        (only("credentials"), DOCUMENT, 5),
        (DOCUMENT, only("credentials"), 1),
        (only("picture"), only("metadata"), 1),
        (with_part(slice(0, 300), 1), with_part(slice(300, None), 2), 5),
        (DOCUMENT, with_part(slice(0, 300), 1), 0),
    ],
)
def test_a_comparison_rests_on_verdicts_of_both_runs(old: dict[str, Any], new: dict[str, Any], exit_code: int) -> None:
    """Runs that looked at no photo, or have no verdict in common, are not alike; and a part of a run is said to be."""
    found = run_comparison.compare(old, new)
    assert found.exit_code == exit_code
    assert str(found).startswith({0: "Not worse", 1: "Worse", 5: "Nothing to compare"}[exit_code])
    parts = [document["about"].get("shard") for document in (old, new)]
    assert ["shard" in remark for remark in found.remarks] == [True] * sum(map(bool, parts)) or exit_code


def test_every_rendering_tells_the_change() -> None:
    """Terminal, Markdown and HTML name the requirement, the case and what is there now, and obey nothing of it."""
    worse = deepcopy(DOCUMENT)
    worse["verdicts"][0].update(outcome="violates", findings=[{"at": "$", "wanted": "x", "got": runs.SCRIPT + "\x1b"}])
    found = run_comparison.compare(DOCUMENT, worse)
    page = html_page.comparison([found], [DOCUMENT, worse])
    terminal = rendered("comparison.txt", comparison=found).splitlines()
    case = worse["verdicts"][0]["case"]
    assert all(case in text for text in (page, "\n".join(terminal), rendered("comparison.md", comparison=found)))
    assert terminal[-1].startswith("Worse: 1 worse")
    assert "\x1b" not in page + "".join(terminal) + rendered("comparison.md", comparison=found)
    assert "<script" not in page + rendered("comparison.md", comparison=found)


def test_violations_stand_first() -> None:
    """Among what got worse the reader meets new violations before all else."""
    worse = deepcopy(DOCUMENT)
    for verdict, outcome in zip(worse["verdicts"], ("inconclusive", "departs", "violates"), strict=False):
        verdict["outcome"] = outcome
    assert [change.after for change in run_comparison.compare(DOCUMENT, worse).groups["worse"]] == [
        "violates", "departs", "inconclusive",
    ]  # fmt: skip


def test_several_runs_stand_side_by_side() -> None:
    """A requirement is a row, a run a column, and rows that differ come first."""
    documents = [DOCUMENT, with_first("violates"), with_first("departs")]
    first, *others = run_comparison.side_by_side(documents)
    assert [square.outcome for square in first.squares] == ["conforms", "violates", "departs"]
    assert not any(row.differs for row in others)
    page = html_page.comparison([run_comparison.compare(DOCUMENT, each) for each in documents[1:]], documents)
    assert "3 runs compared" in page
    assert page.index("picture.is-a-picture") > page.index(first.requirement)
