"""A token is in no artefact and on no terminal line, whatever fails and however pytest is asked to show it."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from conformance.reference.default_tenant import default_tenant
from conformance.reference.target_export import tokens
from tests.e2e.hostile.targets import hostile
from tests.suite import ROOT, server, suite, suite_alone

CANARY = "canary/9f3b+7e21=token~of.no-user"
DISGUISES = (
    CANARY, quote(CANARY, safe=""), CANARY.replace("/", "\\/"), base64.b64encode(CANARY.encode()).decode(),
    base64.b64encode(f"Bearer {CANARY}".encode()).decode()[8:40],
)  # fmt: skip
SHOWING = ("--tb=long", "--showlocals", "-vv", "-rA")


def environment() -> dict[str, str]:
    """Every token of the reference directory is the canary."""
    return dict.fromkeys(tokens(default_tenant()), CANARY)


def leaks(said: str, reports: Path) -> list[str]:
    """Where the canary shows, in any disguise."""
    texts = {"the terminal": said} | {
        path.name: path.read_text("utf-8", "replace") for path in reports.rglob("*") if path.is_file()
    }
    return [name for name, text in texts.items() if any(disguise in text for disguise in DISGUISES)]


@pytest.mark.parametrize("behaviour", ["echoes-token", "resets", "no-http", "scripts", "bad-gzip", "redirect-loop"])
def test_a_hostile_target_gets_no_token_into_a_report(tmp_path: Path, behaviour: str) -> None:
    """Whether a target echoes the token, breaks off or answers nonsense, the token shows nowhere."""
    with hostile(behaviour, tmp_path) as opened:
        outcome = suite(
            *SHOWING, "--deadline=2", "--patience=2", "-k", "group and (present or no-credentials)", *opened,
            reports=tmp_path / "reports", env=environment(),
        )  # fmt: skip

    assert outcome.code in (1, 6)
    assert [] == leaks(outcome.said, outcome.reports)


def test_a_crash_of_our_own_leaks_nothing(tmp_path: Path) -> None:
    """A requirement that breaks is reported as broken with a full traceback, exit 3, and no token in it."""
    (tmp_path / "breaking.py").write_text(
        "import conformance.requirements\n"
        "from conformance.catalogue.requirement import CATALOGUE\n"
        "from dataclasses import replace\n"
        "def broken(answer):\n    raise RuntimeError(repr(answer.exchange))\n    yield\n"
        "name = 'picture.is-a-picture'\n"
        "CATALOGUE[name] = replace(CATALOGUE[name], function=broken)\n"
    )
    with server(tmp_path) as running:
        outcome = suite_alone(
            *SHOWING, "-k", "is-a-picture", "-p", "breaking", f"--target={running.target}",
            reports=tmp_path / "reports", env=dict(running.tokens) | {"PYTHONPATH": str(tmp_path)},
        )  # fmt: skip

    found = [name for name, token in running.tokens.items() if any(token in text for text in _texts(outcome.reports))]
    assert 3 == outcome.code
    assert "RuntimeError" in outcome.said
    assert [] == found
    assert not any(token in outcome.said for token in running.tokens.values())


def _texts(reports: Path) -> list[str]:
    return [path.read_text("utf-8", "replace") for path in reports.rglob("*") if path.is_file()]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGHUP])
def test_an_interrupted_run_writes_its_reports_and_leaks_nothing(tmp_path: Path, ending: signal.Signals) -> None:
    """A signal while recording ends the run with 2: reports are written, without a token or a half file."""
    reports = tmp_path / "reports"
    with hostile("drips-body", tmp_path) as opened:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *SHOWING, *opened, f"--reports={reports}", "--deadline=8"],
            cwd=ROOT, env=dict(os.environ) | environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        due = time.monotonic() + 60
        while not reports.exists() and time.monotonic() < due:  # it is made just before anything is asked
            time.sleep(0.05)
        time.sleep(1)  # so that some of it is under way
        process.send_signal(ending)
        said = process.communicate(timeout=60)[0].decode("utf-8", "replace")

    assert 2 == process.returncode
    assert "interrupted" in json.loads((reports / "badge.json").read_text("utf-8"))["message"]
    assert [] == leaks(said, reports)
    assert {"verdicts.json", "exchanges.har", "junit.xml", "report.html"} <= {path.name for path in reports.iterdir()}
    assert not [path for path in reports.iterdir() if path.name.endswith(".part")]
    assert (reports / "report.html").read_text("utf-8").count("col-verdict") > 1000, "the page has no rows"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_reports_are_written_lets_them_be_whole(tmp_path: Path, ending: signal.Signals) -> None:
    """The run is through: its reports and its exit code are those of a run that nothing disturbed."""
    (tmp_path / "ends.py").write_text(
        "import os, time\n"
        "from conformance.reporting import report_files\n"
        "write = report_files.write\n"
        f"def signalled(*given):\n    os.kill(os.getpid(), {int(ending)})\n    time.sleep(0.1)\n"
        "    return write(*given)\n"
        "report_files.write = signalled\n"
    )
    outcome = suite_alone(
        "-q", "-k", "unknown.is-404 and group", "-p", "ends", reports=tmp_path / "r", env={"PYTHONPATH": str(tmp_path)}
    )

    assert 0 == outcome.code, outcome.said
    assert not outcome.document["interrupted"]
    assert "not finished" not in (outcome.reports / "report.html").read_text("utf-8")
