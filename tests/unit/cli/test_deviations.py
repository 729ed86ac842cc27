"""`deviations`: a first file of known deviations, which makes the run that it is drawn from pass."""

from __future__ import annotations

import fnmatch
import tomllib
from pathlib import Path

import pytest

from conformance.cli.deviations import draft, main
from conformance.evaluation.known_deviations import read
from conformance.model import Outcome, UsageProblem
from conformance.options.config import Config
from conformance.reporting.report_files import Destination, begin
from conformance.requirements import CATALOGUE
from conformance.runner.evaluated import unfinished
from conformance.runner.prepared import prepare
from conformance.spec import errors
from tests.unit.cli.runs import recorded
from tests.unit.reporting import runs


def test_the_file_makes_the_run_pass(bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that violates is known with it, and no line is stale."""
    assert main([str(bad / "verdicts.json"), "--owner", "photos team", "--reason", 'the "old" service']) == 0
    path = tmp_path / "known.toml"
    path.write_text(capsys.readouterr().out)
    document = recorded(tmp_path, lower=True, known_deviations=path).document()

    assert [(one.requirement, one.owner, one.reason) for one in read(path, CATALOGUE).lines] == [
        ("metadata.id-matches-dimensions", "photos team", 'the "old" service')
    ]
    assert (document["counts"]["violates"], document["about"]["stale"]) == (0, [])
    assert document["counts"]["known"] > 0


def test_a_good_run_has_none(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file of a run without deviations, named by its folder, is valid and empty."""
    assert main([str(good)]) == 0
    assert tomllib.loads(capsys.readouterr().out) == {}


def test_a_run_that_has_not_ended_has_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty file would say that nothing failed."""
    begin(Destination(tmp_path), unfinished(prepare(Config())))

    assert main([str(tmp_path)]) == 4
    assert "expected a finished run" in capsys.readouterr().err


@pytest.mark.parametrize("fail_on", ["must", "should"])
def test_what_departs_is_listed_where_it_fails(fail_on: str) -> None:
    """With `--fail-on should` departures are listed as well; hostile findings leave the file valid."""
    document, _ = runs.run(faulty=True)
    data = tomllib.loads(draft({**document, "fail_on": fail_on}, "photos team", "old"))
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


def test_a_later_regression_is_not_accepted_beforehand() -> None:
    """Each case that fails is listed by itself: no glob of the file matches another one, in this run or a later."""
    document, _ = runs.run(faulty=True)
    wrong = {(v["requirement"], v["case"]) for v in document["verdicts"] if v["outcome"] == "violates"}
    others = {(v["requirement"], v["case"]) for v in document["verdicts"]} - wrong
    listed = tomllib.loads(draft(document))["deviation"]

    def matched(cases: set[tuple[str, str]]) -> set[tuple[str, str]]:
        return {
            (name, case) for name, case in cases for line in listed
            if line["requirement"] == name and any(fnmatch.fnmatchcase(case, glob) for glob in line["cases"])
        }  # fmt: skip

    assert wrong == matched(wrong)
    assert not matched(others)
    assert not matched({(name, case.replace("/user-", "/user-9")) for name, case in wrong if "/user-" in case})


@pytest.mark.parametrize("key", ["owner", "reason"])
def test_what_is_not_filled_in_is_refused(
    key: str, bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`owner` and `reason` are left to be filled in, and a run takes the file only then."""
    given = {"owner": "photos team", "reason": "the old service", key: ""}
    assert main([str(bad / "verdicts.json"), *(f"--{name}={text}" for name, text in given.items() if text)]) == 0
    path = tmp_path / "known.toml"
    path.write_text(capsys.readouterr().out)

    with pytest.raises(UsageProblem, match=rf"\[0\]\['{key}'\]: expected text that is not blank; fill it in"):
        read(path, CATALOGUE)
