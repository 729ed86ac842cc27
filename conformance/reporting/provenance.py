"""Where a run was made: the commit and the address of a CI run, as its environment tells them."""

from __future__ import annotations

from collections.abc import Mapping

_COMMIT = ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT", "BITBUCKET_COMMIT", "CIRCLE_SHA1")
_ADDRESS = ("CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL")


def ci_run(environment: Mapping[str, str]) -> dict[str, str]:
    """`commit` and `url` of the CI run, whichever are known; empty outside of one."""
    found = {"commit": _first(environment, _COMMIT), "url": _github(environment) or _first(environment, _ADDRESS)}
    return {name: value for name, value in found.items() if value}


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")


def _github(environment: Mapping[str, str]) -> str:
    parts = [environment.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")]
    return "{}/{}/actions/runs/{}".format(*parts) if all(parts) else ""
