"""Items: what pytest and its other plugins see of them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.suite import server, suite

pytestmark = pytest.mark.whole


def test_other_plugins_see_each_item_once(tmp_path: Path) -> None:
    """pytest's own JUnit report and pytest-html have one entry an item, with its outcome; `-x` ends at the first."""
    with server(tmp_path, "property.sides-swapped") as running:
        found = ("-k", "picture.dimensions", f"--target={running.target}")
        more = (f"--junitxml={tmp_path}/j.xml", f"--html={tmp_path}/h.html", "--self-contained-html")
        whole = suite("-q", *found, *more, reports=tmp_path / "r", env=dict(running.tokens))
        first = suite("-q", "-x", *found, reports=tmp_path / "x", env=dict(running.tokens))
    cases = ElementTree.parse(tmp_path / "j.xml").getroot().findall(".//testcase")
    names = [case.get("name") for case in cases]
    red = [case.get("name") for case in cases if case.find("failure") is not None]

    assert (1, 1) == (whole.code, first.code)
    assert len(names) == len(set(names)) > len(red) > 0
    assert f"{len(red)} failed, {len(names) - len(red)} passed" in whole.said
    assert all(str(name) in (tmp_path / "h.html").read_text("utf-8") for name in names)
    assert "stopping after 1 failures" in first.said


def test_cells_are_selected_by_markers(tmp_path: Path) -> None:
    """`-m` takes the level, the form, the variant and the chapter of a requirement, and no other word."""
    selected = suite("--collect-only", "-q", "-m", "must and metadata and user-contact", reports=tmp_path)
    unknown = suite("--collect-only", "-q", "-m", "shall", reports=tmp_path)
    names = [line for line in selected.said.splitlines() if "[" in line]

    assert names
    assert all("[user-contact.metadata" in name for name in names)
    assert unknown.code == 4
