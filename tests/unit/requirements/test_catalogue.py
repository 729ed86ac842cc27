"""The catalogue as a whole: every requirement is one that reviewers can find, read and rely on."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from conformance import requirements
from conformance.catalogue.requirement import OPERATION, PERMISSION
from conformance.planning.plan import cells
from conformance.requirements import CATALOGUE, CHAPTERS
from conformance.requirements.statements import described
from conformance.spec import EDITIONS, Edition, load


def test_an_id_is_a_chapter_and_a_slug() -> None:
    """Each id is lower case, never positional, and fit for -k, globs and URLs."""
    assert [name for name in CATALOGUE if not re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_a_requirement_says_what_it_asks() -> None:
    """The docstring's first sentence is what a report shows."""
    sentences = [requirement.sentence for requirement in CATALOGUE.values()]
    assert [sentence for sentence in sentences if not (sentence.endswith(".") and 20 < len(sentence) < 200)] == []


def test_a_requirement_is_short() -> None:
    """Each requirement's body fits fifteen lines, and its file is a chapter."""
    for name, requirement in CATALOGUE.items():
        assert requirement.function.__module__.rpartition(".test_")[2] in CHAPTERS, name
        if requirement.schema is None:  # else it is made, of a function with a docstring alone
            (function,) = ast.parse(inspect.getsource(requirement.function)).body
            assert isinstance(function, ast.FunctionDef), name
            docstring, *body = function.body
            assert (function.end_lineno or 0) - (docstring.end_lineno or 0) <= 15, name
            assert body, name


def test_it_cites_one_clause() -> None:
    """One clause, one owner: each requirement cites exactly one."""
    cited = {name: requirement.cites for name, requirement in CATALOGUE.items()}
    by_cell = (OPERATION, PERMISSION)
    odd = {
        name: one
        for name, one in cited.items()
        if one not in by_cell and not re.fullmatch(r"[SHNREOPUX]\d+[a-z]?", one)
    }
    assert odd == {}


def test_what_it_needs_is_there() -> None:
    """Needs and what is yielded to are requirements, not itself, and named once."""
    for name, requirement in CATALOGUE.items():
        others = (*requirement.needs, *requirement.yields_to)
        assert set(others) <= set(CATALOGUE) - {name}, name
        assert len(requirement.needs) == len(set(requirement.needs)), name


def test_what_reports_say_links_to_the_statement_that_is_cited() -> None:
    """A requirement on paths or scopes, which cites one statement a cell, links to the page."""
    links = {name: data["link"] for name, data in described().items()}
    assert set(links) == set(CATALOGUE)
    assert links["credentials.refused-with-401"] == "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2"
    assert links["picture.answers-200"] == "https://learn.microsoft.com/graph/api/profilephoto-get"


def test_needs_go_in_no_circle() -> None:
    """No requirement needs, through others, one that needs it."""

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        fresh = [other for other in CATALOGUE[start].needs if other not in seen]
        seen.update(fresh)
        return goal in fresh or any(reaches(other, goal, seen) for other in fresh)

    assert [name for name in CATALOGUE if reaches(name, name, set())] == []


def test_a_clause_has_one_owner() -> None:
    """No two check one clause, save S24a for each kind of credential, and S23a for names and values.

    Responses that are random, or were waited out, are checked by others.
    """
    cited = [
        requirement.cites
        for requirement in CATALOGUE.values()
        if requirement.cites not in (OPERATION, PERMISSION, "S23a", "S24a")
        and not requirement.id.startswith(("exploration.", "error.throttling-"))
    ]
    assert sorted(cited) == sorted(set(cited))


@pytest.mark.parametrize("edition", list(map(load, EDITIONS)), ids=EDITIONS)
def test_cells_are_named_once(edition: Edition) -> None:
    """No edition has two cells of one name, and names are fit for node ids."""
    names = [cell.name for cell in cells(CATALOGUE, edition)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z0-9_.\-\[\]]+", name) for name in names)


def test_the_first_edition_has_every_page_requirement() -> None:
    """In the edition of 2016 every requirement has cells but those of later editions, overlay and exploration."""
    known = load("v1.0-2016")
    with_cells = {cell.requirement for cell in cells(CATALOGUE, known)}
    other = {r.id for r in CATALOGUE.values() if r.odata or r.cites[0] == "P" or r.chapter == "exploration"}
    assert set(CATALOGUE) - with_cells == other


@pytest.mark.parametrize("edition", list(map(load, EDITIONS)), ids=EDITIONS)
def test_an_edition_knows_the_requirements_whose_level_it_changes(edition: Edition) -> None:
    """No edition sets the level of a requirement that does not exist."""
    assert set(edition.levels) <= set(CATALOGUE)


def test_chapters_are_the_files() -> None:
    """Each chapter's file is imported, and no file is left out."""
    folder = Path(requirements.__path__[0])
    assert {file.stem.removeprefix("test_") for file in folder.glob("test_*.py")} == set(CHAPTERS)
