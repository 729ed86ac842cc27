"""Options: where their values come from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.model import UsageProblem
from conformance.options.config import OPTIONS, Config, Option, settle
from conformance.target.target_file import checked_base_url


def test_the_command_line_wins_over_the_environment_over_the_ini_file() -> None:
    """Precedence is command line, environment, ini file, default."""
    environ = {"PHOTO_CONFORMANCE_DEADLINE": "7"}
    file = {"photo_conformance_deadline": "8"}.get

    assert 6.0 == settle({"deadline": "6"}, environ, file).deadline
    assert 7.0 == settle({}, environ, file).deadline
    assert 8.0 == settle({}, {}, file).deadline
    assert 15.0 == settle({}, {}, lambda name: None).deadline


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_has_a_variable_and_help(option: Option) -> None:
    """Each option can be given in the environment under its own name, and says what it is for."""
    name = option.flag.removeprefix("--").replace("-", "_").upper()

    assert f"PHOTO_CONFORMANCE_{name}" == option.variable
    assert len(option.help) > 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("concurrency", "0"),
        ("concurrency", "four"),
        ("deadline", "0"),
        ("deadline", "nan"),
        ("deadline", "inf"),
        ("patience", "-1"),
        ("fail_on", "may"),
        ("complete", "perhaps"),
        ("shard", "3/2"),
        ("shard", "0/2"),
        ("rate", "0"),
        ("http_header", ["X-Key=secret"]),
    ],
)
def test_a_wrong_value_says_what_was_expected(name: str, value: object) -> None:
    """A value of the wrong kind is refused in one line that begins with where it came from."""
    with pytest.raises(UsageProblem) as problem:
        settle({name: value})

    assert str(problem.value).startswith(f"--{name.replace('_', '-')}: expected ")
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_value_is_refused_wherever_it_stands(option: Option, empty: str) -> None:
    """An empty variable of a CI job must not turn a gate into a run on our own server."""
    for given, environ, ini in (
        ({option.name: empty}, {}, None),
        ({}, {option.variable: empty}, None),
        ({}, {}, empty),
    ):
        with pytest.raises(UsageProblem, match="is empty; unset it or give ") as problem:
            settle(given, environ, {option.ini: ini}.get)
        assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("given", "environ", "ini", "source"),
    [
        ("", {}, None, "--base-url"),
        ("", {"PYTEST_BASE_URL": ""}, None, "PYTEST_BASE_URL"),
        (None, {"PHOTO_CONFORMANCE_BASE_URL": " "}, None, "PHOTO_CONFORMANCE_BASE_URL"),
        (None, {}, "", "base_url in the ini file"),
    ],
)
def test_an_empty_address_is_refused(given: str | None, environ: dict[str, str], ini: str | None, source: str) -> None:
    """An address that is given, and empty, never means the embedded server."""
    with pytest.raises(UsageProblem, match=f"^{source} is empty; unset it or give URL"):
        settle({"base_url": given}, environ, {"base_url": ini}.get)


@pytest.mark.parametrize("name", ["FAILON", "EDITON", "KNOWN_DEVIATION"])
def test_a_variable_that_is_nearly_an_options_is_refused(name: str) -> None:
    """A typo would leave out what the run should be strict about; variables of the user's own are left alone."""
    settle({}, {"PHOTO_CONFORMANCE_TOKEN": "x", "PHOTO_CONFORMANCE_ADELE": "x", "OTHER_FAILON": "x"})
    with pytest.raises(UsageProblem, match=f"PHOTO_CONFORMANCE_{name} is no option's; did you mean PHOTO_CONFORMANCE_"):
        settle({}, {f"PHOTO_CONFORMANCE_{name}": "should"})


def test_an_empty_variable_of_a_header_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway's key that a CI job lacks is named."""
    monkeypatch.setenv("GATEWAY_KEY", "")

    with pytest.raises(UsageProblem, match="environment variable GATEWAY_KEY, which is empty"):
        settle({"http_header": ["X-Key=env:GATEWAY_KEY"]})


