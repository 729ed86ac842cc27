"""How to record with a tool so that its recording holds what is evaluated."""

from __future__ import annotations

_ADVICE = {
    "webinspector": 'in Chromium\'s DevTools, disable the cache and choose "Export HAR (with sensitive data)"; bodies '
    "read by fetch().blob() or arrayBuffer() may be missing: open the photo's URL in a tab, or record with a proxy",
    "firefox": "in Firefox, disable the cache and persist logs, and raise devtools.netmonitor.responseBodyLimit",
    "playwright": 'with Playwright, record with recordHar: { path, content: "embed" }',
    "dev-proxy": "with dev-proxy, set includeSensitiveInformation and includeResponse of HarGeneratorPlugin to true",
    "mitmproxy": "with mitmproxy, record with --set hardump=FILE, and without stream_large_bodies",
}
_SAME = {"browser": "playwright", "dev proxy": "dev-proxy", "devproxy": "dev-proxy", "mitmdump": "mitmproxy"}


def advice(creator: str) -> str:
    """How to record better, with the tool that a recording names."""
    words = {**{tool: tool for tool in _ADVICE}, **_SAME}
    found = next((tool for word, tool in words.items() if word in creator.lower()), None)
    how = _ADVICE[found] if found else "for instance with mitmdump --set hardump=FILE, which keeps all"
    return f"to record what was not kept: {how} (docs/recordings.md)"
