"""One pytest item a cell: it is selected by pytest, and has its result from the document of the run."""

from __future__ import annotations

from typing import Any

import pytest

from ..model import Cell


class RequirementItem(pytest.Item):
    """A requirement on one path shape in one state of its owners."""

    def __init__(self, *, cell: Cell, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell = cell

    def runtest(self) -> None:
        """Nothing: the plugin reports the cell's verdicts without running anything."""

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, self.name
