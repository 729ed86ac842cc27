"""The plugin as a user meets it: items, outcomes, exit codes, files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suite import requests_in, server, suite, suite_alone


@pytest.mark.parametrize("arguments", [["--collect-only", "-q"], ["--help"]])
def test_looking_sends_nothing(tmp_path: Path, arguments: list[str]) -> None:
    """`--collect-only` and `--help` send no request and write no report."""
    with server(tmp_path) as running:
        outcome = suite(
            *arguments, f"--target={running.target}", reports=tmp_path / "reports", env=dict(running.tokens)
        )

    assert 0 == outcome.code
    assert [] == requests_in(tmp_path)
    assert not (tmp_path / "reports").exists()


def test_a_choice_sends_only_what_it_needs(tmp_path: Path) -> None:
    """`-k placeholder` asks for the owners alone, as it must to tell a user's key from a path, and nothing twice."""
    with server(tmp_path) as running:
        outcome = suite(
            "-q", "-k", "placeholder", f"--target={running.target}", reports=tmp_path / "r", env=dict(running.tokens)
        )

    asked = requests_in(tmp_path)
    assert 0 == outcome.code
    assert 0 < len(asked) <= 200
    named = [line for line in asked if "/me/photo" not in line]  # which two users ask, each for his own
    assert len(set(named)) == len(named)
    assert not [line for line in asked if "?" in line or "401" in line or "dead-4bad" in line]


