"""CTRF, the Common Test Report Format (ctrf.io, schema of specification 0.0.0): one test a cell."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from datetime import datetime
from typing import Any

from ..model import Outcome
from .causes import causes
from .cells import CellResult, Document, base_url, cells, ci_run, counts_as, stale
from .exchanges import Exchanges
from .junit import details, seconds, summary
from .printable import visible
from .verdicts_file import counts

_STATUS = {"passed": "passed", "failed": "failed", "skipped": "skipped", "error": "other", "xfailed": "other"}
_PARAMETERS = ("requirement", "level", "cites", "link", "variant", "form", "addressing", "state")
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "tag:photo-conformance,cells")


def report(document: Document, exchanges: Exchanges | None = None) -> dict[str, Any]:
    """The document as CTRF. Errors and known deviations are `other`; our word for an outcome is its `rawStatus`."""
    tests = [_test(cell, document, exchanges or {}) for cell in cells(document)]
    tests += [
        {"name": f"known deviation {number}", "status": "failed", "duration": 0, "message": visible(sentence, 500)}
        for number, sentence in enumerate(stale(document), 1)
    ]
    counted = Counter(test["status"] for test in tests)
    start, stop = _milliseconds(document["started"]), _milliseconds(document["finished"])
    run = ci_run(document)
    about = {"testEnvironment": base_url(document), "commit": run["commit"], "buildUrl": run["url"]}
    return {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "generatedBy": "photo-conformance",
        "results": {
            "tool": {"name": "photo-conformance"},
            "summary": {
                "tests": len(tests),
                **{status: counted[status] for status in ("passed", "failed", "skipped", "pending", "other")},
                "start": start,
                "stop": max(start, stop),
            },
            "tests": tests,
            "environment": {
                "appName": "Get profilePhoto",
                **{name: visible(value, 500) for name, value in about.items() if value},
            },
            "extra": {"edition": document["edition"], "counts": counts(document), "causes": _causes(document)},
        },
    }


def text(document: Document, exchanges: Exchanges | None = None) -> str:
    """The CTRF report as JSON."""
    return json.dumps(report(document, exchanges), indent=1, ensure_ascii=True) + "\n"


def _test(cell: CellResult, document: Document, exchanges: Exchanges) -> dict[str, Any]:
    test: dict[str, Any] = {
        "id": str(uuid.uuid5(_NAMES, cell.name.encode("utf-8", "backslashreplace").decode())),
        "name": visible(cell.name),
        "status": _STATUS[counts_as(cell.outcome, document)],
        "duration": round(seconds(cell, exchanges) * 1000),
        "rawStatus": cell.outcome.value,
        "suite": [visible(cell.chapter)],
        "tags": [cell.level, visible(cell.cites)],
        "parameters": {name: value for name in _PARAMETERS if (value := getattr(cell, name))},
        "extra": {"sentence": visible(cell.sentence), **({"cause": cell.cause} if cell.cause else {})},
    }
    if cell.outcome is not Outcome.CONFORMS:
        test |= {"message": summary(cell.worst, cell), "trace": details(cell, exchanges)}
    return test


def _causes(document: Document) -> list[dict[str, Any]]:
    names = ("id", "level", "outcome", "requirements", "operations", "verdicts")
    return [
        {"title": visible(each["title"], 600), "hint": each["hint"], **{name: each[name] for name in names}}
        for each in causes(document)
    ]


def _milliseconds(moment: str) -> int:
    try:
        return int(datetime.fromisoformat(moment).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return 0
