"""schemas/: the schemas of the suite's own files."""

import copy
import tomllib
from typing import Any

import pytest

from conformance.model import Level, Outcome, State
from conformance.spec import errors
from conformance.spec.files import schema

TARGET = """
base_url = "https://graph.microsoft.com/v1.0"
edition  = "v1.0-2016"

[[user]]
id    = "87d349ed-44d7-43e1-9a83-5f2406dee5bd"
upn   = "adele@contoso.example"
token = { env = "ADELE_TOKEN" }
photo = true
contacts = [
  { id = "AAMkA=", photo = true },
  { id = "AAMkB=", photo = false },
  { id = "AAMkC=", photo = { sha256 = "%s" }, folder = "AAMkF=" },
]

[[user]]
upn = "diego@contoso.example"
token = { command = ["az", "account", "get-access-token"] }

[[user]]
id = "x"
token = { azure = { tenant_id = "contoso.example", scope = "a" } }

[[group]]
id    = "02bd9fd6-8f93-4758-87c3-1fb73740a315"
photo = false

[[identity]]
user   = "87d349ed-44d7-43e1-9a83-5f2406dee5bd"
token  = { env = "ADELE_USER_READ_ONLY" }
scopes = ["User.Read"]

[unknown]
user = "u"
upn = "n"
group = "g"
contact = "c"
folder = "f"
""" % ("ab" * 32)

DEVIATIONS = """
[[deviation]]
requirement = "placeholder.etag-is-empty"
cases = ["user-contact.*", "group.metadata.absent/*"]
reason = "The mock has no placeholder yet."
owner = "photos team"
expires = 2027-01-31
flaky = true
"""

VERDICT: dict[str, Any] = {
    "requirement": "placeholder.etag-is-empty", "level": "MUST", "cites": "S39c", "variant": "user-contact",
    "form": "metadata", "addressing": "upn", "state": "absent", "case": "user-contact.metadata.upn.absent/user-1",
    "outcome": "violates", "findings": [{"at": "$['@odata.mediaEtag']", "wanted": '""', "got": '"FFFF"'}],
    "exchanges": ["e1"], "blocked_by": None, "reason": None,
}  # fmt: skip

VERDICTS: dict[str, Any] = {
    "format": 1, "target": {"base_url": None, "owners": [], "callers": []}, "edition": "v1.0-2016",
    "started": "2026-11-23T14:00:00Z", "finished": "2026-11-23T14:00:01.5+00:00", "interrupted": False,
    "fail_on": "must", "complete": True, "counts": dict.fromkeys(Outcome, 0), "verdicts": [VERDICT],
    "suite": {"name": "photo-conformance", "version": "0"}, "notes": [], "clauses": {}, "requirements": {},
    "about": {"run": {}, "shapes": [], "stale": [], "options": {}},
}  # fmt: skip


def target(text: str) -> list[str]:
    """Places of a target file that are refused."""
    return [error.at for error in errors("target", tomllib.loads(text))]


@pytest.mark.parametrize("text", [TARGET, "", '[[user]]\nid = "a"', '[[identity]]\ntoken = { env = "A" }'])
def test_a_target_file_as_the_guide_shows_it_is_valid(text: str) -> None:
    """The example of the guide is valid, and so is as little as one user, or nothing."""
    assert target(text) == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("photos = 1", "$['photos']"),
        ('[[user]]\nid = "a"\nname = "b"', "$['user'][0]['name']"),
        ('[[user]]\nid = "a"\ncontacts = [{ id = "c", photos = true }]', "$['user'][0]['contacts'][0]['photos']"),
        ('[[user]]\nid = "a"\nphoto = { sha = "b", sha256 = "c" }', "$['user'][0]['photo']"),
        ('[[group]]\nid = "a"\nupn = "b"', "$['group'][0]['upn']"),
        ('[[identity]]\ntoken = { env = "A" }\nscope = "x"', "$['identity'][0]['scope']"),
        ('[unknown]\nteam = "x"', "$['unknown']['team']"),
        ("[[user]]\nphoto = true", "$['user'][0]"),
        ('[[user]]\nid = ""', "$['user'][0]['id']"),
        ("[[group]]\nphoto = true", "$['group'][0]['id']"),
        ('[[user]]\nid = "a"\ntoken = "eyJ0eXAi"', "$['user'][0]['token']"),
        ('[[user]]\nid = "a"\ntoken = {}', "$['user'][0]['token']"),
        ('[[user]]\nid = "a"\ntoken = { env = "A", command = ["b"] }', "$['user'][0]['token']"),
        ('[[user]]\nid = "a"\ntoken = { literal = "b" }', "$['user'][0]['token']['literal']"),
        ('[[identity]]\nuser = "a"', "$['identity'][0]['token']"),
        ('base_url = "https://user:pw@graph.example/v1.0"', "$['base_url']"),
        ('base_url = "graph.example"', "$['base_url']"),
        ("edition = 2", "$['edition']"),
    ],
)
def test_a_wrong_target_file_is_refused_with_the_place(text: str, at: str) -> None:
    """Unknown keys, missing keys, and tokens that stand in the file are refused at their place."""
    assert target(text) == [at]


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    """The message for a mistyped key lists the known keys."""
    (error,) = errors("target", {"unknown": {"users": "x"}})

    assert error.wanted == "no such key here; known are contact, folder, group, upn, user"


