"""The example report, `docs/example/`: what `make docs` builds, and the picture in the README."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

from PIL import Image

from tests.tree import ROOT

EXAMPLE = ROOT / "docs" / "example"


def test_the_example_names_each_fault_and_nothing_else(tmp_path: Path) -> None:
    """The example's violated and departed requirements are those that its faults expect."""
    script = runpy.run_path(str(EXAMPLE / "make.py"))
    script["run"](tmp_path)
    document = json.loads((tmp_path / "verdicts.json").read_text("utf-8"))
    wrong = {v["requirement"] for v in document["verdicts"] if v["outcome"] in ("violates", "departs", "broken")}

    assert wrong == set(script["FAULTS"].values())
    assert document["counts"]["departs"] > 0
    assert document["counts"]["not-exercised"] == 0
    assert (tmp_path / "report.html").stat().st_size < 3 * 1024 * 1024


def test_the_readme_shows_the_picture() -> None:
    """Under "Reports" the README shows the picture, 1280 pixels wide and below 300 KB."""
    section = (ROOT / "README.md").read_text("utf-8").partition("\n## Reports\n")[2].partition("\n## ")[0]

    assert re.search(r"!\[[^]]+\]\(docs/example/report\.webp\)", section)
    assert (EXAMPLE / "report.webp").stat().st_size < 300 * 1024
    with Image.open(EXAMPLE / "report.webp") as picture:
        assert picture.width == 1280
