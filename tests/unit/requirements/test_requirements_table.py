"""The table of statements against the catalogue: statements have requirements or a reason, requirements a statement."""

from __future__ import annotations

from functools import cache
from typing import Any

from conformance.catalogue.requirement import OPERATION, PERMISSION, Requirement
from conformance.requirements import CATALOGUE
from conformance.requirements.statements import statements
from conformance.spec import EDITIONS, load

MAY_BE_EXCLUDED = {"S2", "S25", "S38", "S40", "S41", "S42", "S43"}
CLAUSES = frozenset(
    clause
    for line in (
        "H1 H2 H3 H4 N1 N2 R1 R2 R3 R4 E1 E2 E3 S3 S4 S5a S5b S6 S7 S22a S23a S23b S23c S24a S24b S24c S27a S27b S27c",
        "S28 S29a S29b S29c S30a S30b S30c S30d S31 S32 S33a S33b S34a S34b S35a S35b S36a S36b S37",
        "S39a S39b S39c S39d S39e S39f",
    )
    for clause in line.split()
)
"""All clauses that can be broken by themselves, but for the paths S8 to S21."""


@cache
def table() -> dict[str, dict[str, Any]]:
    """The rows by their ids."""
    return {row["id"]: row for row in statements()}


def statements_of(requirement: Requirement) -> set[str]:
    """The statements that a requirement's verdicts cite, in any edition."""
    operations = [operation for edition in EDITIONS for operation in load(edition).operations]
    if requirement.cites == OPERATION:
        form = "photo" if requirement.chapter == "picture" else "metadata"
        return {operation.statement for operation in operations if operation.form == form}
    if requirement.cites == PERMISSION:
        return {operation.permission_statement for operation in operations}
    return {requirement.cites}


def test_every_statement_has_a_row() -> None:
    """S1 to S43, every clause and every path have a row."""
    assert {f"S{number}" for number in range(1, 44)} | CLAUSES <= set(table())


def test_a_row_is_tested_or_excluded() -> None:
    """A row says what it means, by which page, and which requirement tests it or why none does."""
    for row in table().values():
        assert set(row) in ({"id", "says", "cites", "tested_by"}, {"id", "says", "cites", "excluded"})
        assert row["says"].endswith(".")
        assert row["cites"].startswith("https://")
        assert row.get("tested_by") or row.get("excluded"), row["id"]


def test_only_what_cannot_be_evaluated_is_excluded() -> None:
    """Seven statements may be excluded, and no other one."""
    assert {name for name, row in table().items() if "excluded" in row} == MAY_BE_EXCLUDED


def test_every_requirement_named_is_in_the_catalogue() -> None:
    """The table names no requirement that there is none of."""
    assert {evaluator for row in table().values() for evaluator in row.get("tested_by", ())} - set(CATALOGUE) == set()


def test_every_requirement_has_its_rows() -> None:
    """Each statement that a requirement cites has a row that names the requirement that tests it."""
    for requirement in CATALOGUE.values():
        for statement in statements_of(requirement):
            assert statement in table(), f"{requirement.id} cites {statement}, which has no row"
            assert requirement.id in table()[statement]["tested_by"], f"{statement} does not name {requirement.id}"


def test_every_requirement_of_a_row_cites_it() -> None:
    """A row's requirements cite it, or a part of it; a general statement names those that test it on the paths."""
    general = {"S1", "S26"}
    for name, row in table().items():
        for evaluator in row.get("tested_by", ()) if name not in general else ():
            cited = statements_of(CATALOGUE[evaluator])
            parts = {statement for statement in cited if statement == name or statement[:-1] == name}
            known = {("S22", "R1"), ("S29", "S15"), ("S29a", "S15")}
            assert parts or any((name, statement) in known for statement in cited), f"{evaluator} does not test {name}"
