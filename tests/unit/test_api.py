"""The suite as a Python call."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import conformance
from conformance import NotConforming, check
from conformance.model import UsageProblem
from conformance.reference import embedding
from conformance.reference.embedding import Running
from conformance.reference.serving import Settings
from tests.e2e.hostile.server import serve

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def good() -> Iterator[Running]:
    with embedding.start(Settings(port=0)) as running:
        yield running


@pytest.fixture(scope="module")
def bad() -> Iterator[Running]:
    with embedding.start(Settings(port=0, faults=("property.sides-swapped",))) as running:
        yield running


def test_a_target_that_conforms_is_ok(good: Running) -> None:
    """`check` asks a target and gives a report that is ok; nothing of pytest is needed."""
    report = check(good.base_url, target=good.target, tokens=good.tokens, only="placeholder.*[user.*")

    assert report.ok
    assert () == report.violations
    assert {"placeholder"} == {one["requirement"].split(".")[0] for one in report.document["verdicts"]}
    report.raise_for_violations()


def test_violations_are_raised_in_words(bad: Running) -> None:
    """A report that is not ok has violations, and raises an AssertionError that tells each cause once."""
    report = check(bad.base_url, target=bad.target, tokens=bad.tokens, only="picture.*")

    assert not report.ok
    assert {"picture.dimensions-match-metadata"} == {one["requirement"] for one in report.violations}
    with pytest.raises(NotConforming, match="VIOLATES") as raised:
        report.raise_for_violations()
    assert isinstance(raised.value, AssertionError)


@pytest.mark.parametrize("token", ["anything", "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "a-token-of-sixteen"])
def test_a_token_that_is_no_token_by_its_looks_is_named(token: str) -> None:
    """The report says which tokens may come back unnoticed: those that are short, and those that are an id too."""
    target = {"user": [{"id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "photo": True, "token": {"env": "ADELE_TOKEN"}}]}
    with serve("echoes-token") as hostile:
        report = check(hostile.url, target=target, tokens={"ADELE_TOKEN": token}, only="error.*")

    said = [note for note in report.document["notes"] if "repeat a token was not checked" in note]
    assert bool(said) == (token != "a-token-of-sixteen")


def test_one_token_for_two_users_is_named(good: Running) -> None:
    """The report says why /me is not both."""
    tokens = {**good.tokens, "MEGAN_TOKEN": good.tokens["ADELE_TOKEN"]}
    report = check(target=good.target, tokens=tokens, only="picture.absent-is-404[me.*")

    said = "one token for user-1 and user-2, and /me is one user: give each the token of their own"
    assert (report.ok, said in report.document["notes"]) == (False, True)


def test_the_target_may_be_data(good: Running) -> None:
    """A target file may be given as data, with tokens by the variables that it names."""
    data = tomllib.loads(good.target.read_text("utf-8"))

    assert check(target=data, tokens=good.tokens, only="picture.is-a-picture[me.*").ok


def test_an_unreachable_target_is_not_ok() -> None:
    """A target that does not answer is not ok, and is raised for although nothing violates."""
    report = check("http://127.0.0.1:9/v1.0", only="credentials.*", deadline=2)

    assert (6, ()) == (report.exit_code, report.violations)
    with pytest.raises(NotConforming, match="Could not be evaluated"):
        report.raise_for_violations()


def test_report_files_are_written_on_demand(good: Running, tmp_path: Path) -> None:
    """With `reports` all report files are written, without it none."""
    check(
        good.base_url, target=good.target, tokens=good.tokens, only="http.never-5xx[me.*", reports=tmp_path / "reports"
    )

    assert {"report.html", "verdicts.json", "exchanges.har"} <= {path.name for path in (tmp_path / "reports").iterdir()}


def test_report_files_are_written_from_several_threads(good: Running, tmp_path: Path) -> None:
    """Of several calls at once, each writes its reports, and the program has its standard output back."""
    before = sys.stdout

    def call(number: int) -> int:
        folder = tmp_path / str(number)
        return check(target=good.target, tokens=good.tokens, only="unknown.is-404*", reports=folder).exit_code

    with ThreadPoolExecutor() as pool:
        codes = [*pool.map(call, range(3))]

    assert [0, 0, 0] == codes
    assert sys.stdout is before
    assert all("conforms" in (tmp_path / str(number) / "badge.json").read_text() for number in range(3))


def test_a_file_of_someone_else_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """With `reports` the folder is checked as on the command line."""
    (tmp_path / "summary.md").write_text("# Mine")
    with pytest.raises(UsageProblem, match="was not written by this suite"):
        check("http://127.0.0.1:9/v1.0", reports=tmp_path)

    assert "# Mine" == (tmp_path / "summary.md").read_text()


def test_a_report_names_people_by_labels_unless_ids_are_asked_for(bad: Running, tmp_path: Path) -> None:
    """`show_ids=True` is the option of the command line."""
    ids = [user["id"] for user in tomllib.loads(bad.target.read_text("utf-8"))["user"]]
    for name, show in (("labels", False), ("ids", True)):
        check(target=bad.target, tokens=bad.tokens, only="picture.*", reports=tmp_path / name, show_ids=show)
    named = [any(each in (tmp_path / name / "junit.xml").read_text() for each in ids) for name in ("labels", "ids")]

    assert [False, True] == named


def test_options_are_those_of_the_command_line() -> None:
    """An option that there is none of is a TypeError, a value that is none a ValueError of one line."""
    with pytest.raises(TypeError, match="no option 'editoin'"):
        check(editoin="observed")
    with pytest.raises(TypeError, match="no option 'dry_run'"):  # there is no report to return, and it must not send
        check(dry_run=True)
    with pytest.raises(ValueError, match=r"^the target file: expected a base_url"):
        check(target={"group": [{"id": "a"}]})
    with pytest.raises(UsageProblem, match=r"did you mean v1\.0-2016"):
        check(edition="v1.0-2061")
    with pytest.raises(ValueError, match="I/N"):
        check(shard=(3, 2))


def test_the_package_is_light() -> None:
    """Importing the package loads nothing of the suite, and an unknown name is an AttributeError."""
    code = "import sys, conformance; print([name for name in sys.modules if name.startswith('conformance.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]\n" == done.stdout
    with pytest.raises(AttributeError, match="nothing_such"):
        conformance.nothing_such  # noqa: B018 - the look-up is what is tested
