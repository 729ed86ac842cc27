"""What is measured: our run and its parts, the same requests in a plain loop, and schemathesis."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from conformance.auth.authorization import authorization, needs_token
from conformance.auth.tokens import SourcedTokens
from conformance.client.recorder import Recorder
from conformance.evaluation.evaluator import Evaluator
from conformance.model import Probe, Recording
from conformance.options import config
from conformance.options.config import Config
from conformance.reference.embedding import Running
from conformance.runner.prepared import prepare
from conformance.runner.recorded import plan_for
from tests.suite import ROOT, suite_alone

CONCURRENCY = 4
Asked = tuple[str, dict[str, str]]


class Ours:
    """The default run on a server, and what it could be compared with."""

    def __init__(self, running: Running, folder: Path) -> None:
        self._running, self._folder = running, folder
        value = {"target": str(running.target)}
        begun = prepare(config.settle(value))
        plan = plan_for(begun.target.tenant, begun.widest_edition)
        self._tokens = SourcedTokens(begun.target.sources, running.tokens)
        self._probes = plan.probes(begun.cells)
        self.requests = len(self._probes)
        self.verdicts = sum(len(Evaluator(plan, Recording({})).verdicts(cell)) for cell in begun.cells)

    def _request(self, probe: Probe) -> Asked:
        token = self._tokens.token(probe.credential.caller or "") if needs_token(probe.credential) else None
        value = authorization(probe.credential, token)
        headers = {"Accept-Encoding": "identity", **dict(probe.headers)}
        return self._running.base_url + probe.target, headers | ({"Authorization": value} if value is not None else {})

    def run(self, *arguments: str) -> float:
        """`pytest`, reports and all."""
        clock = time.perf_counter()
        outcome = suite_alone(
            "-q", f"--target={self._running.target}", *arguments, reports=self._folder / "ours",
            env=dict(self._running.tokens), timeout=600,
        )  # fmt: skip
        if outcome.code:
            raise SystemExit(outcome.said)
        return time.perf_counter() - clock

    def recording(self) -> float:
        """The recorder alone."""
        clock = time.perf_counter()
        with Recorder(Config(base_url=self._running.base_url, concurrency=CONCURRENCY), self._tokens) as recorder:
            recorder.ask(self._probes)
        return time.perf_counter() - clock

    def bare(self) -> float:
        """requests in a loop, a session a thread, the same requests."""
        asked = [self._request(probe) for probe in self._probes]
        clock = time.perf_counter()
        lists = [asked[number::CONCURRENCY] for number in range(CONCURRENCY)]
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            list(pool.map(_loop, lists))
        return time.perf_counter() - clock


def _loop(asked: Sequence[Asked]) -> None:
    with requests.Session() as session:
        session.trust_env = False
        for url, headers in asked:
            _ = session.get(url, headers=headers, timeout=15, allow_redirects=False).content


class Schemathesis:
    """`schemathesis run` by tests/bench/schemathesis.toml, on our description."""

    def __init__(self, running: Running, folder: Path) -> None:
        self._running, self._folder = running, folder
        self.verdicts = 0
        """Pairs of an operation and a check."""
        self.looks = 0
        """How often a check was made, on one answer or another."""

    def run(self, *arguments: str) -> float:
        value = self._folder / "schemathesis.ndjson"
        here, program = Path(__file__).parent, Path(sys.executable).with_name("schemathesis")
        command = [str(program), "--config-file", str(here / "schemathesis.toml"), "run"]
        command += [str(ROOT / "openapi" / "profilephoto.yaml"), "--url", self._running.base_url]
        command += ["--phases", "examples,coverage,fuzzing,stateful"]
        command += ["--report", "ndjson", "--report-ndjson-path", str(value)]
        environ = {**os.environ, **self._running.tokens}
        clock = time.perf_counter()
        subprocess.run(command, cwd=self._folder, env=environ, capture_output=True, check=False)
        seconds = time.perf_counter() - clock
        self._count(value)
        return seconds

    def _count(self, value: Path) -> None:
        events = [json.loads(line).get("ScenarioFinished") for line in value.read_text("utf-8").splitlines()]
        looks = [
            (event["recorder"]["label"], check["name"])
            for event in events
            if event
            for checks in event["recorder"]["checks"].values()
            for check in checks
        ]
        self.looks, self.verdicts = len(looks), len(set(looks))
