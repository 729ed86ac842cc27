"""Before anything is sent: sources of tokens are checked, and tokens do not go over plain http to other machines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.auth.tokens import SourcedTokens
from conformance.client.http_client import HttpClient
from conformance.model import UsageProblem
from conformance.options import config as suite_options
from conformance.options.config import Config
from conformance.runner import prepared
from conformance.target import target_file

FILE = {"user": [{"id": "a", "token": {"env": "T"}}]}


def options(**options: str) -> Config:
    return suite_options.settle(options, {}, lambda _: None)


def checked(url: str, data: dict[str, Any], environ: dict[str, str], **found: str) -> target_file.Target:
    who = target_file.parse(data)
    return prepared.checked(who, SourcedTokens(who.sources, environ), options(**found), url)


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.example/v1.0", "http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:80/v1.0",
        "http://localhost/v1.0", "http://mock.localhost:1",
    ],
)  # fmt: skip
def test_tokens_go_out_over_tls_or_to_loopback(url: str) -> None:
    """No third party can read the connection there."""
    assert checked(url, FILE, {"T": "token"}).tenant.default == "user-1"


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.example/v1.0",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://[::2]",
        "http://localhost.evil",
    ],
)
def test_plain_http_to_anybody_else_is_refused(url: str) -> None:
    """The line names the option that allows it; without any token there is nothing to protect."""
    with pytest.raises(UsageProblem, match="--allow-plain-http allows it"):
        checked(url, FILE, {"T": "token"})

    assert checked(url, FILE, {"T": "token"}, allow_plain_http="true").tenant.default == "user-1"
    assert checked(url, {}, {}).tenant.default is None


def test_a_proxy_reads_plain_http_too() -> None:
    """A token for a loopback target would pass through it."""
    with pytest.raises(UsageProblem, match=r"plain http to proxy\.example"):
        checked("http://127.0.0.1", FILE, {"T": "token"}, http_proxy="http://proxy.example:3128")


def test_without_any_token_there_is_no_default_caller() -> None:
    """Nothing in the file and no GRAPH_TOKEN: that is allowed."""
    assert checked("https://a", {}, {}).tenant.default is None
    assert checked("https://a", {}, {"GRAPH_TOKEN": "token"}).tenant.default == "caller"


@pytest.mark.parametrize("data", [FILE, {"identity": [{"token": {"env": "T"}}]}])
def test_a_variable_that_is_not_set_is_named(data: dict[str, Any]) -> None:
    """A token that the file names must be there, with GRAPH_TOKEN set or not."""
    with pytest.raises(UsageProblem, match="environment variable T, which is not set"):
        checked("https://a", data, {})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"http_header": (("X-Key", "p4ssw0rd"), ("x-key", "p4ssw0rd"))}, "header 'x-key' is given twice"),
        ({"ca_bundle": Path("/nowhere.pem")}, "the CA bundle cannot be used"),
        ({"client_cert": Path("/nowhere.pem")}, "the client certificate cannot be used"),
    ],
)
def test_what_no_connection_can_have_is_a_usage_problem(wrong: dict[str, Any], said: str) -> None:
    """It is refused in one line before anything is sent, without repeating what may be secret."""
    config = replace(options(), **wrong)

    def opened() -> HttpClient:
        who = target_file.parse({})
        prepared.checked(who, SourcedTokens(who.sources, {}), config, "https://a")
        return HttpClient(config)

    with pytest.raises(UsageProblem, match=said) as caught:
        opened()
    assert "p4ssw0rd" not in str(caught.value)
    assert "\n" not in str(caught.value)
