"""The command `discover`: a target file on standard output, notes on standard error, and what its exit code says."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from conformance.cli import discover
from conformance.cli.discover import target_text
from conformance.model import Answer, Owner, State
from conformance.reference.default_tenant import ADELE
from conformance.spec import errors, load
from conformance.target import target_file
from conformance.target.discovery import find_out
from conformance.target.tenant import Tenant
from tests.unit.target.runs import run_on, verdicts
from tests.unit.target.targets import BASE, TOKENS, served, service


def test_a_target_file_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is valid by the schema of target files, names the token's variable, and holds no token."""
    monkeypatch.setenv("MY_TOKEN", TOKENS["ADELE_TOKEN"])
    with served() as base_url:
        code = discover.main(["--base-url", base_url, "--token-env", "MY_TOKEN"])
    output = capsys.readouterr()
    data = tomllib.loads(output.out)

    assert code == 0
    assert errors("target", data) == []
    assert data["base_url"] == base_url
    assert (data["user"][0]["id"], data["user"][0]["token"]) == (ADELE.id, {"env": "MY_TOKEN"})
    assert {"/groups: 3 groups found"} < set(output.err.splitlines())
    assert "# /groups: 3 groups found" in output.out.splitlines()
    assert TOKENS["ADELE_TOKEN"] not in output.out + output.err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "expected --base-url"),
        (["--base-url", "graph.example"], "--base-url: expected http"),
        (["--base-url", "http://127.0.0.1:9/v1.0"], "environment variable GRAPH_TOKEN, which is not set"),
        (["--base-url", "http://127.0.0.1:9", "--token-env", "NOT_SET"], "variable NOT_SET, which is not set"),
        (["--base-url", "http://127.0.0.1:9", "--deadline", "soon"], "--deadline: expected seconds"),
    ],
)
def test_wrong_usage_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], text: str
) -> None:
    """Exit code 4, and nothing on standard output."""
    monkeypatch.delenv("GRAPH_TOKEN", raising=False)
    code = discover.main(arguments)
    output = capsys.readouterr()

    assert (4, "") == (code, output.out)
    assert text in output.err
    assert len(output.err.splitlines()) == 1


def test_a_token_in_place_of_a_variable_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """What stands after --token-env by mistake may be a secret."""
    assert discover.main(["--base-url", "http://127.0.0.1:9", "--token-env", "eyJ0.canary.sig"]) == 4
    assert "canary" not in capsys.readouterr().err


@pytest.mark.parametrize("status", [401, None])
def test_a_target_that_says_nothing_is_6(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int | None
) -> None:
    """A refused token, or an unreachable target: no target file is printed."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_TOKEN"])
    with served(lambda _, answer: Answer(status) if status else answer) as base_url:
        url = base_url if status else "http://127.0.0.1:9/v1.0"
        code = discover.main(["--base-url", url])
    output = capsys.readouterr()

    assert (6, "") == (code, output.out)
    assert "no response said anything" in output.err


def test_what_was_found_without_me_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A run by the written file exercises what a run that discovers does: contacts and token are not lost."""
    monkeypatch.setenv("GRAPH_TOKEN", TOKENS["ADELE_TOKEN"])
    written = tmp_path / "target.toml"
    gone = Answer(404, (("Content-Type", "text/plain"),), b"no")
    with served(lambda request, answer: gone if request.target.partition("?")[0] == "/v1.0/me" else answer) as base_url:
        assert discover.main(["--base-url", base_url]) == 0
        written.write_text(capsys.readouterr().out, encoding="utf-8")
        found, again = (
            Counter(requirement for requirement, _, outcome, _ in verdicts(run) if outcome != "not-exercised")
            for run in (
                run_on(base_url, tmp_path, "picture"),
                run_on(base_url, tmp_path, "picture", target=str(written)),
            )
        )

    assert found == again
    assert len(found) > 3


def test_the_file_reads_back_the_same() -> None:
    """All owners of the reference directory with their awkward ids, states and contacts."""
    found = find_out(service(), target_file.parse({}).tenant, load(), BASE, lambda _: None, [])
    read = target_file.parse(tomllib.loads(target_text(found.tenant, BASE, "MY_TOKEN", found.notes)))

    assert read.base_url == BASE
    assert read.sources["user-1"].value == "MY_TOKEN"
    assert _bare(read.tenant) == _bare(found.tenant)


def _bare(tenant: Tenant) -> set[tuple[str | None, ...]]:
    return {
        (
            each.user_id,
            each.user_upn,
            each.group_id,
            each.contact_id,
            each.folder_id,
            each.state,
            str(bool(each.caller)),
        )
        for each in tenant.owners
    }


def test_a_nameless_user_is_kept_by_their_token() -> None:
    """With their contacts; an unknown state is left out, and so is a user with nothing known."""
    owners = (
        Owner("user-1", "user", caller="caller", state=State.PRESENT),
        Owner("user-1.contact-1", "contact", contact_id="c", caller="caller"),
        Owner("user-2", "user", 'a"\\b'),
        Owner("user-3", "user"),
    )
    text = target_text(Tenant(owners), BASE, "T")
    data = tomllib.loads(text)

    assert data["user"] == [{"token": {"env": "T"}, "photo": True, "contacts": [{"id": "c"}]}, {"id": 'a"\\b'}]
    assert errors("target", data) == []


def test_where_no_other_owner_is_known_there_is_a_table_to_fill_in() -> None:
    """As a comment, which the file's readers pass over."""
    text = target_text(Tenant((Owner("user-1", "user", caller="caller", state=State.PRESENT),)), BASE, "T", ("a\nb",))

    assert text.startswith("# a b\n")
    assert "# [[user]]\n# id" in text
    assert list(tomllib.loads(text)) == ["base_url", "user"]
