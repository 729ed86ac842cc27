"""The fixture `photo_conformance`: where the package is installed, pytest finds it by itself."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .. import Report


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(parser: pytest.Parser, args: list[str]) -> Generator[None]:
    """Say it where pytest took the value of one of our options for the folder that it should start in."""
    yield
    if unknown := [word for word in parser.parse_known_and_unknown_args(args)[1] if word.startswith("--")]:
        from ..options.config import OPTIONS  # late: merely loading the plugin costs nothing

        for flag in {option.flag for option in OPTIONS}.intersection(unknown):
            raise pytest.UsageError(
                f"{flag}: pytest took the path after it for the folder to start in; write {flag}=PATH, "
                "or use `photo-conformance`"
            )


@pytest.fixture(scope="session")
def photo_conformance(pytestconfig: pytest.Config) -> Callable[..., Report]:
    """Tests a target against the contract: `photo_conformance(base_url, target=…, tokens=…, edition=…) -> Report`."""
    from .. import check  # late: merely loading the plugin costs nothing

    default = pytestconfig.getoption("base_url", None) or None  # pytest-base-url has an empty one where none is given

    def call(base_url: str | None = None, **options: Any) -> Report:
        return check(default if base_url is None else base_url, **options)

    return call
