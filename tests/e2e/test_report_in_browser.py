from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting import verdicts_file
from tests.e2e.recordings.chromium import chromium
from tests.unit.reporting import runs

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.interop

ROW = "placeholder.etag-is-empty:user.metadata.upn.absent"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One Chromium for all tests of this file."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on a faulty target."""
    return drawn(tmp_path_factory.mktemp("faulty"))


def drawn(home: Path, **how: Any) -> str:
    document, exchanges = runs.run(**how)
    (home / "v.json").write_text(verdicts_file.text(document))
    (home / "x.har").write_text(json.dumps({"log": {"entries": list(exchanges.values())}}))
    runs.redraw(home / "v.json", home / "x.har", home)
    return (home / "report.html").as_uri()


def fresh(browser: Chrome, address: str) -> None:
    browser.get("about:blank")
    browser.get(address)


def seen(browser: Chrome) -> list[str]:
    """Ids of the rows that are shown."""
    rows = browser.find_elements("css selector", "#results-table > tbody:not([hidden])")
    return [row.get_attribute("id") or "" for row in rows]


def test_a_square_of_the_matrix_leads_to_an_exchange(browser: Chrome, report: str) -> None:
    """From the matrix to its rows, from a row to its exchange, and the curl line into the clipboard."""
    fresh(browser, report)
    browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    browser.find_element("css selector", "a[href='#rows?chapter=placeholder&variant=user']").click()
    rows = seen(browser)
    assert ROW in rows
    assert {row.split(":")[0].split(".")[0] for row in rows} == {"placeholder"}
    assert {row.split(":")[1].split(".")[0] for row in rows} == {"user"}
    row = browser.find_element("id", ROW)
    row.find_element("css selector", "button").click()
    assert "HTTP/1.1 200 OK" in row.find_element("css selector", "details.exchange[open] pre").text
    line = row.find_element("css selector", ".curl code").text
    row.find_element("css selector", ".curl button").click()
    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])")
    assert copied == line
    assert line.startswith('curl -sS -i -H "Authorization: Bearer $GRAPH_TOKEN" ')


def test_the_page_works_by_keyboard(browser: Chrome, report: str) -> None:
    """A row is a button: Enter opens it, and the focus stays on it."""
    from selenium.webdriver.common.keys import Keys

    fresh(browser, f"{report}#rows?verdict=violates&variant=user")
    button = browser.find_element("css selector", "#results-table > tbody:not([hidden]) .col-links button")
    button.send_keys(Keys.ENTER)
    assert button.get_attribute("aria-expanded") == "true"
    assert browser.switch_to.active_element == button
    button.send_keys(Keys.ENTER)
    assert button.get_attribute("aria-expanded") == "false"


def test_a_row_has_an_address(browser: Chrome, report: str) -> None:
    """A link to a row, from a cause or from a mail, opens it."""
    fresh(browser, f"{report}#{ROW}")
    button = browser.find_element("id", ROW).find_element("css selector", ".col-links button")
    assert button.get_attribute("aria-expanded") == "true"


def test_filters_stay_in_the_address(browser: Chrome, report: str) -> None:
    """What is filtered, severity included, can be sent to somebody, and sorting keeps the choice and what is open."""
    from selenium.webdriver.support.ui import Select

    fresh(browser, report)
    Select(browser.find_element("name", "level")).select_by_visible_text("SHOULD")
    Select(browser.find_element("name", "variant")).select_by_visible_text("group")
    assert browser.current_url.endswith("#rows?level=SHOULD&variant=group")
    before = set(seen(browser))
    assert {row.split(":")[0] for row in before} == {"credentials.is-challenged"}
    fresh(browser, browser.current_url)
    assert set(seen(browser)) == before
    browser.find_element("css selector", "#results-table tbody:not([hidden]) .col-links button").click()
    browser.find_element("css selector", "th.col-verdict").click()
    assert set(seen(browser)) == before
    assert len(browser.find_elements("css selector", "#results-table button[aria-expanded=true]")) == 1


def test_the_keyboard_and_the_printer_have_few_rows(browser: Chrome, report: str) -> None:
    """Everything is in a landmark, links lead past the rows, and a hundred rows are shown at first."""
    fresh(browser, report)
    assert [link.get_attribute("hash") for link in browser.find_elements("css selector", ".skip a")] == [
        "#causes", "#rows", "#end",
    ]  # fmt: skip
    shown = "return [...document.querySelectorAll('#results-table > tbody')].filter((row) => row.offsetParent).length"
    assert browser.execute_script(shown) == 100
    browser.find_element("css selector", "[data-does=all]").click()
    assert browser.execute_script(shown) > 100
    inside = "return ['#title', '#results-table', '.summary'].every((one) => document.querySelector('main ' + one))"
    assert browser.execute_script(inside)


def test_no_script_from_the_wire_runs(browser: Chrome, tmp_path: Path) -> None:
    """With scripts in every field, all rows opened, the page is its own and nothing is fetched."""
    fresh(browser, drawn(tmp_path, hostile=True))
    browser.find_element("css selector", "[data-does=open]").click()
    assert browser.find_elements("css selector", "#results-table .exchange pre")
    assert browser.title == "Get profilePhoto: conformance report"
    assert browser.execute_script("return document.querySelectorAll('img').length") == 0
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert [line["message"] for line in browser.get_log("browser")] == []  # type: ignore[no-untyped-call]


def test_a_phone_shows_it_without_scrolling_sideways(browser: Chrome, report: str) -> None:
    """At 400 pixels nothing is wider than the screen, with a row opened and a long word in what to do."""
    size = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        fresh(browser, f"{report}#{ROW}")
        browser.execute_script("document.querySelector('.hint').append('x'.repeat(200))")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 400
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_verdict_and_matrix_need_no_script(browser: Chrome, report: str) -> None:
    """With scripts switched off the top of the page tells all that it tells otherwise."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        fresh(browser, report)
        text = browser.find_element("css selector", "section.pc").text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "Does not conform" in text
    assert "violates" in text
    assert "The placeholder's mediaEtag is the empty string." in text
