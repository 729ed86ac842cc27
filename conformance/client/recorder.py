"""Sends every planned request once, and keeps the exchanges."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import unquote, urlsplit

from ..auth.authorization import CredentialError, Tokens, needs_token, proxy_fields, with_echoes
from ..auth.redaction import Redactor
from ..media.header_fields import wait_asked_for
from ..model import Answer, Exchange, Failure, FailureKind, Probe
from ..options.config import Config
from ..planning.plan import wave
from ..recording.exchange_store import ExchangeStore
from ..recording.har_file import one_line
from ..recording.sanitizer import granted
from . import circuit_breaker
from .circuit_breaker import CircuitBreaker
from .http_client import HttpClient
from .outgoing_request import OutgoingRequest, RequestBuilder
from .retry_policy import RetryPolicy, Stopped, interleaved
from .token_history import SPENT, token_history

PROGRESS = 0.1
"""Seconds between two reports of progress; on some systems Ctrl+C does not interrupt a thread that waits longer."""
LEAST_SETTLING, MOST_SETTLING = 0.05, 1.0
"""Seconds to wait for responses that were not asked for; a delayed acknowledgement holds one back for 40 ms."""
UNASKED = "bytes that belong to no response came"
LATELY = 20_000
"""Requests that are sent again where responses are found that were not asked for."""


class Recorder:
    """Sends probes and records exchanges; a context manager. No behaviour of the target makes it raise.

    Its state (connections, patience spent, operations given up) is kept from one `ask` to the next. A probe goes down
    from `send` by `_run` (threads), `_work`, `_exchange` (not where given up), `_sent` (pauses, one fresh token) and
    `_attempt` (a reset is tried again) to `_once`.
    """

    def __init__(
        self, config: Config, tokens: Tokens, exchanges: ExchangeStore | None = None, redactor: Redactor | None = None
    ) -> None:
        self.exchanges = ExchangeStore() if exchanges is None else exchanges
        """All so far, by probe key."""
        self.redactor = Redactor() if redactor is None else redactor
        """Has every secret that was sent; all output of the process passes through it."""
        self._config = config
        self._wrong_with_token = token_history(self._once)
        self._lately: deque[Probe] = deque(maxlen=LATELY)
        self._without_token: dict[str | None, Failure] = {}
        self._builder = RequestBuilder(config, tokens, self.redactor)
        self.sent = self._builder.sent
        self._http_client = HttpClient(config)
        self._retry = RetryPolicy(config.patience, config.rate, config.concurrency)
        receives = math.inf if self.exchanges.in_file else circuit_breaker.MOST_RECEIVED
        self._breaker = CircuitBreaker(config.deadline, config.concurrency, config.max_time, receives)
        self._keeping, self._closed = threading.Lock(), False
        """For the threads, which keep exchanges; and whether what comes now is too late to be kept."""
        self._usual_time = 0.0
        """Seconds that an exchange took of late."""
        self.redactor.add(unquote(urlsplit(config.http_proxy or "").password or ""), "Proxy-Authorization")
        for name, value in (*config.http_header, *proxy_fields(config.http_proxy)):
            self.redactor.add(value, name)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self._retry.stopped.set()
        self._http_client.close()

    def ask(self, probes: Sequence[Probe]) -> dict[str, Exchange]:
        """Send all that were not sent before; their exchanges by probe key, in the order given. See `send`."""
        self.send(probes)
        return {probe.key: self.exchanges[probe.key] for probe in probes}

    def send(self, probes: Sequence[Probe], on_progress: Callable[[int], None] = lambda _: None) -> None:
        """Send all that were not sent before, and wait for them; `on_progress` is given how many are through.

        When interrupted it stops at once, keeps the exchanges so far, and raises KeyboardInterrupt again.
        """
        fresh = list({probe.key: probe for probe in probes if probe.key not in self.exchanges}.values())
        before = len(self.exchanges)
        self._lately.extend(fresh)

        def progress() -> None:
            on_progress(len(self.exchanges) - before)

        try:
            for _, probes_of_wave in groupby(sorted(fresh, key=wave), wave):
                self._run([*probes_of_wave], progress)
            if fresh:
                self._confirm()
        finally:  # as planned, not as they happened to come
            self.exchanges.arrange(probe.key for probe in fresh)

    def finish(self) -> None:
        """After the last request: wait for responses that were not asked for, and find out what they put in doubt."""
        self._settle()
        self._confirm()

    def _settle(self) -> None:
        self._http_client.adapter.settle(min(MOST_SETTLING, LEAST_SETTLING + 2 * self._usual_time))

    def _run(self, probes: Sequence[Probe], progress: Callable[[], None] = lambda: None) -> None:
        """Send all from several threads, which keep each exchange as it comes; what a thread raised is raised here.

        `progress` is called now and then and at the end, and may raise to stop a run that makes no progress. What ends
        the run lets the threads end; exchanges that are finished a second later are kept too.
        """
        if self._retry.stopped.is_set():
            raise RuntimeError("this recorder is closed")
        todo, raised = deque(interleaved(probes)), list[Exception]()
        threads = [
            threading.Thread(target=self._work, args=(at, todo, raised), daemon=True, name=f"photo-conformance-{at}")
            for at in range(min(self._retry.at_once, len(probes)))
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive() and not raised:
                    thread.join(PROGRESS)
                    progress()
            if raised:
                raise raised[0]
            progress()
        except BaseException:
            self._retry.stopped.set()
            self._http_client.adapter.abort()
            todo.clear()
            until = time.monotonic() + 1
            for thread in threads:
                if thread.ident is not None:
                    thread.join(max(0.0, until - time.monotonic()))
            with self._keeping:
                self._closed = True
            raise

    def _work(self, number: int, todo: deque[Probe], raised: list[Exception]) -> None:
        """Send the next probe, and keep its exchange, until none is left, one raises, or there are too many threads."""
        with suppress(IndexError):
            while number < self._retry.at_once and (probe := todo.popleft()):
                try:
                    exchange = self._exchange(probe)
                    with self._keeping:
                        if not self._closed:
                            self.exchanges[exchange.id] = exchange
                except Stopped:
                    return
                except Exception as fault:  # noqa: BLE001 - a fault of ours: raised again in the thread that asked
                    raised.append(fault)
                    return

    def _exchange(self, probe: Probe) -> Exchange:
        operation = probe.shape.operation.id
        closed = self._breaker.given_up(operation) or self._without_token.get(_caller(probe))
        if closed is None:
            try:
                return self._sent(probe, self._builder.request(probe))
            except CredentialError as error:
                closed = Failure(FailureKind.CREDENTIAL, self.redactor.text(one_line(str(error))))
                self._without_token[_caller(probe)] = closed
        return Exchange(probe.key, self._builder.shown(probe), failure=closed)

    def _sent(self, probe: Probe, message: OutgoingRequest) -> Exchange:
        """Send it until there is a response to evaluate: after Retry-After pauses, and once more with a fresh token."""
        operation = probe.shape.operation.id
        throttled: list[Answer] = []
        renewed = False
        while True:
            self._retry.turn()
            started = datetime.now(UTC)
            outcome: Answer | Failure | None
            outcome, seconds = self._attempt(operation, message)
            if isinstance(outcome, Answer) and (wait := wait_asked_for(outcome)) is not None:
                throttled.append(outcome)
                late = self._breaker.given_up(operation, min(wait, self._retry.patience))
                outcome = late or self._retry.pause(operation, wait, again=len(throttled) > 1)
                if outcome is None:
                    continue
                if outcome is not late:  # each other operation goes on until its own next 429
                    self._breaker.give_up(operation, outcome)
            elif isinstance(outcome, Answer):
                self._retry.answered(operation)
                if why := self._wrong_with_token(operation, message, outcome):
                    if not renewed and self._builder.has_another_token(message):
                        renewed = True
                        message = self._builder.request(probe)
                        continue
                    if why == SPENT:
                        outcome = Failure(FailureKind.CREDENTIAL, f"the token of {_caller(probe)} {SPENT}")
            exchange = Exchange(
                id=probe.key,
                request=message.shown,
                answer=outcome if isinstance(outcome, Answer) else None,
                failure=outcome if isinstance(outcome, Failure) else None,
                throttled=tuple(throttled),
                started=started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                seconds=round(seconds, 6),
            )
            return with_echoes(exchange, self.redactor)

    def _confirm(self) -> None:
        """Request again, each on a connection of its own, what came over one with responses that were not asked for.

        It may be another's response, and may have made a good token look refused. Where one is longer than it says
        then, connections that ended before this was noticed are in doubt too: all of late is requested again. Where
        none is, what is to blame stays open.
        """
        adapter = self._http_client.adapter
        if not adapter.suspects:
            return
        self._settle()  # the other connections may be in the same state
        self._wrong_with_token = token_history(self._once)
        adapter.lingered = 0.0
        refused = {probe.key: probe for probe in self._lately if self._failed(probe, FailureKind.CREDENTIAL)}
        again = {**adapter.suspects, **refused}
        self._run_alone(again.values())
        if any(self._failed(probe, FailureKind.MALFORMED) for probe in again.values()):
            self._run_alone(probe for probe in self._lately if probe.key not in again)
        else:
            for key, detail in (adapter.unconfirmed or dict.fromkeys(list(again)[:1], UNASKED)).items():
                if key in self.exchanges:
                    flaky = Failure(FailureKind.FLAKY, f"{detail}, on a kept connection; a fresh one had it whole")
                    self.exchanges[key] = replace(self.exchanges[key], answer=None, failure=flaky)
        adapter.suspects.clear()
        adapter.unconfirmed.clear()
        self._lately.clear()

    def _failed(self, probe: Probe, kind: FailureKind) -> bool:
        failure = self.exchanges[probe.key].failure if probe.key in self.exchanges else None
        return failure is not None and failure.kind is kind

    def _run_alone(self, probes: Iterable[Probe]) -> None:
        """Request again, each on a connection of its own, what was requested before."""
        self._http_client.adapter.alone = True
        self._run([probe for probe in probes if probe.key in self.exchanges])
        self._http_client.adapter.alone = False

    def _attempt(self, operation: str, message: OutgoingRequest) -> tuple[Answer | Failure, float]:
        """The outcome of one request, or why its operation is given up, and the seconds that it took.

        A connection reset is reported as flaky where a second request succeeds.
        """
        if given_up := self._breaker.given_up(operation):
            return given_up, 0.0
        clock = time.monotonic()
        outcome = self._once(message)
        if isinstance(outcome, Failure) and outcome.kind is FailureKind.RESET:
            flaky = Failure(FailureKind.FLAKY, f"{outcome.detail}; requested again, the response was complete")
            outcome = self._once(message)
            outcome = flaky if isinstance(outcome, Answer) else outcome
        seconds = time.monotonic() - clock
        self._breaker.saw(operation, outcome, seconds)
        self._usual_time += (seconds - self._usual_time) / 16
        return outcome, seconds

    def _once(self, message: OutgoingRequest) -> Answer | Failure:
        outcome = self._http_client.fetch(message.prepared, message.probe)
        if isinstance(outcome, Answer):
            self.redactor.grant(granted(outcome))
        elif self._retry.stopped.is_set():
            raise Stopped  # we aborted it ourselves
        return outcome


def _caller(probe: Probe) -> str | None:
    return probe.credential.caller if needs_token(probe.credential) else None