def test_known_deviations_are_valid() -> None:
    """A line with globs, a reason, an owner and a TOML date is valid."""
    assert errors("deviations", tomllib.loads(DEVIATIONS)) == []


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("flaky = true", 'flake = "x"', "$['deviation'][0]['flake']"),
        ("flaky = true", 'flaky = "x"', "$['deviation'][0]['flaky']"),
        ('owner = "photos team"', "", "$['deviation'][0]['owner']"),
        ("2027-01-31", '"soon"', "$['deviation'][0]['expires']"),
        ('["user-contact.*", "group.metadata.absent/*"]', "[]", "$['deviation'][0]['cases']"),
        ("placeholder.etag-is-empty", "Placeholder", "$['deviation'][0]['requirement']"),
        ("[[deviation]]", "[[deviations]]", "$['deviations']"),
    ],
)
def test_wrong_known_deviations_are_refused_with_the_place(old: str, new: str, at: str) -> None:
    """Unknown keys, missing keys and dates that are none are refused at their place."""
    assert [error.at for error in errors("deviations", tomllib.loads(DEVIATIONS.replace(old, new)))] == [at]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"reason": None, "sentence": "The placeholder has an empty entity-tag."},
        {"form": None, "addressing": None, "outcome": "conforms", "findings": []},
        {"outcome": "blocked", "blocked_by": "picture.is-there", "findings": []},
    ],
)
def test_verdicts_are_valid(change: dict[str, Any]) -> None:
    """What a run writes is valid, with a reason and a sentence or without."""
    assert errors("verdicts", {**VERDICTS, "verdicts": [VERDICT | change]}) == []


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"surplus": 1}, "['surplus']"),
        ({"outcome": "passed"}, "['outcome']"),
        ({"outcome": "blocked"}, "['blocked_by']"),
        ({"findings": []}, "['findings']"),
        ({"findings": [{"at": "$"}]}, "['findings'][0]['wanted']"),
        ({"requirement": "X"}, "['requirement']"),
    ],
)
def test_a_wrong_verdict_is_refused_with_the_place(change: dict[str, Any], at: str) -> None:
    """A violation without a finding, a blocked verdict without its cause, unknown words and keys are refused."""
    found = errors("verdicts", {**VERDICTS, "verdicts": [VERDICT | change]})

    assert f"$['verdicts'][0]{at}" == found[0].at


@pytest.mark.parametrize("name", list(VERDICTS))
def test_each_key_of_the_verdicts_file_is_required(name: str) -> None:
    """Scripts may rely on each key."""
    less = copy.deepcopy(VERDICTS)
    del less[name]

    assert [error.at for error in errors("verdicts", less)] == [f"$['{name}']"]


def test_counts_have_all_eight_outcomes() -> None:
    """An outcome that no verdict has is counted as 0, never left out."""
    less = {**VERDICTS, "counts": dict.fromkeys(list(Outcome)[1:], 0)}

    assert [error.at for error in errors("verdicts", less)] == ["$['counts']['conforms']"]


def test_the_schemas_know_the_words_of_the_model() -> None:
    """Outcomes, levels and states are spelt in one way everywhere."""
    verdicts = schema("verdicts")["$defs"]

    assert verdicts["outcome"]["enum"] == list(Outcome)
    assert verdicts["level"]["enum"] == list(Level)
    assert verdicts["verdict"]["properties"]["state"]["enum"] == list(State)
