"""Every edition's reference server tested against every edition."""

from __future__ import annotations

import pytest

from conformance.model import Answer, Form, Outcome, Probe, State
from conformance.planning.plan import cells
from conformance.requirements import CATALOGUE
from conformance.spec import EDITIONS, load
from tests.in_process import bad, conforming_run
from tests.proof.editions.changing import named, refused

PATHS = {"metadata.answers-200", "picture.answers-200", "placeholder.status-is-expected"}
"""What paths that do not exist violate: lists, sizes, teams with a photo and without, folders in folders."""
OBSERVED = {"annotation.id-is-photo-url", "metadata.id-matches-dimensions", "placeholder.status-is-expected",
            "permission.without-scope-discloses-nothing"}  # fmt: skip
"""What the service does otherwise than the page: no @odata.id, free ids, 404 for no photo, one scope more."""
SCOPES = {"permission.without-scope-discloses-nothing"}
"""Of a server that opens photos to scopes that the edition does not list."""
VIOLATED = {
    ("v1.0-2016", "v1.0-2023"): PATHS,
    ("v1.0-2016", "v1.0-2024"): PATHS,
    ("v1.0-2016", "observed"): PATHS,
    ("v1.0-2023", "v1.0-2016"): {"metadata.id-matches-dimensions", "placeholder.id-is-1x1"},
    ("v1.0-2023", "v1.0-2024"): {"metadata.answers-200"},
    ("v1.0-2024", "v1.0-2016"): {"metadata.id-matches-dimensions", "placeholder.id-is-1x1"} | SCOPES,
    ("v1.0-2024", "v1.0-2023"): SCOPES,
    ("v1.0-2024", "observed"): PATHS | SCOPES,
    ("v1.0-2023", "observed"): PATHS,
    ("observed", "v1.0-2016"): OBSERVED,
    ("observed", "v1.0-2023"): OBSERVED,
    ("observed", "v1.0-2024"): OBSERVED - SCOPES,
}
"""By the edition of the server, and the one that it is evaluated by."""
PAGE = {"me", "user", "group", "me-contact", "user-contact", "me-folder", "user-folder"}
LATER = {
    "v1.0-2023": {"me-sizes", "me-size", "user-size", "group-size", "team"},
    "v1.0-2024": {"me-sizes", "me-size", "user-size", "group-sizes", "group-size", "team"},
    "observed": {"me-sizes", "user-sizes", "group-sizes", "me-size", "user-size", "group-size", "team",
                 "me-child-folder", "user-child-folder"},
}  # fmt: skip


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_server_conforms_wholly_to_its_own_edition(edition: str) -> None:
    """Every verdict conforms, and no cell is left unexercised."""
    assert {verdict.outcome for verdict in conforming_run(edition).evaluated()} == {Outcome.CONFORMS}


@pytest.mark.parametrize(("served", "evaluated"), VIOLATED)
def test_a_server_conforms_to_no_other_edition(served: str, evaluated: str) -> None:
    """Checked against another edition, a server violates what the table of editions says, and nothing else."""
    assert conforming_run(served, evaluated).named() == VIOLATED[served, evaluated]


@pytest.mark.parametrize("edition", LATER)
def test_the_paths_of_the_later_editions_are_asked(edition: str) -> None:
    """Each path that an edition adds is asked, of owners with a photo."""
    asked = {
        probe.shape.variant for probe, _, _ in conforming_run(edition).good.values() if probe.state is State.PRESENT
    }
    assert asked == PAGE | LATER[edition]


def test_the_first_edition_has_the_pages_paths_alone() -> None:
    """Nothing of the later editions and of the overlay stands among the cells of v1.0-2016."""
    own = list(cells(CATALOGUE, load("v1.0-2016")))
    assert {cell.variant for cell in own} == PAGE
    assert not [cell.name for cell in own if cell.requirement.startswith(("sizes.", "odata."))]


def test_of_owners_without_a_photo_only_the_placeholder_is_found() -> None:
    """Where the service answers 404 instead of a placeholder, the page's edition finds that of those owners alone."""
    absent = (v for v in conforming_run("observed", "v1.0-2016").evaluated() if v.state is State.ABSENT)
    assert bad(absent) == {"placeholder.status-is-expected"}


def test_a_target_that_differs_in_the_404_alone_is_found_by_one_clause() -> None:
    """A target that is the page's in all but the placeholder violates S39a, and no other clause."""

    def not_found(probe: Probe, answer: Answer) -> Answer | None:
        absent = probe.state is State.ABSENT and probe.shape.form is Form.METADATA
        return refused(404) if absent and answer.status == 200 else None

    assert named(conforming_run(), not_found) == {"placeholder.status-is-expected"}
    assert CATALOGUE["placeholder.status-is-expected"].cites == "S39a"


@pytest.mark.parametrize("edition", ["v1.0-2016", "observed"])
def test_the_service_may_refuse_applications_the_photos_of_groups_alone(edition: str) -> None:
    """An application with a listed scope may get 403 for a group's photo from the service, and for nothing else."""

    def refusing(kind: str) -> set[str]:
        def to_applications(probe: Probe, _: Answer) -> Answer | None:
            hit = probe.credential.app_only and probe.owner.kind == kind and probe.state is State.SCOPED
            return refused(403) if hit else None

        return named(conforming_run(edition), to_applications)

    enough = {"permission.one-scope-is-enough"}
    assert refusing("group") == (set() if edition == "observed" else enough)
    assert refusing("user") == enough


def _spelt(place: str) -> set[str]:
    def apply(probe: Probe, answer: Answer) -> Answer | None:
        data = {"list": b'{"value": {}}', "entry": b'{"value": [{"id": "48x48", "width": "48", "height": 48}]}'}
        lists = probe.shape.variant.endswith("-sizes") and answer.status == 200 and probe.request_kind == "plain"
        return Answer(200, answer.headers, data[place]) if lists else None

    return named(conforming_run("observed"), apply)


def test_a_list_that_is_none_is_found() -> None:
    """Sizes that are no array violate the requirement on them."""
    assert _spelt("list") == {"sizes.are-a-list"}


def test_an_entry_that_is_no_photo_is_found() -> None:
    """An entry of the list with a width of the wrong type violates the requirement on it."""
    assert _spelt("entry") == {"sizes.entries-are-metadata"}


def test_a_size_that_is_none_is_found_where_it_is_served() -> None:
    """A size that there is none of may be answered 400 or 404, and nothing else."""

    def served(status: int) -> set[str]:
        return named(
            conforming_run("observed"), lambda p, _: refused(status) if p.request_kind == "size-nosuch" else None
        )

    assert [served(400), served(404)] == [set(), set()]
    assert served(403) == {"sizes.unknown-size-is-refused"}
