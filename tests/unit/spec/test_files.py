"""conformance/spec/files.py, and the schema files themselves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.spec.files import SUFFIX, folder, schema

NAMES = sorted(file.name.removesuffix(SUFFIX) for file in folder("schemas").iterdir())


def patterns(node: Any) -> Iterator[str]:
    """All regular expressions of a schema."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for value in node.values():
            yield from patterns(value)
    elif isinstance(node, list):
        for value in node:
            yield from patterns(value)


def test_seven_schemas_are_there() -> None:
    """Three schemas are of the contract and four are of the suite's own files."""
    assert NAMES == ["deviations", "error", "placeholder", "profilephoto", "recording", "target", "verdicts"]


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_valid_and_says_its_name(name: str) -> None:
    """Each file is a valid JSON Schema 2020-12 whose $id is its file's name."""
    Draft202012Validator.check_schema(schema(name))

    assert schema(name)["$id"] == f"{name}.schema.json"
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", NAMES)
def test_each_pattern_is_anchored_at_both_ends(name: str) -> None:
    """Each pattern covers the whole text, which is what the validator's reading of a last `$` relies on."""
    assert [p for p in patterns(schema(name)) if not (p.startswith("^") and p.endswith("$"))] == []


def test_an_unknown_schema_is_reported() -> None:
    """A name that no schema has raises a KeyError that says it."""
    with pytest.raises(KeyError, match="no schema 'nothing'"):
        schema("nothing")


def test_no_schema_says_a_thing_twice() -> None:
    """No object of a schema file has two members of one name, of which readers would see one alone."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(dict(pairs)) == len(pairs), sorted(name for name, _ in pairs)
        return dict(pairs)

    for file in sorted(folder("schemas").glob("*.json")):
        assert json.loads(file.read_text("utf-8"), object_pairs_hook=unique)


@pytest.mark.parametrize("name", ["openapi", "schemas"])
def test_the_folders_of_the_contract_are_found(name: str) -> None:
    """Both folders are found, whether they lie beside the package or in it."""
    assert folder(name).name == name
    assert any(folder(name).iterdir())


def test_a_folder_that_is_missing_is_reported() -> None:
    """A missing folder is reported as an incomplete installation."""
    with pytest.raises(FileNotFoundError, match="not whole"):
        folder("no-such-folder")
