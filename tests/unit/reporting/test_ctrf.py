from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from conformance.reporting import ci
from conformance.reporting.run import Run
from tests.unit.reporting import runs

# What the public schema of CTRF demands (draft 0.0.0), in our own words: no other members, and these kinds.
ROOT = {"reportFormat": str, "specVersion": str, "generatedBy": str, "results": dict}
RESULTS = {"tool": dict, "summary": dict, "tests": list, "environment": dict, "extra": dict}
SUMMARY = dict.fromkeys(("tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"), int)
TEST = {"id": str, "name": str, "status": str, "duration": int, "rawStatus": str, "suite": list, "tags": list}
TEST_MAY = {"message": str, "trace": str, "parameters": dict, "extra": dict}
ENVIRONMENT_MAY = {"appName": str, "testEnvironment": str, "commit": str, "buildUrl": str}


def holds(value: dict[str, Any], must: Mapping[str, type], may: Mapping[str, type] | None = None) -> bool:
    kinds = {**must, **(may or {})}
    return set(must) <= set(value) <= set(kinds) and all(type(value[name]) is kinds[name] for name in value)


def test_the_report_is_valid_ctrf() -> None:
    """Members, kinds, statuses and ids are those that the public schema asks for, with a hostile target too."""
    document, _ = runs.run(hostile=True)
    report = json.loads(json.dumps(ci.ctrf(Run(document))))
    results = report["results"]
    assert holds(report, ROOT)
    assert report["reportFormat"] == "CTRF"
    assert re.fullmatch(r"\d+\.\d+\.\d+", report["specVersion"])
    assert holds(results, RESULTS)
    assert holds(results["tool"], {"name": str})
    assert holds(results["summary"], SUMMARY)
    assert holds(results["environment"], {}, ENVIRONMENT_MAY)
    for test in results["tests"]:
        assert holds(test, TEST, TEST_MAY)
        assert test["status"] in ("passed", "failed", "skipped", "pending", "other")
        assert uuid.UUID(test["id"])
        assert all(isinstance(each, str) for each in test["suite"] + test["tags"])


def test_the_summary_adds_up() -> None:
    """Every cell is one test, and every test is counted once."""
    document, _ = runs.run()
    summary = ci.ctrf(Run(document))["results"]["summary"]
    statuses = [summary[name] for name in ("passed", "failed", "skipped", "pending", "other")]
    assert sum(statuses) == summary["tests"] == len(Run(document).cells)
    assert summary["stop"] - summary["start"] == 7400


def test_ids_stay_from_run_to_run() -> None:
    """A cell has the same id in every run, and no other cell has it."""
    first, second = (ci.ctrf(Run(runs.run(faulty=faulty)[0]))["results"]["tests"] for faulty in (True, False))
    assert [test["id"] for test in first] == [test["id"] for test in second]
    assert len({test["id"] for test in first}) == len(first)


def test_causes_are_those_of_the_verdicts_file() -> None:
    """The report lists the causes in their order, and each failed test names one of them."""
    document, _ = runs.run()
    results = ci.ctrf(Run(document))["results"]
    listed = [(cause["id"], cause["title"], cause["verdicts"]) for cause in results["extra"]["causes"]]
    named = {test["extra"].get("cause") for test in results["tests"] if test["status"] == "failed"}
    assert listed == [(cause["id"], cause["title"], cause["verdicts"]) for cause in document["causes"]]
    assert named
    assert named <= {identity for identity, _, _ in listed}
