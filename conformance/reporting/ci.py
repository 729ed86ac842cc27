"""What CI services read and say: JUnit XML, CTRF, the badge; and where a run was made. One test case a cell."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..model import Level, Outcome
from .conclusion import concluded
from .exchanges import asked_as, curl_line
from .printable import timestamp, visible
from .run import CellResult, Exchanges, Run
from .templates import rendered

_VERDICTS_SHOWN = 50
_STATUS = {"passed": "passed", "failed": "failed", "skipped": "skipped", "error": "other", "xfailed": "other"}
_PARAMETERS = ("requirement", "level", "cites", "link", "variant", "form", "addressing", "state")
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "tag:photo-conformance,cells")
_COMMIT = ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT", "BITBUCKET_COMMIT", "CIRCLE_SHA1")
_ADDRESS = ("CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL")
_GITHUB = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")


def ci_run(environment: Mapping[str, str]) -> dict[str, str]:
    """`commit` and `url` of the CI run, as its environment names them; what is not known is left out."""
    github = [environment.get(name, "") for name in _GITHUB]
    addresses = ["{}/{}/actions/runs/{}".format(*github)] if all(github) else []
    addresses += [environment[name] for name in _ADDRESS if environment.get(name)]
    commits = [environment[name] for name in _COMMIT if environment.get(name)]
    return {name: found[0] for name, found in (("commit", commits), ("url", addresses)) if found}


def badge(run: Run) -> str:
    """The JSON of a shields.io endpoint badge: how many MUSTs are violated, of how many, on how many operations."""
    said, must = concluded(run), run.requirements[Level.MUST]
    violated = f"{must.failed} of {must.of} MUST violated" if must.of else ""
    made = {
        "schemaVersion": 1,
        "label": f"profilePhoto {run.document['edition']}",
        "message": ", ".join(filter(None, (said.words.lower(), violated, said.partly))),
        "color": said.colour,
        "isError": said.exit_code in (1, 3) or said.outcome is Outcome.VIOLATES,
    }
    return json.dumps(made, indent=1) + "\n"


def junit(run: Run) -> str:
    """The run as JUnit XML. A cell's outcome is its worst verdict's; its word stands in the properties."""
    return rendered(
        "junit.xml",
        run=run,
        counted=Counter(cell.counts_as for cell in run.cells),
        seconds=seconds,
        summary=summary,
        details=details,
    )


def summary(cell: CellResult) -> str:
    """What its worst verdict says, in one line of at most 500 characters."""
    verdict = cell.worst
    if verdict["blocked_by"]:
        return f"blocked by {visible(verdict['blocked_by'], 200)}"
    if verdict["findings"]:
        finding = verdict["findings"][0]
        parts = (visible(finding[name], 150) for name in ("at", "wanted", "got"))
        return "{}: expected {}, actual {}".format(*parts)
    return visible(verdict["reason"] or cell.sentence, 500)


def details(cell: CellResult, exchanges: Exchanges) -> str:
    """All that its verdicts say, but for those that conform; one line a finding."""
    lines = [f"{visible(cell.sentence, 500)} [{cell.requirement} {cell.level} {cell.cites}]"]
    grave = [verdict for verdict in cell.verdicts if verdict["outcome"] != Outcome.CONFORMS]
    for verdict in grave[:_VERDICTS_SHOWN]:
        lines.append(f"{visible(verdict['case'], 300)}: {verdict['outcome']}")
        if verdict["reason"]:
            lines.append(f"    {visible(verdict['reason'], 500)}")
        for finding in verdict["findings"]:
            at, wanted, got = (visible(finding[name], 500) for name in ("at", "wanted", "got"))
            lines += [f"    at {at}", f"        expected {wanted}", f"        actual   {got}"]
    if len(grave) > _VERDICTS_SHOWN:
        lines.append(f"… and {len(grave) - _VERDICTS_SHOWN} more, see verdicts.json")
    example = next((each for each in cell.worst["exchanges"] if each in exchanges), None)
    if example and (command := curl_line(exchanges[example])):
        lines += [f"Reproduce ({asked_as(exchanges[example])}):", f"    {command}"]
    return "\n".join(lines)


def seconds(cell: CellResult, run: Run) -> float:
    """How long the responses took that its verdicts look at, each once."""
    times = run.times
    return sum(times.get(each, 0.0) for each in {each for verdict in cell.verdicts for each in verdict["exchanges"]})


def ctrf(run: Run) -> dict[str, Any]:
    """The run as CTRF, the Common Test Report Format (ctrf.io, schema of specification 0.0.0).

    Errors and known deviations are `other`; our word for an outcome is its `rawStatus`.
    """
    tests = [_test(cell, run) for cell in run.cells]
    tests += [
        {"name": f"known deviation {number}", "status": "failed", "duration": 0, "message": visible(sentence, 500)}
        for number, sentence in enumerate(run.document["about"]["stale"], 1)
    ]
    counted = Counter(test["status"] for test in tests)
    start, stop = (int(timestamp(run.document[name]) * 1000) for name in ("started", "finished"))
    about = {"testEnvironment": run.base_url, "commit": run.ci["commit"], "buildUrl": run.ci["url"]}
    said = ("id", "level", "outcome", "requirements", "operations", "verdicts")
    causes = [
        {"title": visible(each["title"], 600), "hint": each["hint"], **{name: each[name] for name in said}}
        for each in run.causes
    ]
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
            "extra": {"edition": run.document["edition"], "counts": run.counts, "causes": causes},
        },
    }


def _test(cell: CellResult, run: Run) -> dict[str, Any]:
    test: dict[str, Any] = {
        "id": str(uuid.uuid5(_NAMES, cell.name.encode("utf-8", "backslashreplace").decode())),
        "name": visible(cell.name),
        "status": _STATUS[cell.counts_as],
        "duration": round(seconds(cell, run) * 1000),
        "rawStatus": cell.outcome.value,
        "suite": [visible(cell.chapter)],
        "tags": [cell.level, visible(cell.cites)],
        "parameters": {name: value for name in _PARAMETERS if (value := getattr(cell, name))},
        "extra": {"sentence": visible(cell.sentence), **({"cause": cell.cause} if cell.cause else {})},
    }
    if cell.outcome is not Outcome.CONFORMS:
        test |= {"message": summary(cell), "trace": details(cell, run.exchanges)}
    return test
