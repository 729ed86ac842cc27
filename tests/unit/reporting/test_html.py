from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conformance.pytest_plugin import session_reports
from conformance.pytest_plugin.report_page import Reported
from conformance.reporting import html_page, verdicts_file
from conformance.reporting.report_files import Destination, Results
from conformance.reporting.run import Run
from tests.unit.reporting import runs


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Draws the report of a made-up run; the same one only once."""

    @cache
    def draw(show_photos: bool = False, **how: Any) -> str:
        home = tmp_path_factory.mktemp("page")
        document, exchanges = runs.run(**how)
        (home / "v.json").write_text(verdicts_file.text(document))
        (home / "x.har").write_text(json.dumps({"log": {"entries": list(exchanges.values())}}))
        runs.redraw(home / "v.json", home / "x.har", home, *(["--show-photos"] if show_photos else []))
        return (home / "report.html").read_text(encoding="utf-8")

    return draw


def blob(text: str) -> dict[str, Any]:
    """What pytest-html's own script reads."""
    found = re.search('data-jsonblob="([^"]*)"', text)
    assert found
    return json.loads(html.unescape(found[1]))  # type: ignore[no-any-return]


def data(text: str) -> dict[str, Any]:
    """What our script reads."""
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_each_cell_is_a_row(page: Callable[..., str]) -> None:
    """The table has a row for each cell, under an id that stays the same from run to run."""
    text = page()
    rows = [row for rows in blob(text)["tests"].values() for row in rows]
    document, _ = runs.run()
    assert {row["testId"] for row in rows} == {cell.row for cell in Run(document).cells}
    assert {row["result"] for row in rows} == {"Passed", "Failed", "Skipped", "Error", "XFailed"}
    row = next(row for row in rows if row["testId"] == "placeholder.etag-is-empty:user.metadata.upn.absent")
    result = html.unescape(re.sub("<[^>]*>", " ", " ".join(row["resultsTableRow"])))
    for word in ("violates", "The placeholder's mediaEtag is the empty string.", "MUST", "S39c", "upn", '"FFFF240"'):
        assert word in result


def test_every_row_can_be_opened(page: Callable[..., str]) -> None:
    """What conforms shows its exchanges as well, and an exchange is in the page once."""
    result = data(page())
    document, exchanges = runs.run()
    assert len(result["rows"]) == len(Run(document).cells)
    asked = {place for verdicts, *_ in result["rows"].values() for verdict in verdicts for place in verdict[5]}
    assert asked == set(range(len(result["exchanges"])))
    assert len(result["exchanges"]) <= len(exchanges)


def test_the_top_tells_what_was_evaluated(page: Callable[..., str]) -> None:
    """Target, edition, time, callers, commit, verdict and matrix stand in the page as plain HTML."""
    top = page().split('id="rows"')[0]
    for word in (runs.BASE_URL, "v1.0-2016", "2026-05-04 10:00:00 UTC", "User.ReadBasic.All", "0123456789abcdef"):
        assert word in top
    assert "Does not conform" in top
    assert 'href="#rows?chapter=placeholder&amp;variant=me-folder"' in top


def test_no_face_is_in_the_page_unless_asked_for(page: Callable[..., str]) -> None:
    """Pictures are described; --show-photos puts them in, each once."""
    assert "base64," not in re.sub(r"<script>.*?</script>", "", page(), flags=re.DOTALL)
    assert page(show_photos=True).count("data:image/png;base64,") == 2


def test_a_hostile_target_gets_no_markup_in(page: Callable[..., str]) -> None:
    """Its text is in the page and none of its tags, and no control character or half a character is."""
    text = page(hostile=True)
    rows = "".join(cell for rows in blob(text)["tests"].values() for row in rows for cell in row["resultsTableRow"])
    assert "OWNED" in text
    assert "<img src" not in text.replace('<img src=""', "")
    assert "<script" not in rows
    assert "<img" not in rows
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_only_the_pages_own_scripts_may_run(page: Callable[..., str]) -> None:
    """The policy allows scripts by hash alone, and nothing is loaded from anywhere."""
    text = page(hostile=True)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy[1].split(";")[1]
    assert not re.search(r"<(link|iframe|object|embed|script src|base)\b", text)


