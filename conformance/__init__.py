"""A conformance suite for one contract of Microsoft Graph: Get profilePhoto.

From Python: `check(base_url, target=…)` gives a `Report`; see `api`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import NotConforming as NotConforming
    from .api import Report as Report
    from .api import check as check

__version__ = "1.0.0"
_OF_API = ("NotConforming", "Report", "check")


def __getattr__(name: str) -> Any:
    """What `api` offers, imported when it is first asked for."""
    if name not in _OF_API:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import api

    return getattr(api, name)
