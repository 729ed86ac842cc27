"""Known deviations: what is listed becomes known, what is stale or expired fails the run, and nothing else changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conformance.evaluation.known_deviations import Deviation, Deviations, read
from conformance.model import Cell, Finding, Form, Level, Outcome, State, UsageProblem, Verdict
from conformance.spec import load
from tests.e2e.recordings.evaluating import evaluated, prepared, written
from tests.e2e.recordings.other_tools import everything, plainly, target
from tests.suite import suite

ETAG, IS_JSON = "placeholder.etag-is-empty", "metadata.is-json"
TODAY = date(2026, 11, 23)


def verdict(outcome: Outcome, owner: str = "user-1", variant: str = "me", requirement: str = ETAG) -> Verdict:
    place = f"{variant}.metadata.absent"
    found = (Finding("$", "one", "another"),) if outcome in (Outcome.VIOLATES, Outcome.DEPARTS) else ()
    return Verdict(
        requirement, Level.MUST, "S39c", variant, Form.METADATA, None, State.ABSENT, f"{place}/{owner}", outcome, found
    )


def line(*cases: str, requirement: str = ETAG, expires: date | None = None, flaky: bool = False) -> Deviation:
    return Deviation(requirement, "the cache adds one", "photos team", cases or ("*",), expires, flaky)


def known(*lines: Deviation) -> Deviations:
    return Deviations(lines, TODAY)


@pytest.mark.parametrize("outcome", [Outcome.VIOLATES, Outcome.DEPARTS])
def test_what_is_listed_becomes_known(outcome: Outcome) -> None:
    """Its findings are kept, and its reason, owner and last day are shown."""
    before = verdict(outcome)
    (after,) = known(line(expires=date(2027, 1, 31))).applied([before])

    reason = "the cache adds one (known to photos team, until 2027-01-31)"
    assert after == replace(before, outcome=Outcome.KNOWN, reason=reason)


@pytest.mark.parametrize(
    "other",
    [
        *(verdict(outcome) for outcome in Outcome if outcome not in (Outcome.VIOLATES, Outcome.DEPARTS)),
        verdict(Outcome.VIOLATES, requirement=IS_JSON),
        verdict(Outcome.VIOLATES, variant="user"),
        verdict(Outcome.VIOLATES, owner="user-2"),
    ],
    ids=lambda other: f"{other.requirement}-{other.case}-{other.outcome}",
)
def test_nothing_else_changes(other: Verdict) -> None:
    """Other outcomes, requirements and cases stay, what is blocked by a known one among them."""
    assert known(line("me.*/user-1")).applied([other]) == [other]


@pytest.mark.parametrize("glob", ["*", "me.*", "*.absent/*", "*/user-?", "me.metadata.absent/user-1", "*[0-9]"])
def test_cases_are_globs(glob: str) -> None:
    """A star, a question mark and a set match as in a file name, across dots and slashes."""
    (after,) = known(line("unknown", glob)).applied([verdict(Outcome.VIOLATES)])

    assert after.outcome is Outcome.KNOWN


def stale(value: Deviation, *verdicts: Verdict, others: tuple[Cell, ...] = (), sampled: bool = False) -> list[str]:
    deviations = known(value)
    return deviations.stale(deviations.applied(verdicts), others, sampled=sampled)


def test_a_line_that_lists_nothing_wrong_is_stale() -> None:
    """It is reported by name, with its owner and reason."""
    assert stale(line("me.*"), verdict(Outcome.CONFORMS)) == [
        "placeholder.etag-is-empty at me.*, known to photos team (the cache adds one): "
        "nothing that it lists violates any more"
    ]


def test_a_line_that_lists_no_case_is_stale() -> None:
    """A glob that was mistyped does not hide for ever."""
    (output,) = stale(line("mee.*"), verdict(Outcome.VIOLATES))

    assert output.endswith("there is no such case")


CONFORMS, VIOLATES = verdict(Outcome.CONFORMS), verdict(Outcome.VIOLATES, "user-2")
ELSEWHERE = Cell(ETAG, next(shape for shape in load().shapes if shape.key == "group.metadata"), State.ABSENT)


@pytest.mark.parametrize(
    ("value", "verdicts", "others"),
    [
        (line(), (CONFORMS, VIOLATES), ()),
        (line(flaky=True), (CONFORMS,), ()),
        (line(requirement=IS_JSON), (CONFORMS,), ()),
        (line(), (verdict(Outcome.BLOCKED),), ()),
        (line(), (verdict(Outcome.INCONCLUSIVE),), ()),
        (line(), (verdict(Outcome.NOT_EXERCISED),), ()),
        (line("me.*/user-9"), (verdict(Outcome.NOT_EXERCISED, "none"),), ()),
        (line(), (CONFORMS,), (ELSEWHERE,)),
        (line("group.*"), (CONFORMS,), (ELSEWHERE,)),
        (line("*/group-1"), (CONFORMS,), (ELSEWHERE,)),
        (line("*group-1"), (CONFORMS,), (ELSEWHERE,)),
    ],
)
def test_a_line_that_may_still_apply_is_not_stale(
    value: Deviation, verdicts: tuple[Verdict, ...], others: tuple[Cell, ...]
) -> None:
    """One that still holds, one that comes and goes, and one about what was not selected or not evaluated."""
    assert stale(value, *verdicts, others=others) == []


def test_other_cells_that_were_not_selected_hide_no_stale_line() -> None:
    """A line about selected cells alone is stale, whatever else was left out."""
    assert len(stale(line("me.*"), CONFORMS, others=(ELSEWHERE,))) == 1


def test_what_the_target_cannot_show_hides_no_stale_line() -> None:
    """A target without an owner of some kind is evaluated by those that it has."""
    assert len(stale(line(), CONFORMS, verdict(Outcome.NOT_EXERCISED, "none", "group"))) == 1


def test_a_sample_of_the_owners_makes_no_line_stale() -> None:
    """Those that were not asked may still violate."""
    assert stale(line(), CONFORMS, sampled=True) == []


def test_an_expired_line_is_not_applied_and_is_reported() -> None:
    """On its last day a line applies; on the day after it does not, and fails the run."""
    last, gone = line(expires=TODAY), line(expires=TODAY - timedelta(days=1))

    assert [v.outcome for v in known(last).applied([VIOLATES])] == [Outcome.KNOWN]
    assert [v.outcome for v in known(gone).applied([VIOLATES])] == [Outcome.VIOLATES]
    assert stale(last, VIOLATES) == []
    assert stale(gone, VIOLATES)[0].endswith(": it expired on 2026-11-22, and is not applied")
    assert stale(gone, verdict(Outcome.CONFORMS, requirement=IS_JSON)) == []


FILE = """
[[deviation]]
requirement = "placeholder.etag-is-empty"
cases = ["user-contact.*", "group.metadata.absent/*"]
reason = "the cache adds one"
owner = "photos team"
expires = 2027-01-31
flaky = true

