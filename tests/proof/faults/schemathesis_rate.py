"""`python -m tests.proof.faults.schemathesis_rate`: how many of the same faults does schemathesis find, over HTTP?

Each fault is put into the reference server, and schemathesis is given the best that we know to give it: the contract's
OpenAPI description with the schemas of metadata and errors, our owners' ids as values and as examples of each path
parameter, a good token, every phase, every check, no redirect followed. It found the fault where it reports anything
that it does not report of the server without a fault. The sample is even over each family, in the catalogue's order;
the outcome is kept in `schemathesis_rate.json`, from which `docs/detection.md` is drawn.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from conformance.faults import FAULTS, names
from conformance.reference.default_tenant import ADELE, CLIENTS, default_tenant
from conformance.reference.embedding import Running, start
from conformance.reference.serving import Settings
from conformance.spec.files import folder

RESULTS = Path(__file__).with_suffix(".json")
LIMIT = 240
"""Seconds for one fault."""
Report = set[tuple[str, str]]
"""What was reported: the failure's code, and the operation."""


def sample(each: int) -> list[str]:
    """So many faults of each family, evenly spread over it; the families take turns, so that a part is even too."""
    families: dict[str, list[str]] = defaultdict(list)
    for name in names():
        families[FAULTS[name].family].append(name)
    spread = [[family[place * len(family) // each] for place in range(each)] for family in families.values()]
    return list(dict.fromkeys(name for turn in zip(*spread, strict=True) for name in turn))


def document() -> dict[str, Any]:
    """The contract's OpenAPI description, with our owners in it and one scheme of security that schemathesis knows."""
    text = (folder("openapi") / "profilephoto.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text.replace("../schemas/", f"{folder('schemas')}/"))
    document["components"]["securitySchemes"] = {"microsoft": {"type": "http", "scheme": "bearer"}}
    for path, item in document["paths"].items():
        get = item["get"]
        get["security"] = [{"microsoft": []}]
        # Any value of this header is allowed, as for the service: left in, it is all that schemathesis complains of.
        get["parameters"] = [given for given in get["parameters"] if not given["$ref"].endswith("/clientRequestId")]
        parameters = [
            document["components"]["parameters"][given["$ref"].split("/")[-1]] for given in item.get("parameters", ())
        ]
        item["parameters"] = [_with_values(parameter, _values(parameter["name"], path)) for parameter in parameters]
    return document


def _values(name: str, path: str) -> list[str]:
    people = default_tenant()
    if name == "user-id":
        return (
            [ADELE.id, ADELE.upn]
            if "contacts" in path
            else [key for user in people.users for key in (user.id, user.upn)]
        )
    if name == "group-id":
        return [group.id for group in people.groups]
    inside = CLIENTS if "contactfolders" in path else None
    return [inside or ""] if name == "contactFolder-id" else [one.id for one in ADELE.contacts if one.folder == inside]


def _with_values(parameter: Mapping[str, Any], values: list[str]) -> dict[str, Any]:
    examples = {f"owner-{place}": {"value": value} for place, value in enumerate(values)}
    kept = {key: value for key, value in parameter.items() if key not in ("example", "examples")}
    return {**kept, "schema": {"type": "string", "enum": values}, "examples": examples}


def reported(server: Running, examples: int) -> Report:
    """What schemathesis reports of a server."""
    with tempfile.TemporaryDirectory() as place:
        described, report = Path(place, "openapi.json"), Path(place, "report.json")
        described.write_text(json.dumps(document()), encoding="utf-8")
        command = [
            str(Path(sys.executable).with_name("st")), "run", str(described), "--url", server.base_url,
            "--header", f"Authorization: Bearer {server.tokens['ADELE_TOKEN']}",
            "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--max-redirects", "0",
            "--max-examples", str(examples), "--seed", "1", "--no-shrink", "--continue-on-failure",
            "--report", "json", "--report-json-path", str(report),
        ]  # fmt: skip
        subprocess.run(command, cwd=place, capture_output=True, timeout=LIMIT, check=False)
        if not report.exists():
            return {("no report", "")}
        found = json.loads(report.read_text(encoding="utf-8"))
    failures = {(one["code"], operation) for one in found["failures"] for operation in one["operations"]}
    return failures | {("error", json.dumps(one, sort_keys=True)) for one in found["errors"]}


def measured(name: str, good: Report, examples: int, until: float) -> list[str] | None:
    """The codes of what schemathesis reports of this fault, and not of the good server; None: the time is over."""
    if time.monotonic() > until:
        return None
    with start(Settings(faults=(name,))) as server:
        try:
            return sorted({code for code, _ in reported(server, examples) - good})
        except subprocess.TimeoutExpired:
            return ["timeout"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure a sample and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=6, help="faults of each family (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=15, help="begin no run after that (default: %(default)s)")
    parser.add_argument("--examples", type=int, default=10, help="cases of each operation (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=2, help="runs at the same time (default: %(default)s)")
    options = parser.parse_args(arguments)
    until = time.monotonic() + 60 * options.minutes
    with start() as server:
        good = reported(server, options.examples)
    chosen = sample(options.each)
    with ThreadPoolExecutor(options.at_once) as pool:
        found = list(pool.map(lambda name: measured(name, good, options.examples, until), chosen))
    results = {
        "schemathesis": version("schemathesis"),
        "examples": options.examples,
        "of the good server": sorted({code for code, _ in good}),
        "reported": {name: " ".join(codes) for name, codes in zip(chosen, found, strict=True) if codes is not None},
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
