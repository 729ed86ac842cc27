"""`deviations`: a first file of known deviations, which makes the run that it is drawn from pass."""

from __future__ import annotations

import fnmatch
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.cli.deviations import draft, globs, main
from conformance.evaluation.known_deviations import read
from conformance.model import Outcome
from conformance.requirements import CATALOGUE
from conformance.spec import errors
from tests.unit.cli.runs import recorded
from tests.unit.reporting import runs


def test_the_file_makes_the_run_pass(bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that violates is known with it, and no line is stale."""
    assert main([str(bad / "verdicts.json"), "--owner", "photos team", "--reason", 'the "old" service']) == 0
    path = tmp_path / "known.toml"
    path.write_text(capsys.readouterr().out)
    document = recorded(tmp_path, lower=True, known_deviations=path).document()

    assert [(one.requirement, one.cases, one.owner, one.reason) for one in read(path, CATALOGUE).lines] == [
        ("metadata.id-matches-dimensions", ("*",), "photos team", 'the "old" service')
    ]
    assert (document["counts"]["violates"], document["about"]["stale"]) == (0, [])
    assert document["counts"]["known"] > 0


def test_a_good_run_has_none(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file of a run without deviations is valid and empty."""
    assert main([str(good / "verdicts.json")]) == 0
    assert tomllib.loads(capsys.readouterr().out) == {}


@pytest.mark.parametrize("fail_on", ["must", "should"])
def test_what_departs_is_listed_where_it_fails(fail_on: str) -> None:
    """With `--fail-on should` departures are listed as well; hostile findings leave the file valid."""
    document, _ = runs.run(faulty=True)
    data = tomllib.loads(draft({**document, "fail_on": fail_on}, "nobody yet"))
    failing = {Outcome.VIOLATES, Outcome.DEPARTS} if fail_on == "should" else {Outcome.VIOLATES}
    wrong = {verdict["requirement"] for verdict in document["verdicts"] if verdict["outcome"] in failing}

    assert errors("deviations", data) == []
    assert {line["requirement"] for line in data["deviation"]} == wrong


@pytest.mark.parametrize("reason", ['a"b\\c\nd\0e\x7f\u202e\ud800😀', "ends with \\"])
def test_any_text_is_written_as_toml(reason: str) -> None:
    """Quotes, controls and halves of pairs are escaped."""
    document, _ = runs.run(faulty=True)
    text = draft(document, reason, reason).encode().decode()

    assert all(line["owner"] for line in tomllib.loads(text)["deviation"])


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        (["me.photo.present/user-1"], [], ["*"]),
        (["me.photo.present/user-1"], ["me.metadata.present/user-1"], ["*.photo.*"]),
        (["user.photo.id.present/user-1", "user.photo.upn.present/user-1"], ["me.photo.present/user-1"], ["user.*"]),
        (["user.photo.id.present/user-1"], ["user.photo.id.present/user-2"], ["*/user-1"]),
        (["user.photo.id.absent/user-1"], ["user.photo.id.present/user-1"], ["*.absent/*"]),
        (
            ["user.photo.upn.present/user-1", "user.metadata.upn.present/user-2"],
            ["user.photo.id.present/user-1", "user.metadata.id.present/user-2"],
            ["*.upn.*"],
        ),
        (
            ["me.photo.present/user-1", "group.photo.present/group-1"],
            ["user.photo.id.present/user-1", "me.metadata.present/user-1", "group.metadata.present/group-1"],
            ["group.photo.*", "me.photo.*"],
        ),
        (["a.b.c/d"], ["a.b.c/d"], ["*"]),
        (["no slash"], [], ["*"]),
    ],
)
def test_globs_are_as_short_as_is_right(wrong: list[str], right: list[str], expected: list[str]) -> None:
    """They are generalised as far as every exercised case that they match violates, and no further."""
    assert globs(wrong, right) == expected


WORDS = st.sampled_from(["me", "user", "user-contact", "photo", "id", "upn", "present", "absent", "u[1]", "*", ""])
CASES = st.builds(lambda place, owner: f"{'.'.join(place)}/{owner}", st.lists(WORDS, max_size=4), WORDS)


@given(st.lists(CASES, max_size=12), st.lists(CASES, max_size=12))
def test_globs_match_every_wrong_case_and_no_right_one(wrong: list[str], right: list[str]) -> None:
    """Whatever the cases look like, a drawn-up line hides nothing that conforms."""
    chosen = globs(wrong, right)

    def matched(cases: list[str]) -> set[str]:
        return {case for case in cases if any(fnmatch.fnmatchcase(case, glob) for glob in chosen)}

    assert matched(wrong) == set(wrong)
    assert matched(right) <= set(wrong)