USAGE = {
    "no-such-file": (["--target=nosuch.toml"], "nosuch.toml"),
    "unknown-edition": (["--edition=v1.0-2061"], "did you mean v1.0-2016?"),
    "no-scheme": (["--base-url=graph.example/v1.0"], "expected http"),
    "password-in-url": (["--base-url=http://u:hidden-pw@127.0.0.1/v1.0"], "no user and password"),
    "bad-number": (["--concurrency=many"], "a whole number"),
    "missing-header-variable": (["--http-header=X-Key=env:NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE"),
    "no-such-recording": (["--recording=nosuch.har"], "nosuch.har"),
    "secret-in-a-headers-name": (["--http-header=X hidden-pw=env:PATH"], "expected NAME=env:VARIABLE"),
    "bad-level": (["--fail-on=might"], "one of must, should"),
}


@pytest.mark.parametrize(("arguments", "text"), USAGE.values(), ids=USAGE.keys())
def test_a_wrong_value_is_one_clear_line(tmp_path: Path, arguments: list[str], text: str) -> None:
    """A usage error exits 4 with one line that says what was expected; no report is written, and no secret is shown."""
    outcome = suite("-q", *arguments, reports=tmp_path / "reports")

    lines = [line for line in outcome.said.splitlines() if line.strip()]
    assert 4 == outcome.code
    assert [line for line in lines if line.startswith("ERROR: ")] == lines[:1]
    assert text in lines[0]
    assert "hidden-pw" not in outcome.said
    assert not (tmp_path / "reports").exists()


def test_an_unknown_key_of_the_target_file_names_the_near_one(tmp_path: Path) -> None:
    """A misspelt key of the target file is a usage error that names the key that was meant."""
    (tmp_path / "t.toml").write_text('[[user]]\nid = "a"\nfoto = true\n')

    outcome = suite("-q", f"--target={tmp_path}/t.toml", reports=tmp_path / "reports")

    assert 4 == outcome.code
    assert "did you mean 'photo'?" in outcome.said


def test_a_missing_token_variable_is_named(tmp_path: Path) -> None:
    """A token variable that is not set is a usage error that names it, and nothing is sent."""
    with server(tmp_path) as running:
        outcome = suite("-q", f"--target={running.target}", reports=tmp_path / "reports")

    assert 4 == outcome.code
    assert "ADELE_TOKEN" in outcome.said
    assert [] == requests_in(tmp_path)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1.0", "http://no-such-host.invalid/v1.0"])
def test_an_unreachable_target_is_inconclusive(tmp_path: Path, url: str) -> None:
    """A target that cannot be reached is reported once within seconds, exits 6, and its reports are written."""
    outcome = suite("-q", f"--base-url={url}", reports=tmp_path)

    assert 6 == outcome.code
    assert {"inconclusive", "not-exercised"} >= {word for word, n in outcome.document["counts"].items() if n}
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_a_wrong_version_segment_is_said_as_what_it_is(tmp_path: Path) -> None:
    """Where every path responds 404, the base URL is suspected and no requirement is called violated."""
    with server(tmp_path) as running:
        url = running.base_url.replace("/v1.0", "/v9")
        outcome = suite(
            "-q", "-k", "answers-200 or unknown", f"--base-url={url}", f"--target={running.target}",
            reports=tmp_path / "r", env=dict(running.tokens),
        )  # fmt: skip

    assert 6 == outcome.code
    assert 0 == outcome.document["counts"]["violates"]
    assert "1. INCONCLUSIVE Every path responds 404: the base URL ends in 'v9'" in outcome.said


def test_without_any_token_credentials_alone_are_evaluated(tmp_path: Path) -> None:
    """With no token at all the chapter on credentials is checked, and the rest is reported as not exercised."""
    with server(tmp_path) as running:
        outcome = suite("-q", f"--base-url={running.base_url}", reports=tmp_path / "r")

    evaluated = {v["state"] for v in outcome.document["verdicts"] if v["outcome"] == "conforms"}
    assert 5 == outcome.code
    assert {"no-credentials"} == evaluated
    assert "No photo was looked at" in outcome.said
    assert "0 of 14 operations" in outcome.said


def test_a_target_file_without_an_address_is_no_target(tmp_path: Path) -> None:
    """Owners without an address are not silently replaced by the embedded server's."""
    (tmp_path / "target.toml").write_text('[[group]]\nid = "a"\n')
    outcome = suite("-q", f"--target={tmp_path}/target.toml", reports=tmp_path / "r")

    assert 4 == outcome.code
    assert "expected a base_url in it, or --base-url" in outcome.said
    assert not outcome.reports.exists()


def test_reports_that_cannot_be_written_are_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """A file where the folder should be is a usage error: one line, exit 4, and no request."""
    (tmp_path / "file").write_text("")
    with server(tmp_path) as running:
        outcome = suite("-q", f"--target={running.target}", reports=tmp_path / "file", env=dict(running.tokens))

    assert 4 == outcome.code
    assert "--reports: expected a folder to write to" in outcome.said
    assert "Traceback" not in outcome.said
    assert [] == requests_in(tmp_path)


FULL = "def full(*_):\n    raise OSError(28, 'No space left on device')\n"


@pytest.mark.parametrize(
    "full",
    [
        f"from conformance.reporting import html_page\n{FULL}html_page.with_head = full\n",
        "from pytest_html.basereport import BaseReport\n"
        "def half(self, rendered):\n    self._report_path.write_text('<!DOCTYPE html>')\n    full()\n"
        f"{FULL}BaseReport._write_report = half\n",
    ],
    ids=["in-our-part", "in-pytest-html"],
)
def test_a_report_that_cannot_be_written_is_exit_3(tmp_path: Path, full: str) -> None:
    """The others are written, one line says which is not, and a run that is green otherwise is not."""
    (tmp_path / "full.py").write_text(full)
    outcome = suite_alone(
        "-q", "-k", "unknown.is-404 and group", "-p", "full", reports=tmp_path / "r",
        env={"GITHUB_STEP_SUMMARY": str(tmp_path), "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip

    assert 3 == outcome.code
    assert f"not written: {tmp_path}: Is a directory" in outcome.said
    assert f"not written: {tmp_path}/r/report.html: No space left on device" in outcome.said
    assert "Traceback" not in outcome.said
    assert (outcome.reports / "badge.json").is_file()
    assert not (outcome.reports / "report.html").exists()


def test_a_warning_of_another_plugin_is_no_failure(tmp_path: Path) -> None:
    """What else is installed may warn, when pytest begins and while it runs: the exit code is the verdicts'."""
    warn = "    warnings.warn('as pytest-asyncio does', pytest.PytestDeprecationWarning)\n"
    hooks = ("pytest_configure", "pytest_runtest_logreport", "pytest_sessionfinish")
    (tmp_path / "warns.py").write_text("import pytest, warnings\n" + "".join(f"def {one}():\n{warn}" for one in hooks))
    outcome = suite_alone(
        "-q", "-k", "unknown.is-404 and group", "-p", "warns", reports=tmp_path / "r", env={"PYTHONPATH": str(tmp_path)}
    )

    assert 0 == outcome.code, outcome.said


def test_the_page_takes_no_other_reports_place(tmp_path: Path) -> None:
    """`--html` with the path of another report is a usage error, and nothing is written."""
    outcome = suite("-q", f"--html={tmp_path}/exchanges.har", reports=tmp_path)

    assert 4 == outcome.code
    assert "--html: " in outcome.said
    assert [] == list(tmp_path.iterdir())


def test_wrong_usage_leaves_the_reports_of_an_earlier_run(tmp_path: Path) -> None:
    """Before all input is checked nothing is replaced, somebody's own file never."""
    (tmp_path / "badge.json").write_text('{"label": "profilePhoto v1.0-2016"}')
    wrong = suite("-q", "--deadline=soon", reports=tmp_path)
    (tmp_path / "summary.md").write_text("# Mine")
    foreign = suite("-q", reports=tmp_path)

    assert (4, 4) == (wrong.code, foreign.code)
    assert f"{tmp_path}/summary.md was not written by this suite" in foreign.said
    assert {"badge.json", "summary.md"} == {path.name for path in tmp_path.iterdir()}


def test_a_selection_of_nothing_leaves_no_old_result(tmp_path: Path) -> None:
    """`-k` that fits no requirement exits with 5, says where the names are, and the badge of an earlier run is gone."""
    (tmp_path / "badge.json").write_text('{"label": "profilePhoto v1.0-2016", "message": "conforms"}')
    outcome = suite("-q", "-k", "nothing_is_called_this", reports=tmp_path)

    assert 5 == outcome.code
    assert "no test is selected; --collect-only -q lists their names" in outcome.said
    assert '"message": "not finished' in (tmp_path / "badge.json").read_text()


def test_departures_pass_unless_they_are_asked_to_fail(tmp_path: Path) -> None:
    """A broken SHOULD passes under its own word, and fails with `--fail-on should`."""
    chosen = ("-q", "-k", "has-www-authenticate or refused-with-401")
    with server(tmp_path, "credential.none-unchallenged") as running:
        found = (f"--target={running.target}",)
        lenient = suite(*chosen, *found, reports=tmp_path / "one", env=dict(running.tokens))
        strict = suite(*chosen, *found, "--fail-on=should", reports=tmp_path / "two", env=dict(running.tokens))

    assert (0, 1) == (lenient.code, strict.code)
    assert {"credentials.has-www-authenticate"} == lenient.bad == strict.bad
