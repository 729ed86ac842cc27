"""Scenarios of one broken thing: how one is registered and run, and the gateways that several of them share."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import tomli_w

from conformance.model import Answer
from conformance.reference.embedding import Running
from tests.interop.gateways import Asked, Between, nginx
from tests.suite import Outcome, suite_alone

Behind = Callable[[Running, Path], AbstractContextManager[str]]
"""Starts what a scenario is about, before the reference server; gives the base URL to test."""


@dataclass(frozen=True)
class Scenario:
    """What is broken, the likely cause that has to come first, and the most causes there may be."""

    behind: Behind
    first: str
    most: int
    edition: str
    """Of the reference server; the suite tests for the default edition."""


SCENARIOS: dict[str, Scenario] = {}


def scenario(first: str, most: int = 2, edition: str = "v1.0-2016") -> Callable[[Behind], Behind]:
    """Register what starts a scenario under its name."""

    def register(behind: Behind) -> Behind:
        name = behind.__name__.replace("_", "-")
        SCENARIOS[name] = Scenario(behind, f"likely.{first}", most, edition)
        return behind

    return register


FEW = ("ADELE_USER_READ_TOKEN", "ADELE_CONTACTS_READ_TOKEN", "ADELE_MAIL_READ_TOKEN", "APP_TOKEN")
"""Callers beside the two signed-in users."""


def suite_on(api: Running, base_url: str, folder: Path, *arguments: str) -> Outcome:
    """A run on part of the reference server's owners and callers, with the default options of a live target."""
    data = tomllib.loads(api.target.read_text("utf-8"))
    del data["edition"]
    data["user"] = data["user"][:3]
    data["identity"] = [each for each in data["identity"] if each["token"]["env"] in FEW]
    folder.mkdir(exist_ok=True)
    target = folder / "target.toml"
    target.write_text(tomli_w.dumps(data), "utf-8")
    options = (f"--target={target}", f"--base-url={base_url}", "-q", *arguments)
    return suite_alone(*options, reports=folder / "reports", env=dict(api.tokens), timeout=300)


def upstream(api: Running) -> str:
    return f"http://{urlsplit(api.base_url).netloc}"


def proxied(api: Running, folder: Path, lines: str = "", http: str = "") -> AbstractContextManager[str]:
    """nginx that passes on, as it came, what these lines do not catch."""
    return with_version(nginx(folder, f"{lines}\nlocation / {{ proxy_pass {upstream(api)}; }}", http))


@contextmanager
def with_version(address: AbstractContextManager[str], version: str = "/v1.0") -> Iterator[str]:
    with address as root:
        yield root + version


def answered(change: Callable[[Asked, Answer], Answer]) -> Between:
    """A relay that changes responses alone."""
    return lambda asked, forward: change(asked, forward(asked))


def pictures(change: Callable[[Answer], Answer]) -> Between:
    """A relay that changes pictures alone."""

    def changed(asked: Asked, answer: Answer) -> Answer:
        return change(answer) if asked.target.endswith("/$value") and answer.status == 200 else answer

    return answered(changed)


def relabelled(answer: Answer, media_type: str, body: bytes) -> Answer:
    others = tuple(pair for pair in answer.headers if pair[0].lower() != "content-type")
    return replace(answer, headers=(*others, ("Content-Type", media_type)), body=body)
