"""A HAR as Chromium's own tools write it: pages visited by a real browser, exported over the DevTools protocol."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --no-proxy-server "
    "--window-size=1280,1000"
)
Event = dict[str, Any]


@contextmanager
def chromium(profile: Path) -> Iterator[Chrome]:
    """A Chromium of our own. Without one the test is skipped, or fails with DEMAND_BROWSER=1."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    try:
        from selenium import webdriver
    except ImportError:
        webdriver = None  # type: ignore[assignment]
    if not (binary and driver and webdriver):
        message = "a browser needs selenium, Chromium and chromedriver"
        pytest.fail(message) if os.environ.get("DEMAND_BROWSER") == "1" else pytest.skip(message)
    options = webdriver.ChromeOptions()
    options.binary_location = str(binary)
    for flag in [*FLAGS.split(), f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    running = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield running
    finally:
        running.quit()


def visited(browser: Chrome, url: str, token: str | None) -> list[Event]:
    """The HAR entries of a visit, `Authorization: Bearer` sent along where there is a token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": headers})
    browser.get(url)
    return recorded(browser)


def recorded(browser: Chrome) -> list[Event]:
    """The HAR entries of all that the browser has asked for since it was last looked at."""
    events_by_request: dict[str, dict[str, Event]] = {}
    for line in browser.get_log("performance"):  # type: ignore[no-untyped-call]
        event = json.loads(line["message"])["message"]
        request = event["params"].get("requestId")
        if request and event["method"].startswith("Network."):
            events_by_request.setdefault(request, {})[event["method"].removeprefix("Network.")] = event["params"]
    return [
        _entry(browser, request, events)
        for request, events in events_by_request.items()
        if "requestWillBeSent" in events
    ]


def _entry(browser: Chrome, request: str, events: dict[str, Event]) -> Event:
    sent = events["requestWillBeSent"]["request"]
    headers = events.get("requestWillBeSentExtraInfo", {}).get("headers", {})
    return {
        "_priority": sent.get("initialPriority"),
        "_resourceType": str(events["requestWillBeSent"].get("type", "")).lower(),
        "startedDateTime": "2026-11-23T10:00:00.000Z",
        "time": 1.5,
        "request": {
            "method": sent["method"],
            "url": sent["url"],
            "httpVersion": "http/1.1",
            "headers": _pairs(sent["headers"] | headers),
            "queryString": [],
            "cookies": [],
        },
        "response": _response(browser, request, events),
        "cache": {},
        "timings": {"send": 0.1, "wait": 1, "receive": 0.4},
    }


def _response(browser: Chrome, request: str, events: dict[str, Event]) -> Event:
    if "responseReceived" not in events:
        return {"status": 0, "headers": [], "_error": events.get("loadingFailed", {}).get("errorText", "no answer")}
    got = events["responseReceived"]["response"]
    content: Event = {"size": 0, "mimeType": got["mimeType"]}
    if body := _body(browser, request):
        content |= {"text": body["body"]} | ({"encoding": "base64"} if body["base64Encoded"] else {})
        content["size"] = len(body["body"])
    return {
        "status": got["status"],
        "statusText": got["statusText"],
        "httpVersion": got.get("protocol", "http/1.1"),
        "headers": _pairs((events.get("responseReceivedExtraInfo") or got)["headers"]),
        "cookies": [],
        "content": content,
        "redirectURL": "",
        "bodySize": events.get("loadingFinished", {}).get("encodedDataLength", -1),
    }


def _body(browser: Chrome, request: str) -> Event | None:
    """The body, where the browser has kept it."""
    from selenium.common.exceptions import WebDriverException

    try:
        body: Event | None = browser.execute_cdp_cmd("Network.getResponseBody", {"requestId": request})
    except WebDriverException:
        return None
    return body


def _pairs(headers: dict[str, str]) -> list[Event]:
    return [{"name": name, "value": value} for name, value in headers.items()]
