from __future__ import annotations

import re

from markdown_it import MarkdownIt

from conformance.reporting import templates
from conformance.reporting.report_files import generated
from conformance.reporting.run import Run
from conformance.reporting.templates import rendered
from tests.unit.reporting import runs


def as_page(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def test_the_summary_tells_a_run() -> None:
    """Verdict, facts, matrix in words, each cause with its curl line, and what was not exercised."""
    document, exchanges = runs.run()
    page = as_page(rendered("summary.md", run=Run(document, exchanges)))
    assert "Get profilePhoto: Does not conform" in page
    assert page.count("<table>") == 2
    assert "❌ 4 violates, 12 conforms" in page
    assert page.count("curl -sS") == 4
    assert not re.search(r"evidence: *$", generated(Run(document, exchanges))["summary.md"], re.MULTILINE)
    assert "<h3>Not exercised</h3>" in page


def test_wire_text_is_never_markup() -> None:
    """No tag, picture, link, mention or table bar of a hostile target takes effect."""
    document, exchanges = runs.run(hostile=True)
    text = rendered("summary.md", run=Run(document, exchanges))
    page = as_page(text)
    assert "<script" not in page
    assert "<img" not in page
    assert "OWNED" in page
    hostile = "![x](http://h) <b> **b** `c` | @team www.evil.example https://evil.example\n# h"
    page = as_page(f"| a | b |\n|---|---|\n| {templates.plain(hostile)} | {templates.code(hostile)} |\n")
    assert page.count("<td>") == 2
    assert not re.search(r"<(img|a|b|strong|h1)\b", page)
    assert not re.search(r"@team|www\.", templates.plain(hostile) + templates.code(hostile))


def test_a_fence_outlasts_its_content() -> None:
    """A curl line with backticks does not end its block."""
    assert as_page(templates.block("a ```` b")).count("<pre>") == 1


def test_a_huge_run_stays_small() -> None:
    """A job's summary is cut by GitHub at 1 MiB; ours does not come near."""
    document, exchanges = runs.run(hostile=True, copies=8)
    for number, verdict in enumerate(document["verdicts"]):
        verdict["findings"] = [{"at": f"$.{'x' * (number % 300)}", "wanted": "w" * 9000, "got": "|`<" * 3000}]
    assert len(rendered("summary.md", run=Run(document, exchanges)).encode()) < 900_000
