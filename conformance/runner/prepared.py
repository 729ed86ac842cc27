"""The first stage: all that is known, and checked, of a run before anything is sent or evaluated."""

from __future__ import annotations

import ipaddress
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..auth.authorization import CredentialError, UnusableToken
from ..auth.redaction import Redactor
from ..evaluation import edition_detection, known_deviations
from ..evaluation.known_deviations import Deviations
from ..fuzzing import drawn_requests
from ..model import Answer, Cell, Exchange, Failure, FailureKind, Recording, Request, UsageProblem
from ..options.config import Config
from ..planning.plan import cells
from ..recording import har_reader, har_writer, replay
from ..recording.har_reader import Cassette
from ..reporting.report_files import Destination
from ..requirements import CATALOGUE
from ..spec import EDITIONS, Edition
from ..spec.files import schema
from ..target import target_file
from ..target.target_file import DEFAULT_CALLER, Target, checked_base_url

if TYPE_CHECKING:
    from ..auth.tokens import SourcedTokens


@dataclass(frozen=True)
class Prepared:
    """A run that can begin: its options, and the files that they name, read and checked."""

    config: Config
    target: Target
    cassette: Cassette | None
    base_url: str | None
    """None: our own server is to be started, or a recording does not say."""
    embedded: bool
    """Whether the target is our own server, or was when it was recorded."""
    editions: tuple[Edition, ...]
    """Those that may be followed, the one with the most paths last."""
    deviations: Deviations
    redactor: Redactor
    """Knows every secret as soon as it is read; whatever leaves the process passes it."""

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells of the edition, in the catalogue's order; with `auto` those of all editions."""
        return cells(CATALOGUE, *self.editions)

    @cached_property
    def cells_of(self) -> dict[str, list[Cell]]:
        """The cells by requirement."""
        return {name: list(group) for name, group in groupby(self.cells, lambda cell: cell.requirement)}

    @property
    def destination(self) -> Destination:
        """Where the reports go; the files that the run reads stay as they are."""
        config = self.config
        inputs = tuple(path for path in (*config.recording, config.known_deviations) if path)
        return Destination(config.reports, inputs, config.show_photos, config.show_ids)

    @property
    def widest_edition(self) -> Edition:
        """The edition to plan by: it asks for all that any of the editions needs."""
        return self.editions[-1]

    @property
    def edition_asked(self) -> str:
        """The edition's name as it was asked for: `auto` where the responses decide."""
        return edition_detection.AUTO if len(self.editions) > 1 else self.widest_edition.name

    @property
    def shard(self) -> tuple[int, int] | None:
        """Which part of how many this run is about; None: the whole."""
        return self.config.shard or (replay.shard(self.cassette) if self.cassette else None)

    @property
    def complete_when_merged(self) -> bool:
        """Whether a cell that is not exercised fails the run that this one is, or is a shard of."""
        return self.embedded if self.config.complete is None else self.config.complete

    @property
    def complete(self) -> bool:
        """Whether a cell that is not exercised fails this run."""
        return self.complete_when_merged and self.shard is None


def prepare(config: Config, cassette: Cassette | None = None) -> Prepared:
    """Read and check what the options name; `cassette`: a recording that has been read already.

    Raises:
        UsageProblem: something cannot be used.
    """
    if sys.flags.optimize > 1:
        raise UsageProblem("expected Python without -OO (PYTHONOPTIMIZE=2): reports quote docstrings, which it drops")
    given = {} if config.target is None else config.target
    target = target_file.parse(given) if isinstance(given, Mapping) else target_file.read(given)
    cassette = har_reader.load(*config.recording) if config.recording else cassette
    base_url = target.base_url if config.base_url is None else config.base_url
    if base_url is not None:
        base_url = checked_base_url(base_url)
    elif config.target is not None and cassette is None:
        raise UsageProblem("the target file: expected a base_url in it, or --base-url")
    embedded = cassette.about.get("embedded") is True if cassette else base_url is None
    explore = drawn_requests.count(config.explore, cassette, embedded=embedded)
    recorded = cassette.about.get("edition") if cassette else None
    name = config.edition or target.edition or (recorded if recorded in EDITIONS else None) or EDITIONS[0]
    return Prepared(
        config,
        target,
        cassette,
        base_url,
        embedded,
        edition_detection.candidates(name, odata=config.odata, explore=explore),
        known_deviations.read(config.known_deviations, CATALOGUE) if config.known_deviations else Deviations(),
        Redactor(
            (*config.http_header, *(cassette.secrets if cassette else ())),
            (*target_file.harmless(target, base_url or ""), *_vocabulary()),
        ),
    )


@cache
def _vocabulary() -> tuple[str, ...]:
    """What stands in every report and recording of ours: a token that is one of these words is not looked for there."""
    answer = Answer(200, (("Content-Type", "application/json"),))
    exchange = Exchange("", Request("", ""), answer, Failure(FailureKind.UNREACHABLE, ""), (answer,))
    recording = har_writer.har(Recording({"": exchange}), (), {}).lines()
    return (*recording, *(json.dumps(schema(name)) for name in ("verdicts", "recording")), *CATALOGUE)


def checked(target: Target, tokens: SourcedTokens, config: Config, base_url: str) -> Target:
    """The target, when every source of a token can be used; without a default caller where there is no token at all.

    Raises:
        UsageProblem: a source cannot be used, a header is given twice, or a secret would go over plain http to a host
            that is not loopback.
    """
    names = [name.lower() for name, _ in config.http_header]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageProblem(f"header {twice!r} is given twice")
    tenant = target.tenant
    for caller in target.sources:
        try:
            tokens.check(caller)
        except CredentialError as error:
            if caller != DEFAULT_CALLER or isinstance(error, UnusableToken):
                raise UsageProblem(str(error)) from None
            tenant = replace(tenant, default=None)
    secrets = tenant.default or tenant.identities or config.http_header
    if secrets and not config.allow_plain_http and urlsplit(base_url).scheme == "http":
        for host in (urlsplit(base_url).hostname, urlsplit(config.http_proxy or "").hostname):
            if host and not _is_loopback(host):
                raise UsageProblem(
                    f"--base-url: expected https://…, since a token would go over plain http to {host}; "
                    "--allow-plain-http allows it"
                )
    return replace(target, tenant=tenant)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