def test_a_headers_value_comes_from_the_environment_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """`NAME=env:VARIABLE` reads the variable; a value on the command line is refused without repeating it."""
    monkeypatch.setenv("GATEWAY_KEY", "s3cret-value")

    settled = settle({"http_header": ["X-Key=env:GATEWAY_KEY"]})

    assert (("X-Key", "s3cret-value"),) == settled.http_header
    with pytest.raises(UsageProblem) as problem:
        settle({"http_header": ["X-Key=s3cret-value"]})
    assert "s3cret" not in str(problem.value)


@pytest.mark.parametrize("wrong", ["X-Key=env:BROKEN", "X-Key=env:BLANK", "X Key=env:GOOD", "Authorization=env:GOOD"])
def test_a_header_that_cannot_be_sent_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line break, a blank before the value or in the name, and the suite's own header; no value is repeated."""
    for name, value in (("BROKEN", "p4ssw0rd\r\nX: y"), ("BLANK", " p4ssw0rd"), ("GOOD", "p4ssw0rd")):
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageProblem, match="--http-header: expected") as problem:
        settle({"http_header": [wrong]})
    assert "p4ssw0rd" not in str(problem.value)


def test_options_do_not_show_their_secrets() -> None:
    """Header values and the proxy's password are not in the repr."""
    assert "p4ssw0rd" not in repr(Config(http_header=(("X", "p4ssw0rd"),), http_proxy="http://u:p4ssw0rd@proxy"))


def test_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    """A recording, a CA bundle or a list of known deviations must be there."""
    for name in ("recording", "ca_bundle", "client_cert", "known_deviations"):
        with pytest.raises(UsageProblem, match="an existing file"):
            settle({name: str(tmp_path / "nosuch")})


@pytest.mark.parametrize(
    "url", ["", "graph.example", "ftp://graph.example/v1.0", "http://", "http://u:p@h/v1.0", "http://h/v1.0?a=b",
            "http://h/v1.0#f", "http://h:port/v1.0", "http://h/v 1.0", "http://h/v1.0;jsessionid=5e55",
            "http://h/v1.0%3Bsid=5e55", "http://h/key=5e55/v1.0", "http://h/v1.0;5e55",
            "http://h/eyJhbGciOiJub25lIn0.e30.c2ln/v1.0", "http://h/v1.0&sig=5e55", "http://h/v1.0?", "http://h/v1.0#",
            "https://bücher.example/v1.0"],
)  # fmt: skip
def test_a_base_url_is_checked(url: str) -> None:
    """What is no plain http(s) URL with a host is refused."""
    with pytest.raises(UsageProblem, match="--base-url: expected"):
        checked_base_url(url)


def test_a_slash_at_the_end_of_a_base_url_is_dropped() -> None:
    """The base URL is kept without a slash at its end."""
    assert "https://graph.example/v1.0" == checked_base_url("https://graph.example/v1.0/")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("http_header", "X-Key=env:{}"),
        ("http_header", "{}"),
        ("http_proxy", "http://me:{}@pro xy:8080"),
        ("http_proxy", "http://me:{}@proxy:99999"),
        ("http_proxy", "{}"),
        ("edition", "{}"),
        ("concurrency", "{}"),
        ("shard", "{}"),
        ("ca_bundle", "{}"),
    ],
)
def test_a_wrong_value_that_may_be_a_secret_is_not_repeated(option: str, value: str) -> None:
    """A token put into the wrong option stands in no message."""
    secret = "eyJhbGciOiJub25l.c2VjcmV0LW9m.AAAABBBBCCCC"
    filled = value.format(secret)
    with pytest.raises(UsageProblem) as caught:
        settle({option: [filled] if option == "http_header" else filled}, {}, lambda _: None)

    assert secret not in str(caught.value)
    assert "expected" in str(caught.value)