def test_a_page_that_is_not_as_expected_is_refused(page: Callable[..., str]) -> None:
    """Each string of the head that is replaced is there exactly once, and no script but the two known ones runs."""
    text = page()
    with pytest.raises(html_page.UnexpectedPage, match="expected once"):
        html_page.with_head(text)
    changed = text.replace(str(html_page.own("report.js")), "alert(1)")
    with pytest.raises(html_page.UnexpectedPage, match="<script>"):
        html_page.with_head(changed)


def test_the_page_is_enough_to_sign(page: Callable[..., str]) -> None:
    """Suite, options, clause texts and what was not tested stand in it."""
    top = page().split('id="rows"')[0]
    for word in ("photo-conformance 1.", "seed 7", "The placeholder&#39;s tag is empty, says the page.", "Reviewed by"):
        assert word in top


def test_a_full_run_stays_under_three_megabytes(page: Callable[..., str]) -> None:
    """A run of 1,110 rows and 4,440 verdicts makes a page that can be mailed."""
    assert len(page(copies=3, owners=4).encode()) < 3_000_000


def test_links_lead_to_the_web_or_nowhere() -> None:
    """A link of another kind is shown as text."""
    document, _ = runs.run()
    document["about"]["run"]["url"] = "javascript:alert(2)"
    assert 'href="javascript' not in html_page.top(Run(document))


class Live:
    """What the suite's own plugin does for the report: begin with verdicts, and report cells in place of items."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.document, self.exchanges = runs.run()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        results = Results(Run(self.document, self.exchanges), har=io.StringIO("{}"))
        session_reports.begin(session, Reported(results, Destination(self.home / "reports")))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        if item.name != "test_a_cell":
            return None
        session_reports.log(item.config, Run(self.document).cells[0], item.nodeid, item.location)
        return True


def test_a_live_run_makes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a run of pytest, cells have their row, other tests a plain one, and a hostile environment is only text."""
    monkeypatch.setenv("BUILD_TAG", "<img src=x onerror=1>")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "test_it.py").write_text("def test_a_cell(): pass\ndef test_other():\n    assert '<b>' == 0\n")
    arguments = ["-q", "-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(tmp_path)]
    plugins = ["-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin", f"--html={tmp_path / 'mine.html'}"]
    assert pytest.main([*arguments, *plugins], plugins=[Live(tmp_path)]) == 1
    text = (tmp_path / "reports" / "report.html").read_text()
    assert text == (tmp_path / "mine.html").read_text()
    result = blob(text)
    rows = [row for rows in result["tests"].values() for row in rows]
    assert [row["testId"] for row in rows] == ["metadata.is-found:me.metadata.present", "test_it.py::test_other"]
    assert "&lt;b&gt;" in rows[1]["log"]
    assert "<img" not in json.dumps(result["environment"])


def test_each_cause_is_a_line_before_its_details(page: Callable[..., str]) -> None:
    """Level, title, how many operations and what to do stand in one line, which leads to the details."""
    top = page().split('id="rows"')[0]
    document, _ = runs.run()
    lines = re.findall(r"<tr><td>.*?</tr>", top.split('<table class="contents">')[1].split("</table>")[0])
    assert len(lines) == len(document["causes"])
    for line, cause in zip(lines, document["causes"], strict=True):
        assert f'href="#cause:{cause["id"]}"' in line
        assert f'id="cause:{cause["id"]}"' in top
        assert cause["level"] in line
        assert re.search(r"<td>\d+ of 14</td>", line)
    assert "expected 200, actual 404" in lines[0]
