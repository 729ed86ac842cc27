"""Options that a conformance run does not take are answered in one line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conformance.cli.main import main
from tests.tree import ROOT

pytestmark = pytest.mark.usefixtures("at_the_root")


@pytest.fixture
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the root of a clone."""
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["-n", "2"], "--shard I/N"),
        (["-n2", "conformance/requirements/test_picture.py"], "--shard I/N"),
        (["--lf"], "select requirements with -k"),
        (["-p", "no:cacheprovider", "--lf"], "select requirements with -k"),
        (["--cache-clear"], "--cache-clear: nothing is remembered"),
        (["-p", "no:cacheprovider", "--stepwise"], "--stepwise: nothing is remembered"),
        (["-p", "no:html"], "-p pytest_html.plugin"),
        (["-p", "no:base_url"], "-p pytest_base_url.plugin"),
        (["--target="], "is empty"),
    ],
    ids=" ".join,
)
def test_what_is_not_supported_says_what_to_do(
    arguments: list[str], hint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The exit code is that of wrong usage, and nothing is collected."""
    code = pytest.main(arguments, plugins=[])
    said = capfd.readouterr()

    assert 4 == code
    assert hint in said.err
    assert 1 == len([line for line in said.err.splitlines() if line.strip()])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--token=s3cret-9f3b7e21"], ["--token", "s3cret-9f3b7e21"], ["--bearer=s3cret-9f3b7e21"],
        ["--authorization=Bearer s3cret-9f3b7e21"], ["--http-headers=X=s3cret-9f3b7e21"], ["--api-key=s3cret-9f3b7e21"],
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("command", ["pytest", "photo-conformance"])
def test_a_secret_given_to_no_option_is_not_shown(
    command: str, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """The option is named, and what to do instead."""
    code = pytest.main(["-p", "no:cacheprovider", *arguments]) if command == "pytest" else main(arguments)
    said = capfd.readouterr()

    assert 4 == code
    assert arguments[0].partition("=")[0] in said.err
    assert "GRAPH_TOKEN" in said.err
    assert "s3cret" not in said.err + said.out
    assert 1 == len([line for line in said.err.splitlines() if line.strip()])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--adele=s3cret-9f3b7e21"], "--adele: no such option"), (["--adele", "s3cret-9f3b7e21"], "--adele: no such"),
        (["--s3cret-9f3b7e21"], "not shown"), (["-Zs3cret-9f3b7e21"], "not shown"),
        (["--targt=s3cret-9f3b7e21"], "did you mean --target?"),
        (["--baseurl", "http://s3cret-9f3b7e21"], "did you mean --base-url?"),
        (["--base_url=s3cret-9f3b7e21"], "--base_url: no such option; did you mean --base-url?"),
        (["--html=page.html", "--adele=s3cret-9f3b7e21"], "--adele: no such option"),
        (["--target s3cret-9f3b7e21"], "--target: expected --target or --target=VALUE, without a blank"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
@pytest.mark.parametrize("command", ["pytest", "photo-conformance"])
def test_no_value_of_an_option_that_does_not_exist_is_shown(
    command: str, arguments: list[str], named: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """It may be a secret, whatever the option is called; one line says which option it was."""
    code = pytest.main(["-p", "no:cacheprovider", *arguments]) if command == "pytest" else main(arguments)
    said = capfd.readouterr()

    assert 4 == code
    assert named in said.err
    assert "s3cret" not in said.err + said.out
    assert 1 == len([line for line in said.err.splitlines() if line.strip()])


@pytest.mark.whole
@pytest.mark.parametrize("option", ["target", "recording", "known-deviations", "ca-bundle", "client-cert", "reports"])
@pytest.mark.parametrize("name", ["s3cret-9f3b7e21" * 20, "s3cret/" * 1000], ids=["name", "path"])
def test_a_token_in_the_place_of_a_file_is_not_shown(option: str, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A name that no file can have is refused in one line, without it."""
    code = main([f"--{option}={name}", "-k", "nothing-at-all"])
    said = capfd.readouterr()

    assert 4 == code
    assert f"--{option}: expected" in said.err
    assert "s3cret" not in said.err + said.out
    assert 1 == len([line for line in said.err.splitlines() if line.strip()])


def test_workers_may_run_the_suites_own_tests() -> None:
    """`-n` is refused for requirements alone."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "1", "tests/unit/media/test_png.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert 0 == done.returncode, done.stdout


def test_a_path_that_pytest_took_for_its_root_is_explained(pytester: pytest.Pytester) -> None:
    """`pytest --target /abs/path` says what happened where the wheel is installed."""
    target = pytester.makefile(".toml", "")
    # Hypothesis's plugin, loaded in this process and never started, would leave Hypothesis waiting for a session.
    plugins = ("-p", "no:hypothesispytest", "-p", "conformance.pytest_plugin.fixture")
    done = pytester.inline_run(*plugins, "--target", str(target), no_reraise_ctrlc=True)

    assert 4 == done.ret
