"""The example of a report, `docs/example/`, is what the suite says today."""

from __future__ import annotations

import json
import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from PIL import Image

from tests.tree import ROOT

EXAMPLE = ROOT / "docs" / "example"
MIB = 1024 * 1024


@cache
def script() -> dict[str, Any]:
    """What `make.py` defines."""
    return runpy.run_path(str(EXAMPLE / "make.py"))


def document(folder: Path = EXAMPLE) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "verdicts.json").read_text("utf-8"))
    return read


def wrong(document: dict[str, Any]) -> set[tuple[str, str]]:
    """What is violated or departed from, and where."""
    return {
        (v["requirement"], v["case"]) for v in document["verdicts"] if v["outcome"] in ("violates", "departs", "broken")
    }


def test_its_verdicts_obey_the_schema() -> None:
    """The example's `verdicts.json` is one by today's schema."""
    schema = json.loads((ROOT / "schemas" / "verdicts.schema.json").read_text("utf-8"))

    assert list(jsonschema.Draft202012Validator(schema).iter_errors(document())) == []


def test_it_names_each_fault_and_nothing_else() -> None:
    """The requirements that it tells of are those that own what the server did wrong."""
    named = {requirement for requirement, _ in wrong(document())}

    assert named == set(script()["FAULTS"].values())
    assert document()["counts"]["departs"] > 0
    assert document()["counts"]["not-exercised"] == 0
    assert all(f"`{name}`" in summary() for name in named)


def summary() -> str:
    """Its `summary.md`, with code as backticks have it."""
    return re.sub("</?code>", "`", (EXAMPLE / "summary.md").read_text("utf-8"))


def test_it_is_what_a_run_says_today(tmp_path: Path) -> None:
    """Made anew it has the same findings in the same places; where not, `docs/example/make.py` is to be run."""
    script()["run"](tmp_path)

    assert wrong(document(tmp_path)) == wrong(document())


def test_it_is_small_and_names_no_port_of_a_run() -> None:
    """The page is below 3 MB, the picture below 300 KB, and the address is that of the README."""
    text = "".join((EXAMPLE / name).read_text("utf-8") for name in script()["KEPT"])

    assert (EXAMPLE / "report.html").stat().st_size < 3 * MIB
    assert (EXAMPLE / "report.png").stat().st_size < 300 * 1024
    assert set(re.findall(r"127\.0\.0\.1:[0-9]+", text)) == {script()["SHOWN_AS"]}


def test_the_readme_shows_it() -> None:
    """Under "Reports" the README shows the picture, and leads to the page."""
    section = (ROOT / "README.md").read_text("utf-8").partition("\n## Reports\n")[2].partition("\n## ")[0]

    assert re.search(r"\[!\[[^]]+\]\(docs/example/report\.png\)\]\(docs/example/report\.html\)", section)
    with Image.open(EXAMPLE / "report.png") as picture:
        assert picture.width == 1280
