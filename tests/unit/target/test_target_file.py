"""The target file: what it tells, and that every mistake in it gives one clear line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from conformance.auth.authorization import TokenSource
from conformance.model import Caller, Owner, State, UsageProblem
from conformance.target.target_file import parse, read

SECRET = "canary-9f3b7e21-token"

WHOLE = """
base_url = "https://graph.example/v1.0"
edition = "v1.0-2023"

[[user]]
id = "u-1"
upn = "adele@contoso.example"
token = { env = "ADELE_TOKEN" }
photo = { sha256 = "%s" }
contacts = [
  { id = "c-1", photo = true },
  { id = "c-2", photo = false, folder = "f-1" },
  { id = "c-3" },
]

[[user]]
upn = "megan@contoso.example"
token = { command = ["get-token", "megan"] }
photo = false

[[group]]
id = "g-1"
photo = true

[[identity]]
user = "ADELE@contoso.example"
token = { env = "READ_ONLY" }
scopes = ["User.Read"]

[[identity]]
token = { azure = { tenant_id = "t" } }

[[identity]]
user = "other@contoso.example"
token = { env = "OTHER" }

[unknown]
user = "unknown"
""" % ("AB" * 32)

AZURE = "[[user]]\nid='a'\n[user.token.azure]\n"


def written(tmp_path: Path, text: str | bytes) -> Path:
    """A file of that text."""
    file = tmp_path / "target.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_target_file_lists_the_owners(tmp_path: Path) -> None:
    """Owners are labelled by number, in the file's order, with what is known of their photos."""
    target = read(written(tmp_path, WHOLE))
    assert (target.base_url, target.edition) == ("https://graph.example/v1.0", "v1.0-2023")
    first, *_ = target.tenant.owners
    assert first == Owner(
        "user-1", "user", "u-1", "adele@contoso.example", caller="user-1", state=State.PRESENT, sha256="AB" * 32
    )
    assert [(o.label, o.kind, o.contact_id, o.folder_id, o.state) for o in target.tenant.owners[1:]] == [
        ("user-1.contact-1", "contact", "c-1", None, State.PRESENT),
        ("user-1.contact-2", "contact", "c-2", "f-1", State.ABSENT),
        ("user-1.contact-3", "contact", "c-3", None, None),
        ("user-2", "user", None, None, State.ABSENT),
        ("group-1", "group", None, None, State.PRESENT),
    ]
    assert target.tenant.unknown == {"user": "unknown"}


def test_a_target_file_lists_the_callers(tmp_path: Path) -> None:
    """The first user with a token is the default caller; identities are found among the users, or are others."""
    target = read(written(tmp_path, WHOLE))
    assert target.tenant.default == "user-1"
    assert target.tenant.identities == ("identity-1", "identity-2", "identity-3")
    assert target.tenant.callers[2:] == (
        Caller("identity-1", frozenset({"User.Read"}), "u-1", "adele@contoso.example"),
        Caller("identity-2", app_only=True),
        Caller("identity-3", user_upn="other@contoso.example"),
    )
    assert target.sources["user-2"] == TokenSource("command", ["get-token", "megan"])
    assert "get-token" not in repr(target.sources["user-2"])


def test_without_a_token_in_the_file_there_is_graph_token() -> None:
    """With no token in the file the default caller's is that of GRAPH_TOKEN."""
    target = parse({"group": [{"id": "g"}]})
    assert target.sources == {"caller": TokenSource("env", "GRAPH_TOKEN")}
    assert target.tenant.default == "caller"


