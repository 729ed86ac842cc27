"""What a hostile target sends is looked at in a real browser, and does nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.hostile.server import SCRIPT
from tests.e2e.hostile.targets import QUICK, run_suite
from tests.e2e.recordings.chromium import chromium

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.interop

TRAP = "window.alert = () => { window.aScriptRan = true }"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A Chromium that notices when a page calls `alert`."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        running.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TRAP})
        yield running


@pytest.mark.parametrize("options", [(), ("--show-photos",)], ids=["", "photos"])
def test_no_script_of_a_target_runs_in_its_report(browser: Chrome, options: tuple[str, ...], tmp_path: Path) -> None:
    """A target that sends nothing but scripts gets a report that shows them, all rows opened, and runs none.

    Nor does the page ask anyone for anything.
    """
    reports = run_suite("scripts", tmp_path, *QUICK, *options, "-k", "group").outcome.reports
    browser.get((reports / "report.html").as_uri())
    browser.find_element("xpath", "//button[.='Open the rows shown']").click()
    text = browser.execute_script("return document.body.innerText")
    ran = browser.execute_script("return window.aScriptRan === true")
    asked = browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
    browser.execute_script("alert(1)")

    assert SCRIPT in text
    assert browser.find_elements("css selector", "#results-table .exchange pre")
    assert not ran
    assert [] == [address for address in asked if not address.startswith("data:")]
    assert browser.execute_script("return window.aScriptRan === true"), "the trap is no trap"
