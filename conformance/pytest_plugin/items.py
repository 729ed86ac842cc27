"""One pytest item a cell: it is selected by pytest, and has its result from the document of the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from ..model import Cell, Form, Level
from ..requirements import CHAPTERS
from ..spec import load


def markers(editions: Iterable[str]) -> dict[str, None]:
    """Lines for pytest's list of markers, whose words are those of `verdicts.json`."""
    variants = (operation.variant for edition in editions for operation in load(edition).operations)
    lines = [
        *(f"{level.lower()}: requirements of the level {level}" for level in Level),
        *(f"{form}: cells of the form {form}" for form in Form),
        *(f"{variant}: cells of the variant {variant}" for variant in variants),
        *(f"{chapter}: requirements of the chapter {chapter}" for chapter in CHAPTERS if chapter not in list(Form)),
    ]
    return dict.fromkeys(lines)


class RequirementItem(pytest.Item):
    """A requirement on one path shape in one state of its owners."""

    def __init__(self, *, cell: Cell, level: Level, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell = cell
        chapter = cell.requirement.partition(".")[0]
        for name in filter(None, (level.lower(), cell.form, cell.variant, chapter)):
            self.own_markers.append(pytest.Mark(str(name), (), {}, _ispytest=True))
            self.keywords[str(name)] = True

    def runtest(self) -> None:
        """Nothing: the plugin reports the cell's verdicts without running anything."""

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, self.name