[[deviation]]
requirement = "metadata.is-json"
reason = "a page for humans"
owner = "gateway team"
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    """Cases, day and flakiness may be left out."""
    path = tmp_path / "known.toml"
    path.write_text(FILE)
    read_lines = read(path, [ETAG, IS_JSON])

    assert read_lines.lines == (
        line("user-contact.*", "group.metadata.absent/*", expires=date(2027, 1, 31), flaky=True),
        Deviation(IS_JSON, "a page for humans", "gateway team"),
    )
    assert read_lines.today == datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("placeholder.etag-is-empty", "placeholder.etag-empty", "did you mean placeholder.etag-is-empty?"),
        ("placeholder.etag-is-empty", "xyzzy.plugh", "there is no requirement xyzzy.plugh"),
        ("flaky = true", "flake = true", r"unknown key 'flake' in \[deviation\]; did you mean 'flaky'"),
        ("flaky = true", "q7VnX2pLr0KcYw = true", r"unknown key \(not shown: it may be a secret\) in \[deviation\]"),
        ("[[deviation]]", '"eyJ0eXAi[eyJ0eXAi" = 1\n[[deviation]]', r"unknown key \(not shown.* in the file"),
        ('owner = "photos team"', "", r"\['owner'\]: expected property `owner`"),
        ("2027-01-31", '"2027-02-31"', "a day that there is"),
        ("2027-01-31", "2027-01-31T10:00:00", "a date, YYYY-MM-DD"),
        ("[[deviation]]", "[[deviation", "not TOML"),
        ("[[deviation]]", "[[deviations]]", "deviations"),
        ("the cache", "the \ud800", "UTF-8"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_one_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    """The line names the file, what was expected, and the requirement that was probably meant."""
    path = tmp_path / "known.toml"
    path.write_text(FILE.replace(old, new), errors="surrogatepass")
    with pytest.raises(UsageProblem, match=f"known deviations .*known.toml: .*{words}") as caught:
        read(path, [ETAG, IS_JSON])

    assert "\n" not in str(caught.value)
    assert "q7Vn" not in str(caught.value)
    assert "eyJ0" not in str(caught.value)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    """The message has what the system says of it."""
    with pytest.raises(UsageProblem, match="No such file"):
        read(tmp_path / "none.toml", [])


@pytest.fixture
def recording(tmp_path: Path) -> tuple[Path, Path]:
    """A recording of a target that tells every photo's id in lower case, and its target file."""
    entries = [
        {**entry, "response": {**entry["response"], "content": _lower(entry["response"]["content"])}}
        for entry in everything(plainly)
    ]
    (tmp_path / "target.toml").write_text(target())
    return written(tmp_path, entries), tmp_path / "target.toml"


def _lower(content: dict[str, str]) -> dict[str, str]:
    return content if "encoding" in content else {**content, "text": re.sub("([0-9]{2})X", r"\1x", content["text"])}


def known_file(folder: Path, *lines: str) -> Path:
    path = folder / "known.toml"
    path.write_text("\n".join(f'[[deviation]]\nreason = "lower case"\nowner = "photos team"\n{one}' for one in lines))
    return path


SIZE = 'requirement = "metadata.id-matches-dimensions"'


@pytest.mark.whole
def test_a_known_deviation_blocks_as_before(recording: tuple[Path, Path], tmp_path: Path) -> None:
    """Only the listed verdicts change: what they block stays blocked by them."""
    har, owners = recording
    before = evaluated(recording=har, target=owners)
    after = evaluated(recording=har, target=owners, known_deviations=known_file(tmp_path, SIZE))
    changed = [(old, new) for old, new in zip(before["verdicts"], after["verdicts"], strict=True) if old != new]

    assert before["counts"]["violates"] == after["counts"]["known"] == len(changed) > 0
    assert {(old["outcome"], new["outcome"]) for old, new in changed} == {("violates", "known")}
    assert any(verdict["blocked_by"] == "metadata.id-matches-dimensions" for verdict in after["verdicts"])


def run(recording: tuple[Path, Path], known: Path, reports: Path, *arguments: str) -> tuple[int, str, list[str]]:
    """Exit code and output of the command line, and what is stale."""
    har, owners = recording
    found = (f"--recording={har}", f"--target={owners}", f"--known-deviations={known}", *arguments)
    done = suite(*found, "-rA", reports=reports)
    return done.code, done.said, done.document["about"]["stale"]


@pytest.mark.whole
def test_a_run_passes_with_its_deviations_known(recording: tuple[Path, Path], tmp_path: Path) -> None:
    """Known cells are xfailed under their own word, and the exit code is 0."""
    code, said, output = run(recording, known_file(tmp_path, SIZE), tmp_path / "reports", "-k", "id-matches-dimensions")

    assert (code, output) == (0, [])
    assert "xfailed" in said


@pytest.mark.whole
@pytest.mark.parametrize(
    ("more", "words"), [("", "nothing that it lists violates"), ("\nexpires = 2020-01-01", "expired on 2020-01-01")]
)
def test_a_stale_or_expired_line_fails_the_run(
    more: str, words: str, recording: tuple[Path, Path], tmp_path: Path
) -> None:
    """The exit code is 1, and the line is reported by name."""
    path = known_file(tmp_path, f'requirement = "metadata.is-json"{more}', SIZE)
    code, said, output = run(recording, path, tmp_path / "reports", "-k", "metadata")

    assert code == 1
    assert ["metadata.is-json" in sentence and words in sentence for sentence in output] == [True]
    assert words in said


@pytest.mark.whole
def test_a_run_of_other_cells_calls_nothing_stale(recording: tuple[Path, Path], tmp_path: Path) -> None:
    """With `-k` the lines of requirements that were not selected are left alone."""
    path = known_file(tmp_path, 'requirement = "metadata.is-json"')
    code, _, output = run(recording, path, tmp_path / "reports", "-k", "picture")

    assert (code, output) == (0, [])


def test_an_unknown_requirement_is_a_usage_error(recording: tuple[Path, Path], tmp_path: Path) -> None:
    """Exit code 4, before anything is evaluated, with the id that was probably meant."""
    path = known_file(tmp_path, 'requirement = "metadata.id-matches-dimension"')
    done = suite(f"--recording={recording[0]}", f"--known-deviations={path}", reports=tmp_path / "reports")

    assert done.code == 4
    assert "did you mean metadata.id-matches-dimensions?" in done.said


def test_without_a_file_nothing_is_stale() -> None:
    """A run without the option has no lines."""
    assert prepared(base_url="http://127.0.0.1:1/v1.0").deviations.lines == ()
