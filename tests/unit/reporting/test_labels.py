from __future__ import annotations

from typing import Any

from conformance.causes import grouping
from conformance.reporting.labels import labelled
from conformance.reporting.report_files import generated
from conformance.reporting.run import Run
from tests.unit.reporting import runs

GUID, UPN, CONTACT = "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "adele+x@contoso.example", "AAMkAGI2TG93AAA="


def run() -> tuple[dict[str, Any], dict[str, Any]]:
    """A run whose findings, reasons and requests name people."""
    document, exchanges = runs.run()
    identity, entry = next(iter(exchanges.items()))
    exchanges = {
        identity: entry
        | {
            "_probe": {"owner": "user-1.contact-2"},
            "time": 1500,
            "request": {
                "method": "GET",
                "headers": [],
                "url": f"https://h.example/v1.0/users/adele%2Bx%40contoso.example/contacts/{CONTACT[:-1]}%3D/photo",
            },
        },
        "other": entry
        | {"_probe": {"owner": "user-1"}, "request": {"url": f"https://h.example/v1.0/users/{GUID}/photo"}},
    }
    verdict = next(each for each in document["verdicts"] if each["outcome"] == "violates")
    got = f"https://h.example/users('{GUID}@1717622f-1d94-c0d4-9d74-f907ad6677b4')/contacts('{CONTACT}')/photo"
    verdict |= {"findings": [{"at": "$", "wanted": UPN.upper(), "got": got}], "exchanges": [identity]}
    document["notes"] = [f"bob@contoso.example and {GUID} were found"]
    grouping.attach(document, exchanges)
    return document, exchanges


def test_reports_that_leave_the_team_name_no_one() -> None:
    """Ids and names of users and contacts are labels in summary, JUnit, CTRF and badge, curl lines included."""
    document, exchanges = run()
    text = "".join(generated(Run(document, exchanges)).values())
    for secret in (GUID, UPN, "adele", "ADELE", CONTACT[:-1], "bob@", "1717622f"):
        assert secret not in text
    assert "/users/user-1.upn/contacts/user-1.contact-2/photo" in text


def test_an_id_that_the_suite_made_up_is_no_owner_s() -> None:
    """Its curl line would ask for another owner, who exists."""
    document, exchanges = run()
    identity, entry = next(iter(exchanges.items()))
    made_up = {
        "_probe": {"owner": "user-1.unknown-user"},
        "request": {"url": "https://h.example/v1.0/users/c5104ffc-d649/photo"},
    }
    said = labelled(Run(document, {**exchanges, "made up": {**entry, **made_up}}))
    assert said.exchanges["made up"]["request"]["url"].endswith("/users/unknown-user/photo")
    assert "/users/user-1.upn/" in said.exchanges[identity]["request"]["url"]


def test_ids_are_shown_on_request() -> None:
    """--show-ids keeps them, so that the curl line works as it stands."""
    document, exchanges = run()
    text = "".join(generated(Run(document, exchanges), show_ids=True).values())
    assert GUID in text
    assert "/users/adele%2Bx%40contoso.example/contacts/" in text


def test_what_names_no_one_stays() -> None:
    """Verdicts, cases and counts are the same."""
    document, exchanges = run()
    said = labelled(Run(document, exchanges)).document
    assert [each["case"] for each in said["verdicts"]] == [each["case"] for each in document["verdicts"]]
    assert said["counts"] == document["counts"]
    assert said["about"]["run"] == document["about"]["run"]


def test_junit_has_the_curl_line_and_real_times() -> None:
    """A failure says how to repeat it, and how long its responses took."""
    document, exchanges = run()
    text = generated(Run(document, exchanges), show_ids=True)["junit.xml"]
    assert "Reproduce (" in text
    assert 'time="1.500"' in text


def test_annotations_are_no_names() -> None:
    """`@odata.mediaEtag` is a property and not a userPrincipalName."""
    document, exchanges = run()
    verdict = next(each for each in document["verdicts"] if each["outcome"] == "violates")
    finding = {"at": "$['@odata.mediaEtag']", "wanted": "photo@odata.mediaEtag", "got": "`@odata.mediaEtag`"}
    verdict["findings"] = [finding]
    said = labelled(Run(document, exchanges)).document
    assert [finding] in [each["findings"] for each in said["verdicts"]]
