from __future__ import annotations

import json
import os
import random
from pathlib import Path

import jsonschema
import pytest

from conformance.model import Addressing, Finding, Form, Level, Outcome, State, UsageProblem, Verdict
from conformance.reporting import exchanges
from conformance.reporting.run import Run
from conformance.reporting.verdicts_file import check, read, text, write_atomically
from tests.unit.reporting import runs

SCHEMA = Path(__file__).parents[3] / "schemas" / "verdicts.schema.json"


def verdict(**changes: object) -> Verdict:
    usual: dict[str, object] = {
        "requirement": "metadata.id-is-text",
        "level": Level.MUST,
        "cites": "S30a",
        "variant": "user",
        "form": Form.METADATA,
        "addressing": Addressing.UPN,
        "state": State.PRESENT,
        "case": "user.metadata.upn.present/user-1",
        "outcome": Outcome.CONFORMS,
    }
    return Verdict(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("hostile", [False, True])
def test_a_document_obeys_its_schema(hostile: bool) -> None:
    """What is written is what `schemas/verdicts.schema.json` says, also with a hostile target."""
    document, _ = runs.run(hostile=hostile)
    schema = json.loads(SCHEMA.read_text())
    data = json.loads(text(document))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(data)) == []


def test_the_same_verdicts_make_the_same_file() -> None:
    """The order in which verdicts come leaves no trace."""
    verdicts = [
        verdict(variant=variant, case=f"{variant}/{n}") for variant in ("group", "user", "me") for n in range(5)
    ]
    shuffled = random.Random(7).sample(verdicts, len(verdicts))
    assert text(runs.document(verdicts)) == text(runs.document(shuffled))


def test_counts_have_all_eight_outcomes() -> None:
    """An outcome that did not occur counts zero."""
    counts = runs.document([verdict(), verdict(outcome=Outcome.KNOWN)])["counts"]
    assert counts == {outcome.value: int(outcome in ("conforms", "known")) for outcome in Outcome}


def test_a_document_comes_back_from_its_file(tmp_path: Path) -> None:
    """Half a surrogate pair in a finding survives writing and reading."""
    written = runs.document([verdict(outcome=Outcome.VIOLATES, findings=(Finding("$", "x", "\ud800\x00"),))])
    write_atomically(tmp_path / "new" / "verdicts.json", text(written))
    assert read(tmp_path / "new" / "verdicts.json") == written


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is the old report or the new one at any time, and no half-written one beside it."""
    path = tmp_path / "report"
    write_atomically(path, "old")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, "new")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


def test_lone_surrogates_do_not_empty_a_file(tmp_path: Path) -> None:
    """What UTF-8 cannot hold is written as an escape."""
    write_atomically(tmp_path / "a", "x\ud800y")
    assert (tmp_path / "a").read_text() == "x\\ud800y"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": 2}',
        "[" * 200_000,
        '{"format": 1, "target": {}, "edition": "e", "started": "", "finished": "", "interrupted": 0, "verdicts": []}',
        b"\xff\xfe",
    ],
)
def test_another_file_is_refused_in_one_line(content: str | bytes, tmp_path: Path) -> None:
    """No file whatever raises anything but UsageProblem, and its message is one line."""
    path = tmp_path / "verdicts.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageProblem) as refused:
        read(path)
    assert "\n" not in str(refused.value)


def test_what_never_ends_or_is_huge_is_not_read(tmp_path: Path) -> None:
    """A pipe, a device and a file larger than any of ours are refused at once, as verdicts and as a recording."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(exchanges.LARGEST + 1)
    for name, why in (
        ("pipe", "expected a file, not"),
        ("device", "expected a file, not"),
        ("huge", "expected at most"),
    ):
        with pytest.raises(UsageProblem, match=f"{name}: {why}"):
            read(tmp_path / name)
        with pytest.raises(UsageProblem, match=f"{name}: {why}"):
            exchanges.read(tmp_path / name)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The message names the file and says what is the matter."""
    with pytest.raises(UsageProblem, match=r"nowhere\.json: No such file"):
        read(tmp_path / "nowhere.json")


@pytest.mark.parametrize("name", ["requirement", "outcome", "findings", "exchanges", "case"])
def test_a_damaged_verdict_is_refused(name: str, tmp_path: Path) -> None:
    """A verdict that another module would fail on is refused at the start."""
    document = runs.document([verdict()])
    document["verdicts"][0][name] = {"odd": 1}
    (tmp_path / "v.json").write_text(json.dumps(document))
    with pytest.raises(UsageProblem, match=rf"verdicts\[0\]\.{name}"):
        read(tmp_path / "v.json")
    with pytest.raises(ValueError, match=rf"verdicts\[0\]\.{name}"):
        check(document)


def test_counts_can_be_counted_again() -> None:
    """Reports count verdicts themselves, so that a file that was cut down tells no old numbers."""
    document = runs.document([verdict(), verdict(case="b")])
    assert Run({**document, "verdicts": document["verdicts"][:1]}).counts["conforms"] == 1
