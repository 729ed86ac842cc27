"""The documentation says what the code does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.cli import COMMANDS
from conformance.model import Outcome
from conformance.options.config import OPTIONS
from conformance.reporting.report_files import NAMES
from conformance.spec import EDITIONS
from tests.tree import ROOT, files, name

PAGES = [path for path in files() if path.suffix == ".md"]
VERDICTS = ROOT / "docs" / "verdicts.md"
OTHERS = {
    "--base-url": "pytest-base-url",
    "--collect-only": "pytest",
    "--help": "pytest",
    "--list-faults": "the reference server",
    "--export": "the reference server",
    "--port": "the reference server",
    "--fault": "the reference server",
    "--single-user": "the reference server",
    "--write-target": "the reference server",
    "--write-env": "the reference server",
    "--requirement": "pip",
}
"""Options that pages speak of, and that are not the suite's."""


def rows(path: Path, head: str) -> list[str]:
    """The first cells of the table that begins with a head."""
    table = path.read_text("utf-8").partition(f"\n| {head} |")[2].partition("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[2:]]


def test_pages_made_from_the_code_are_up_to_date() -> None:
    """`make pages` would write nothing."""
    command = [sys.executable, str(ROOT / "docs" / "site" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_site_can_be_built(tmp_path: Path) -> None:
    """Every page is in it, no link of it is broken, and no page fetches a script or a font from elsewhere."""
    command = [
        sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path),
        "--config-file", str(ROOT / "docs" / "site" / "mkdocs.yml"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    html = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.html"))
    assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"?https?://(?!127)[^\s>\"]*", html) == []


def test_links_lead_somewhere() -> None:
    """A relative link names a file that is there."""
    pattern = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    links = [(path, link) for path in PAGES for link in pattern.findall(path.read_text("utf-8"))]

    assert [f"{name(path)}: {link}" for path, link in links if not (path.parent / link).exists()] == []


def test_every_outcome_has_a_row() -> None:
    """The words of the reports are explained, in their order; the README says what each means in short."""
    assert rows(VERDICTS, "word") == rows(ROOT / "README.md", "word") == [str(outcome) for outcome in Outcome]


def test_every_exit_code_has_a_row() -> None:
    """The seven exit codes are explained."""
    assert rows(VERDICTS, "exit code") == [str(code) for code in range(7)]


def test_every_command_has_a_row() -> None:
    """The README tells each subcommand in the words of the command's own help."""
    table = (ROOT / "README.md").read_text("utf-8").partition("| command |")[2].partition("\n\n")[0]
    found = dict(re.findall(r"^\| `photo-conformance ([a-z]+)` \| (.*) \|$", table, re.MULTILINE))

    assert found == COMMANDS


def test_every_report_has_a_row() -> None:
    """Each file that a run writes is documented, and no other."""
    text = " ".join(rows(ROOT / "docs" / "reports.md", "file"))

    assert set(re.findall(r"`([^`]+)`", text)) == set(NAMES)


def test_every_key_of_the_target_file_is_documented() -> None:
    """The page on target files names each key that the schema knows."""
    page = (ROOT / "docs" / "target.md").read_text("utf-8")
    found = set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"`[^`]+`|^```toml\n.*?^```", page, re.M | re.S))))
    schema = json.loads((ROOT / "schemas" / "target.schema.json").read_text("utf-8"))

    assert set(keys(schema)) - found == set()


def keys(schema: Any) -> Iterator[str]:
    """The names of all properties in a schema."""
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from keys(value)
    if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
        yield from schema["properties"]


def test_every_edition_has_a_row() -> None:
    """The page on editions names those that there are."""
    found = [re.findall(r"`([^`]+)`", row)[0] for row in rows(ROOT / "docs" / "editions.md", "edition")]

    assert found == [*EDITIONS, "auto"]


def test_no_page_speaks_of_an_option_that_is_not() -> None:
    """An option that a page names in code is one of ours, or of a program that the page runs."""
    known = {option.flag for option in OPTIONS} | set(OTHERS)
    for path in PAGES:
        code = " ".join(re.findall(r"`[^`]+`|^```sh\n.*?^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL))
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", code)) - known == set(), name(path)


def test_prose_has_one_sentence_a_line() -> None:
    """A change of one sentence is a change of one line."""
    crowded = [
        f"{name(path)}: {line}"
        for path in PAGES
        for line in re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL).splitlines()
        if not line.startswith(("|", "    ", "<!--")) and re.search(r"[a-z`)][.!?] [A-Z*`]", line)
    ]

    assert crowded == []
