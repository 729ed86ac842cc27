"""conformance/spec/description.py, and the description and its overlays themselves."""

import ast
import subprocess
import sys

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from conformance.model import Form, UsageProblem
from conformance.spec import EDITIONS, load
from conformance.spec.files import folder
from tests.tree import PACKAGE, parsed, python

USER = {"User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All"}
OWN = {"User.Read", "User.ReadWrite"}
GROUP = {"Group.Read.All", "Group.ReadWrite.All"}
CONTACT = {"Contacts.Read", "Contacts.ReadWrite"}

PAGE = [
    ("me", "/me/photo", "S3", USER | OWN, set()),
    ("user", "/users/{user-id}/photo", "S4", USER, OWN),
    ("group", "/groups/{group-id}/photo", "S6", GROUP, set()),
    ("me-contact", "/me/contacts/{contact-id}/photo", "S7", CONTACT, set()),
    ("user-contact", "/users/{user-id}/contacts/{contact-id}/photo", "S7", CONTACT, set()),
    ("me-folder", "/me/contactfolders/{contactFolder-id}/contacts/{contact-id}/photo", "S7", CONTACT, set()),
    (
        "user-folder", "/users/{user-id}/contactfolders/{contactFolder-id}/contacts/{contact-id}/photo",
        "S7", CONTACT, set(),
    ),
]  # fmt: skip

LATER = [("v1.0-2023", 23, 31), ("v1.0-2024", 24, 32), ("observed", 29, 40)]
FORMS = [(Form.PHOTO, "/$value", 8), (Form.METADATA, "", 15)]


def test_the_fourteen_operations_are_those_of_the_page() -> None:
    """Paths, statements and scopes are those of the page, in its order: seven pictures, then seven metadata."""
    found = [
        (o.variant, o.form, o.template, o.statement, o.permission_statement, set(o.scopes), set(o.own_scopes))
        for o in load().operations
    ]

    assert found == [
        (variant, form, path + ending, f"S{first + row}", statement, scopes, own)
        for form, ending, first in FORMS
        for row, (variant, path, statement, scopes, own) in enumerate(PAGE)
    ]


def test_the_twenty_shapes_are_in_the_order_of_the_page() -> None:
    """An operation that names a user is there twice, by id and then by userPrincipalName."""
    variants = [
        "me", "user", "user", "group", "me-contact", "user-contact", "user-contact", "me-folder",
        "user-folder", "user-folder",
    ]  # fmt: skip
    addressings = ["", ".id", ".upn", "", "", ".id", ".upn", "", ".id", ".upn"]

    assert [shape.key for shape in load().shapes] == [
        f"{variant}.{form}{addressing}"
        for form in ("photo", "metadata")
        for variant, addressing in zip(variants, addressings, strict=True)
    ]


@pytest.mark.parametrize(("edition", "operations", "shapes"), LATER)
def test_a_later_edition_begins_with_the_fourteen_and_adds_its_own(edition: str, operations: int, shapes: int) -> None:
    """The base operations keep their place; each one that is added has a statement of its own."""
    contract = load(edition)

    assert (operations, shapes) == (len(contract.operations), len(contract.shapes))
    assert [o.id for o in contract.operations[:14]] == [o.id for o in load().operations]
    assert all(o.statement.startswith("P") for o in contract.operations[14:])


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_operation_is_distinguished_from_the_others(edition: str) -> None:
    """No two operations share an id, a statement, or a variant and form."""
    operations = load(edition).operations

    for each in (
        {o.id for o in operations},
        {o.statement for o in operations},
        {(o.variant, o.form) for o in operations},
    ):
        assert len(each) == len(operations)


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_edition_is_a_valid_openapi_document(edition: str) -> None:
    """The description, overlays applied, is OpenAPI 3.1, its references into schemas/ included."""
    base = (folder("openapi") / "profilephoto.yaml").as_uri()

    found = list(OpenAPIV31SpecValidator(dict(load(edition).document), base_uri=base).iter_errors())

    assert found == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_scope_is_one_that_the_security_scheme_knows(edition: str) -> None:
    """No operation asks for a scope that is described nowhere."""
    contract = load(edition)
    flow = contract.document["components"]["securitySchemes"]["microsoft"]["flows"]["authorizationCode"]

    assert {scope for o in contract.operations for scope in o.scopes | o.own_scopes} == set(flow["scopes"])


def test_each_operation_answers_in_the_ways_of_the_contract() -> None:
    """Each of the fourteen documents the same statuses, and no default that would hide any other."""
    answers = {tuple(item["get"]["responses"]) for item in load().document["paths"].values()}

    assert answers == {("200", "400", "401", "403", "404", "406", "414", "429", "431", "501", "503")}


def test_schemathesis_reads_the_description() -> None:
    """Schemathesis sees the fourteen operations and resolves the schemas that stand in files of their own."""
    import schemathesis
    from schemathesis.core.result import Ok

    read = schemathesis.openapi.from_path(folder("openapi") / "profilephoto.yaml")

    assert [result.ok().path for result in read.get_all_operations() if isinstance(result, Ok)] == [
        o.template for o in load().operations
    ]


def test_the_observed_edition_has_no_placeholder() -> None:
    """What recordings show: no placeholder, and one scope more for users and groups."""
    observed = load("observed")
    components = observed.document["components"]

    assert "placeholder" not in components["schemas"]
    assert [one["$ref"][-8:] for one in components["schemas"]["metadata"]["anyOf"]] == ["ilePhoto", "selected"]
    assert {o.variant for o in observed.operations if "ProfilePhoto.Read.All" in o.scopes} == {
        "me", "user", "group", "me-size", "user-size", "group-size", "me-sizes", "user-sizes", "group-sizes",
    }  # fmt: skip


def test_the_edition_of_2024_opens_photos_by_scopes_for_photos_alone() -> None:
    """Users' and groups' photos open to two scopes more, contacts' and teams' do not; a group's sizes are listed."""
    contract = load("v1.0-2024")
    added = {o.variant for o in contract.operations} - {o.variant for o in load("v1.0-2023").operations}
    opened = {
        o.variant for o in contract.operations if {"ProfilePhoto.Read.All", "ProfilePhoto.ReadWrite.All"} <= o.scopes
    }

    assert added == {"group-sizes"}
    assert opened == {o.variant for o in contract.operations if o.owner in ("user", "group")}


def test_an_unknown_edition_is_refused_with_the_known_ones() -> None:
    """The message lists what could have been meant."""
    with pytest.raises(UsageProblem, match=r"v1\.0-2016, v1\.0-2023, v1\.0-2024, observed"):
        load("v2.0")


def test_the_default_edition_starts_without_what_it_does_not_need() -> None:
    """Neither jsonschema nor the overlays are imported to know the operations; and what is read is read once."""
    code = (
        "import sys; from conformance import spec; assert spec.load() is spec.load('v1.0-2016')\n"
        "print([m for m in ('jsonschema', 'referencing', 'requests') if m in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"


def test_no_variant_and_no_edition_stands_in_python() -> None:
    """Paths and editions are read from openapi/: but for faults and likely causes, no module names one in its code."""
    variants = {o.variant for edition in EDITIONS for o in load(edition).operations if "-" in o.variant}
    found = {
        f"{path.relative_to(PACKAGE)}: {node.value}"
        for path in python(PACKAGE)
        if path.relative_to(PACKAGE).parts[0] not in ("faults", "causes")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and node.value in {*variants, *EDITIONS}
    }

    assert found == set()
