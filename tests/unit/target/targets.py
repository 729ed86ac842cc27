"""Targets for tests of discovery: the reference service without a socket, one given path by path, one on a socket."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from conformance.model import Answer, Exchange, Failure, FailureKind, Probe, Request
from conformance.reference.app import App
from conformance.reference.default_tenant import default_tenant
from conformance.reference.responses_sent import ServiceRequest
from conformance.reference.service import Service
from conformance.reference.target_export import tokens

BASE = "http://127.0.0.1:8080/v1.0"
TOKENS = tokens(default_tenant())


@dataclass
class Asked:
    """Answers probes by a function of the path, and remembers what was asked."""

    answer: Callable[[str], Answer | None]
    targets: list[str] = field(default_factory=list)

    def __call__(self, probes: Sequence[Probe]) -> dict[str, Exchange]:
        return {probe.key: self._exchange(probe) for probe in probes}

    def _exchange(self, probe: Probe) -> Exchange:
        self.targets.append(probe.target)
        answer = self.answer(probe.target)
        failure = None if answer else Failure(FailureKind.UNREACHABLE, "unreachable")
        return Exchange(probe.key, Request("GET", BASE + probe.target), answer, failure)


def service(variable: str = "ADELE_TOKEN", without: Sequence[str] = ()) -> Asked:
    """The reference directory, asked with that token; paths that begin with one of `without` are not there."""
    reference = Service(default_tenant(), "v1.0-2016", BASE)
    header = (("authorization", f"Bearer {TOKENS[variable]}"),)

    def answer(target: str) -> Answer:
        path = target.partition("?")[0]
        if "/photo" not in path and any(path == word or path.startswith(f"{word}/") for word in without):
            return Answer(404)
        return reference.respond(ServiceRequest("GET", f"/v1.0{target}", header))[1]

    return Asked(answer)


def scripted(answers: Mapping[str, Any], otherwise: int = 404) -> Asked:
    """Answers by path without its query: a status, or a JSON body of a 200."""

    def answer(target: str) -> Answer:
        value = answers.get(target, answers.get(target.partition("?")[0], otherwise))
        if isinstance(value, int):
            return Answer(value)
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return Answer(200, (("Content-Type", "application/json"),), body)

    return Asked(answer)


Apply = Callable[[ServiceRequest, Answer], Answer]


@contextmanager
def served(apply: Apply = lambda _, answer: answer) -> Iterator[str]:
    """The reference server on the loopback in this process, each answer passed through `spoil`; its base URL."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1.0"

        class Spoiled(App):
            def answer(self, request: ServiceRequest) -> Answer:
                return apply(request, super().answer(request))

        app = Spoiled(Service(default_tenant(), "v1.0-2016", base_url))
        config = uvicorn.Config(app, http="httptools", loop="asyncio", ws="none", lifespan="off", log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield base_url
        finally:
            server.should_exit = True
            thread.join(5)