def test_an_empty_file_is_allowed() -> None:
    """A file that names no owner is read: the chapter on credentials can still be checked."""
    assert parse({}).tenant.owners == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("bas_url = 'http://h'", "unknown key 'bas_url' in the file; did you mean 'base_url'?"),
        ("[[usr]]\nid='a'", "unknown key 'usr' in the file; did you mean 'user'?"),
        ("[[user]]\nid='a'\nphotos=true", "unknown key 'photos' in [user]; did you mean 'photo'?"),
        (
            "[[user]]\nid='a'\nuserPrincipalName='x'",
            "unknown key 'userPrincipalName' in [user]; expected one of id, upn",
        ),
        (
            "[[user]]\nid='a'\ncontacts=[{id='c', foldr='f'}]",
            "unknown key 'foldr' in [contacts]; did you mean 'folder'?",
        ),
        ("[[group]]\nid='a'\nphto=true", "unknown key 'phto' in [group]; did you mean 'photo'?"),
        ("[[identity]]\ntoken={env='A'}\nscope=['x']", "unknown key 'scope' in [identity]; did you mean 'scopes'?"),
        ("[unknown]\nusers='x'", "unknown key 'users' in [unknown]; did you mean 'user'?"),
        ("[[user]]\nid='a'\ntoken={envv='A'}", "unknown key 'envv' in [token]; did you mean 'env'?"),
        (f"{AZURE}credential = 'password'", "['azure']['credential']: expected one of default, client-secret, device"),
        (f"{AZURE}credential = true", "['azure']['credential']: expected one of default"),
        (f"{AZURE}secret = 'x'", "unknown key 'secret' in [azure]; did you mean 'scope'?"),
        (f"{AZURE}tenant_id = ['x']", "['azure']['tenant_id']: expected an id"),
        (f"{AZURE}credential = 'client-secret'\ntenant_id = 't'", "['azure']['client_id']: expected property"),
        ("[[user]]\nphoto=true", "$['user'][0]: expected a user with an id or a upn, better both"),
        ("[[user]]\nid=7", "$['user'][0]['id']: expected an id, a string that is not empty"),
        ("[[user]]\nid=''", "$['user'][0]['id']: expected an id, a string that is not empty"),
        ("[[user]]\nid='a'\ntoken='secret'", "$['user'][0]['token']: expected { env ="),
        ("[[user]]\nid='a'\ntoken={env='A', command=['b']}", "$['user'][0]['token']: expected { env ="),
        ("[[user]]\nid='a'\ntoken={}", "$['user'][0]['token']: expected { env ="),
        ("[[user]]\nid='a'\ntoken={env='A B'}", "the name of an environment variable"),
        ("[[user]]\nid='a'\nphoto='yes'", "$['user'][0]['photo']: expected true, false or { sha256"),
        ("[[user]]\nid='a'\nphoto={sha256='abc'}", "$['user'][0]['photo']"),
        ("[[user]]\nid='a'\nphoto={sha265='abc'}", "$['user'][0]['photo']: expected true, false or { sha256"),
        (
            "[[user]]\nid='a'\ncontacts=[{photo=true}]",
            "$['user'][0]['contacts'][0]['id']: expected property `id`, which is missing",
        ),
        ("[[group]]\nphoto=true", "$['group'][0]['id']: expected property `id`, which is missing"),
        ("[[identity]]\nuser='a'", "$['identity'][0]['token']: expected property `token`, which is missing"),
        ("[user]\nid='a'", "$['user']: expected a list of users"),
        ("edition='v2'", "$['edition']: expected one of v1.0-2016, v1.0-2023, v1.0-2024, observed, auto"),
        ("base_url='graph.example'", "$['base_url']: expected an http(s) URL"),
        ("base_url='https://me:pw@graph.example'", "$['base_url']: expected an http(s) URL"),
        ("[[user]]\nid='a'\n[[user]]\nid='a'", "[[user]] entries 1 and 2 have the same id; expected one"),
        ("[[user]]\nupn='a@b'\n[[user]]\nupn='a@b'", "[[user]] entries 1 and 2 have the same upn; expected one"),
        ("[[group]]\nid='a'\n[[group]]\nid='A'", "[[group]] entries 1 and 2 have the same id; expected one"),
        (
            "[[group]]\nid='a'\n[unknown]\ngroup='A'",
            "`group` of [unknown] is that of group-1; expected one that exists nowhere",
        ),
        (
            "[[user]]\nupn='a@b'\n[unknown]\nupn='A@b'",
            "`upn` of [unknown] is that of user-1; expected one that exists nowhere",
        ),
        (
            "[[user]]\nid='a'\ncontacts=[{id='c'},{id='c'}]",
            "contacts 1 and 2 of [[user]] 1 have the same id; expected one, in its folder or in none",
        ),
        ("[[user\nid='a'", "not TOML"),
        ("id = 'a'\nid = 'b'", "not TOML"),
        (b"edition = '\xff'", "expected UTF-8"),
        (b"\xff\xfee\0d\0", "expected UTF-8"),
    ],
)
def test_a_mistake_gives_one_clear_line(tmp_path: Path, text: str | bytes, hint: str) -> None:
    """A mistake is reported with its place, what was expected and the near key, on one line that names the file."""
    file = written(tmp_path, text)
    with pytest.raises(UsageProblem) as caught:
        read(file)
    line = str(caught.value)
    assert hint in line
    assert line.startswith(f"target file {file}: ")
    assert "\n" not in line
    assert len(line) < len(str(file)) + 400


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    """A missing file, or a folder in its place, is one line."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(UsageProblem, match=r"target file .*: (No such file|.*it is a folder)"):
            read(path)


def test_a_password_in_the_base_url_is_refused_and_not_shown(tmp_path: Path) -> None:
    """A base URL with a password is refused without repeating the password."""
    with pytest.raises(UsageProblem) as caught:
        read(written(tmp_path, "base_url='https://me:hunter2secret@graph.example/v1.0'"))
    assert "hunter2secret" not in str(caught.value)


def test_a_token_in_the_file_is_refused_and_not_shown(tmp_path: Path) -> None:
    """A token that stands in the file itself is refused without repeating it."""
    with pytest.raises(UsageProblem) as caught:
        read(written(tmp_path, "[[user]]\nid='a'\ntoken='eyJhbGciOiJub25l.c2VjcmV0'"))
    assert "c2VjcmV0" not in str(caught.value)


def test_many_owners_are_read_in_time() -> None:
    """Ten thousand users are read within seconds."""
    users = [{"id": f"u-{number}", "upn": f"u{number}@contoso.example", "photo": True} for number in range(10_000)]
    started = time.process_time()
    assert len(parse({"user": users}).tenant.owners) == 10_000
    assert time.process_time() - started < 15


@pytest.mark.parametrize(
    "text",
    [
        f"[[user]]\nid = 'a'\ntoken = '{SECRET}'",
        f"[[user]]\nid = 'a'\ntoken = {{ command = '{SECRET}' }}",
        f"[[user]]\nid = 'a'\ntokens = '{SECRET}'",
        f"[[user]]\nid = 'a'\n'{SECRET}' = 1",
        f"{SECRET} = 1",
        f"[[user]]\nid = ['{SECRET}']",
        f"user = '{SECRET}'",
        f"user = ['{SECRET}']",
        f"edition = '{SECRET}'",
        f"base_url = '{SECRET}'",
        f"[[user]]\nid = '{SECRET}'\n[[user]]\nid = '{SECRET}'",
        f"[[user]]\nid = 'a'\nphoto = '{SECRET}'",
        f"[unknown]\n{SECRET} = 'a'",
        f"[[identity]]\nscopes = '{SECRET}'\ntoken = {{ env = 'A' }}",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path, text: str) -> None:
    """The message says where and what was expected, and no value."""
    with pytest.raises(UsageProblem) as caught:
        read(written(tmp_path, text))

    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
