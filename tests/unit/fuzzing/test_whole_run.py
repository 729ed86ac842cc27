"""Exploration as a user meets it: drawn, asked over a socket, evaluated, recorded, evaluated again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance.model import Answer, Failure
from conformance.reference.default_tenant import default_tenant
from conformance.reference.responses_sent import ServiceRequest
from conformance.reference.target_export import target_file_text, tokens
from tests.suite import ROOT, Outcome, suite
from tests.unit.fuzzing.odd import BUGS
from tests.unit.target.targets import served

pytestmark = pytest.mark.whole

MET = {one.name: one for one in BUGS}
SEVERAL = ("quote-breaks-the-query", "client-id-is-a-teapot", "brackets-get-a-page", "guest-is-somebody")


def several_bugs(request: ServiceRequest, answer: Answer) -> Answer:
    """The response of a server with several bugs."""
    for name in SEVERAL:
        outcome = MET[name](request, answer)
        if outcome is not answer and not isinstance(outcome, Failure):
            return outcome
    return answer


def explored(folder: Path, base_url: str, *arguments: str) -> Outcome:
    """The chapter on exploration of a run on the reference directory at that address."""
    tenant = default_tenant()
    target = folder / "target.toml"
    target.write_text(target_file_text(tenant, base_url, "v1.0-2016"), "utf-8")
    arguments = ("-q", "-k", "exploration", f"--target={target}", *arguments)
    return suite(*arguments, reports=folder / "reports", env=dict(tokens(tenant)))


def decided(outcome: Outcome) -> list[tuple[Any, ...]]:
    """The verdicts that are not good, without their addresses' port."""
    return [
        (v["case"], v["outcome"], v["exchanges"]) for v in outcome.document["verdicts"] if v["outcome"] != "conforms"
    ]


def test_bugs_are_found_over_a_socket_and_in_the_recording(tmp_path: Path) -> None:
    """Each cause has a line to paste; the recording, evaluated again, gives the same and sends nothing."""
    with served(several_bugs) as base_url:
        live = explored(tmp_path, base_url, "--explore=5")
    again = suite(
        "-q", "-k", "exploration", f"--recording={tmp_path / 'reports' / 'exchanges.har'}", reports=tmp_path / "again"
    )

    assert live.code == again.code == 1
    assert live.bad == again.bad == {MET[name].expected for name in SEVERAL}
    assert live.said.count("curl -sS") == len(live.bad)
    assert decided(live) == decided(again)


def test_nothing_is_drawn_for_another_target_unless_it_is_asked_for(tmp_path: Path) -> None:
    """With a target of one's own there is no exploration, and no cell of it, unless --explore says so."""
    with served() as base_url:
        outcome = explored(tmp_path, base_url)

    assert outcome.code == 5
    assert "no tests ran" in outcome.said or "deselected" in outcome.said


@pytest.mark.parametrize(("explore", "code", "verdicts"), [("1", 0, 86), ("0", 5, 0)])
def test_a_run_on_the_embedded_server_explores_as_much_as_it_is_asked_to(
    tmp_path: Path, explore: str, code: int, verdicts: int
) -> None:
    """One request an operation is enough for a complete run; none is none."""
    outcome = suite("-q", "-k", "exploration", f"--explore={explore}", reports=tmp_path)

    assert outcome.code == code, outcome.said
    assert (len(outcome.document["verdicts"]) if code == 0 else 0) == verdicts


def test_collecting_imports_no_schemathesis() -> None:
    """Neither `--collect-only` nor a run that draws imports schemathesis or hypothesis into pytest's process."""
    program = (
        "import sys, pytest\n"
        "pytest.main(['--collect-only', '-q', '-k', 'exploration'])\n"
        "print('imported:', *sorted({name.split('.')[0] for name in sys.modules} & {'schemathesis', 'hypothesis'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.rstrip().endswith("imported:")
    assert "exploration.never-5xx" in done.stdout
