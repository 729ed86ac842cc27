"""Runs on hostile targets: what is wrong is named, what works is evaluated, and neither time nor memory runs away."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from conformance.reporting.report_files import NAMES
from tests.e2e.hostile.targets import GROUPS, QUICK, Measured, run_suite

SECONDS, MEGABYTES = 30, 300
BUSY = 3
"""Where a run on a good target is slow, others may be so many times slower than that."""
SOME = ("-k", "group or user-folder")
"""Operations that behave badly here and others that do not: the rest adds time, and nothing to see."""

NOT_WHOLE = {"http.response-is-complete"}
OPEN = {
    "credentials.none-is-refused",
    "credentials.empty-is-refused",
    "credentials.garbage-is-refused",
    "credentials.other-scheme-is-refused",
    "permission.without-scope-discloses-nothing",
    "unknown.discloses-nothing",
    "picture.absent-is-404",
    "picture.is-a-picture",
}
"""What is violated where every request returns 200, and never a picture."""
NEVER_200 = {
    "picture.answers-200",
    "picture.absent-is-404",
    "metadata.answers-200",
    "placeholder.status-is-expected",
}
ON_GROUPS = {
    "silent": NOT_WHOLE,
    "drips-header": NOT_WHOLE,
    "gzip-bomb": NOT_WHOLE,
    "endless-body": NOT_WHOLE,
    "5000-headers": NOT_WHOLE,
    "deep-json": OPEN | {"option.unknown-is-refused"},
    "image-bomb": OPEN - {"picture.is-a-picture"} | {"metadata.is-json"},
    "redirect-elsewhere": NEVER_200,
    "429-soon": set[str](),
    "429-tomorrow": set[str](),
    "echoes-token": NEVER_200 | {"error.does-not-echo-token"},
}
"""Behaviours as unlike each other as there are, and the requirements that name them.

A path that refuses all callers alike has shown nothing with its 401 or its errors.
"""
ON_ALL = ("silent", "endless-body", "deep-json", "429-soon")
QUICK_ONES = ("5000-headers", "echoes-token")
"""Those that every change is tested by; the others take more than five seconds, or show what unit tests show too."""


def each(behaviours: Iterable[str]) -> list[ParameterSet]:
    return [pytest.param(name, marks=[] if name in QUICK_ONES else [pytest.mark.slow]) for name in behaviours]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """A run on the same owners, all of them served well."""
    return run_suite("closes", tmp_path_factory.mktemp("good"), *SOME, only=lambda path: False)


def is_a_groups(path: str) -> bool:
    return GROUPS in path.lower()


def elsewhere(measured: Measured) -> dict[tuple[str, str], tuple[str, Any]]:
    """Outcome and findings of every verdict that is not about groups."""
    found = measured.outcome.document["verdicts"]
    return {(v["requirement"], v["case"]): (v["outcome"], v["findings"]) for v in found if v["variant"] != "group"}


def assert_bounded(measured: Measured, good: Measured) -> None:
    """The run took neither long nor much, and left all its reports."""
    assert measured.outcome.reports.is_dir(), measured.outcome.said
    assert measured.seconds < max(SECONDS, BUSY * good.seconds)
    assert measured.megabytes < MEGABYTES
    assert {path.name for path in measured.outcome.reports.iterdir() if path.stat().st_size > 0} == set(NAMES)


@pytest.mark.parametrize("behaviour", each(ON_GROUPS))
def test_one_operation_that_behaves_badly_spoils_no_other(behaviour: str, tmp_path: Path, good: Measured) -> None:
    """What groups do wrong is named, and all else is evaluated as if they did it well."""
    measured = run_suite(behaviour, tmp_path, *QUICK, *SOME, only=is_a_groups)
    named = ON_GROUPS[behaviour]

    assert_bounded(measured, good)
    assert measured.outcome.bad == named
    assert measured.outcome.code == (1 if named else 6)
    assert elsewhere(measured) == elsewhere(good)


@pytest.mark.parametrize("behaviour", each(ON_ALL))
def test_a_target_that_is_hostile_everywhere_is_reported(behaviour: str, tmp_path: Path, good: Measured) -> None:
    """The run ends in time with what is wrong; where the target could not be evaluated, it says that."""
    measured = run_suite(behaviour, tmp_path, *QUICK, *SOME)
    named = ON_GROUPS[behaviour]

    assert_bounded(measured, good)
    assert measured.outcome.bad == named
    assert measured.outcome.code == (1 if named else 6)
    assert measured.outcome.document["counts"]["broken"] == 0


def test_a_target_full_of_scripts_is_evaluated_like_any_other(tmp_path: Path, good: Measured) -> None:
    """Scripts where types, tags and numbers are due are wrong types, tags and numbers, and no other path suffers."""
    measured = run_suite("scripts", tmp_path, *QUICK, *SOME, only=is_a_groups)

    assert_bounded(measured, good)
    assert measured.outcome.bad > OPEN | {"metadata.is-application-json", "metadata.width-is-int32"}
    assert elsewhere(measured) == elsewhere(good)
