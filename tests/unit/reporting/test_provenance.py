from __future__ import annotations

from conformance.reporting.ci import ci_run


def test_a_github_run_is_named() -> None:
    """The commit and the address of a GitHub Actions run come from its environment."""
    environment = {
        "GITHUB_SHA": "abc",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ID": "7",
    }
    assert ci_run(environment) == {"commit": "abc", "url": "https://github.com/o/r/actions/runs/7"}


def test_outside_of_ci_nothing_is_named() -> None:
    """A run at a desk has no commit: what lies in a working tree need not be committed."""
    assert ci_run({"HOME": "/root", "CI_COMMIT_SHA": ""}) == {}
