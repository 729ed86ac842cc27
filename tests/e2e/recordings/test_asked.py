"""What was asked: spellings of a path, sizes, other base URLs, packed files, several recordings."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from conformance.model import UsageProblem
from tests.e2e.recordings.evaluating import evaluated, prepared, run, written
from tests.e2e.recordings.invented import (
    BASE,
    INES,
    TOMO,
    UPNS,
    Entry,
    document,
    got,
    photo,
    picture,
    properties,
    seen,
    target,
)

MINE = ("picture.is-a-picture", "me.photo.present/user-1")
BOTH = [properties("/me", INES), photo("/me", INES)]


@pytest.mark.parametrize(
    "path",
    ["/me/photo/$value/", "//me//photo/$value", "/me/photo/%24value?t=1763894400", "/Me/Photo/$value?v=1&_=2"],
)
def test_another_spelling_of_a_path_that_is_found_is_the_path(path: str, tmp_path: Path) -> None:
    """Slashes too many, and options that get past caches, change nothing; a note says so."""
    found = document(tmp_path, [got(path, 200, picture(INES))], target(INES))

    assert seen(found)[MINE] == "conforms"
    assert any("slash too many" in note or "left aside" in note for note in found["notes"])


def test_an_unknown_option_may_lead_to_another_picture(tmp_path: Path) -> None:
    """What `?size=48x48` shows is compared neither with the photo nor with its metadata."""
    small = got("/me/photo/$value?size=48x48", 200, picture(TOMO))

    for entries in ([small, *BOTH], [*BOTH, small]):
        found = document(tmp_path, entries, target(INES))
        assert found["counts"]["violates"] == 0
        assert seen(found)[MINE] == "conforms"


@pytest.mark.parametrize(("accept", "status"), [("image/webp", 406), ("text/csv", 406), ("image/avif,image/webp", 200)])
def test_what_another_accept_gets_is_no_other_response_to_the_same(accept: str, status: int, tmp_path: Path) -> None:
    """A server may choose the type, or refuse the request, by Accept (RFC 9110 12.5.1), whichever was asked first."""
    other = got("/me/photo/$value", status, picture(TOMO))
    other["request"]["headers"][0]["value"] = accept

    for entries in ([other, *BOTH], [*BOTH, other])[status == 200 :]:
        assert document(tmp_path, entries, target(INES))["counts"]["violates"] == 0


def test_what_was_asked_a_thousand_times_is_evaluated_as_often(tmp_path: Path) -> None:
    """More of the same is left out, with a note: it says nothing new, and would fill the memory."""
    found = document(tmp_path, [*BOTH, *[photo("/me", INES)] * 1002], target(INES))

    assert seen(found)[MINE] == "conforms"
    assert "3 entries are left out: a thousand others asked the same and received the same" in found["notes"]


@pytest.mark.parametrize("path", ["/me/photo/$value/", "//me/photo/$value"])
def test_another_spelling_that_is_not_found_is_no_fault(path: str, tmp_path: Path) -> None:
    """The contract knows only the plain path."""
    error = {"error": {"code": "BadRequest", "message": "no such segment"}}
    found = document(tmp_path, [got(path, 404, error), *BOTH], target(INES))

    assert found["counts"]["violates"] == 0


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since", "Range"])
def test_a_condition_that_did_not_hold_got_the_plain_response(header: str, tmp_path: Path) -> None:
    """A browser asks with the tag of its copy, and gets the photo all the same."""
    entry = photo("/me", INES)
    entry["request"]["headers"].append({"name": header, "value": '"none"'})

    assert seen(document(tmp_path, [entry], target(INES)))[MINE] == "conforms"


def test_a_browsers_own_copy_behind_a_304_is_not_evaluated(tmp_path: Path) -> None:
    """Chromium's protocol gives it as 200 with the header fields of the 304, which has no Content-Type."""
    entry = photo("/me", INES)
    tag = {"name": "ETag", "value": '"1"'}
    entry["request"]["headers"].append({"name": "If-None-Match", "value": '"1"'})
    entry["response"]["headers"] = [tag]

    assert document(tmp_path, [*BOTH, entry], target(INES))["counts"]["violates"] == 0


def test_an_option_without_its_sign_is_an_option(tmp_path: Path) -> None:
    """OData 4.01 takes `select` for `$select`: less comes back, and that is no fault."""
    found = document(tmp_path, [got("/me/photo?select=id", 200, {"id": "48x48"}), *BOTH], target(INES))

    assert found["counts"]["violates"] == 0
    assert seen(found)["metadata.width-is-int32", "me.metadata.present/user-1"] == "conforms"


@pytest.mark.parametrize(
    ("path", "near"),
    [("/me/foto/photo", "/me/photo"), (f"/users/{INES}/photo/value", "/users/{user-id}/photo/$value")],
)
def test_a_path_that_matches_nothing_is_named_with_the_nearest(path: str, near: str, tmp_path: Path) -> None:
    """The note says the base URL too."""
    found = document(tmp_path, [got(path, 404, {"error": {}}), *BOTH], target(INES))

    assert f"no operation at {BASE}: GET {BASE}{path} (the nearest is GET {near})" in found["notes"]


@pytest.mark.parametrize(
    "base", ["https://graph.fabrikam.example/beta", "http://localhost:3000", "https://mock.example/a/v1.0"]
)
def test_entries_at_another_base_url_are_named_with_both(base: str, tmp_path: Path) -> None:
    """The target file says v1.0, and the note what to give instead."""
    entries = json.loads(json.dumps(BOTH).replace(BASE, base))
    found = document(tmp_path, entries, target(INES))

    assert not seen(found)
    assert found["notes"] == [f"2 entries are at {base}, not at {BASE}: to evaluate them, give --base-url={base}"]


def test_a_mock_without_a_version_is_found(tmp_path: Path) -> None:
    """Without a target file, the base URL ends where the operations begin."""
    entries = json.loads(json.dumps(BOTH).replace(BASE, "http://localhost:3000"))
    found = document(tmp_path, entries)

    assert found["target"]["base_url"] == "http://localhost:3000"
    assert seen(found)[MINE] == "conforms"


def changing(method: str, path: str, status: int = 204) -> Entry:
    """A request that changes a photo."""
    entry = got(path, status, b"")
    entry["request"]["method"] = method
    return entry


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (f"/users/{UPNS[INES]}", f"/users/{INES}/photo/$value"),
        ("/me", f"/users/{UPNS[INES].upper()}/photo"),
        (f"/users/{INES}", "/me/photo/$value"),
    ],
)
def test_a_photo_that_is_changed_by_another_path_is_changed(path: str, change: str, tmp_path: Path) -> None:
    """Id, userPrincipalName and `/me` may name one person."""
    entries = [photo(path, INES), changing("PUT", change), photo("/me", TOMO), photo(path, TOMO)]
    found = document(tmp_path, entries, target(INES))

    assert found["counts"]["violates"] == 0
    assert "1 entry is left out: from before a photo was changed" in found["notes"]


@pytest.mark.parametrize(("path", "status"), [(f"/users/{TOMO}/photo/$value", 204), ("/me/photo/$value", 403)])
def test_what_was_not_changed_is_evaluated(path: str, status: int, tmp_path: Path) -> None:
    """Another one's photo, or a change that was refused."""
    found = document(tmp_path, [*BOTH, changing("PATCH", path, status)], target(INES))

    assert seen(found)[MINE] == "conforms"


def test_entries_are_taken_in_the_order_of_their_times(tmp_path: Path) -> None:
    """Some tools write an entry when its response ends, also with times of other zones."""
    entries = [photo("/me", TOMO), properties("/me", INES), photo("/me", INES), changing("PUT", "/me/photo/$value")]
    times = ("2026-11-23T10:00:03.0000000Z", "2026-11-23T11:00:01+01:00", "2026-11-23T10:00:00", "2026-11-23T10:00:02Z")
    for entry, time in zip(entries, times, strict=True):
        entry["startedDateTime"] = time
    found = document(tmp_path, entries, target(INES))

    assert found["counts"]["violates"] == 0
    assert seen(found)[MINE] == "conforms"


@pytest.mark.parametrize(
    ("status", "body", "requirement"),
    [
        (200, picture(TOMO), "credentials.none-is-refused"),
        (404, {"error": {"code": "x", "message": "y"}}, "credentials.refused-with-401"),
    ],
)
def test_any_owner_that_is_open_without_a_token_is_found(
    status: int, body: bytes | dict[str, str], requirement: str, tmp_path: Path
) -> None:
    """An app requests other owners than the suite would choose."""
    bare = got(f"/users/{TOMO}/photo/$value", status, body, None)
    more = f'[[user]]\nid = "{TOMO}"\nphoto = true\n'
    found = document(tmp_path, [*BOTH, photo(f"/users/{TOMO}", TOMO), bare], target(INES, more=more))

    assert seen(found)[requirement, "user.photo.id.no-credentials/user-2"] == "violates"


def har(entries: list[Entry]) -> bytes:
    """A HAR of these entries."""
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "Playwright"}, "entries": entries}}).encode()


def apart(name: str) -> Entry:
    """An entry whose body lies in a file of this name."""
    entry = photo("/me", INES)
    entry["response"]["content"] = {"size": -1, "mimeType": "image/jpeg", "_file": name}
    return entry


@pytest.mark.parametrize("packed", [gzip.compress, *(partial(zlib.compress, level=level) for level in (0, 3, 6, 9))])
def test_a_packed_recording_is_read(packed: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """A file that gzip packed, or zlib as mitmproxy does, is unpacked, whatever its name."""
    path = tmp_path / "app.har"
    path.write_bytes(packed(har(BOTH)))

    assert seen(evaluated(recording=path, edition="observed"))[MINE] == "conforms"


@pytest.mark.parametrize("packed", [True, False])
def test_bodies_beside_the_recording_are_read(packed: bool, tmp_path: Path) -> None:
    """In Playwright's archive, or unpacked in its folder."""
    files = {"har.har": har([apart("a1.jpeg")]), "a1.jpeg": picture(INES)}
    path = tmp_path / "har.har"
    if packed:
        path = tmp_path / "app.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    else:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)

    assert seen(evaluated(recording=path, edition="observed"))[MINE] == "conforms"


@pytest.mark.parametrize("name", ["../secret.jpeg", "/etc/hostname", "..", ".", "a\0b", "gone.jpeg"])
def test_no_file_elsewhere_is_read(name: str, tmp_path: Path) -> None:
    """A body beside the recording is named without a folder."""
    folder = tmp_path / "inner"
    folder.mkdir()
    (tmp_path / "secret.jpeg").write_bytes(picture(INES))
    found = document(folder, [apart(name)], target(INES))

    assert seen(found)[MINE] == "inconclusive"


def test_an_archive_without_a_recording_is_refused(tmp_path: Path) -> None:
    """The message is one line that says why."""
    path = tmp_path / "app.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(UsageProblem, match=r"expected an archive with one \.har file in it, found 0"):
        prepared(recording=path)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 nonsense",
        b"\x1f\x8b nonsense",
        gzip.compress(b" " * 500)[:-9],
        zlib.compress(b" " * 500)[:-9],
        b"x\x9c nonsense",
    ],
)
def test_a_damaged_archive_is_refused(data: bytes, tmp_path: Path) -> None:
    """The message is one line that says why."""
    path = tmp_path / "app.har"
    path.write_bytes(data)
    with pytest.raises(UsageProblem, match="cannot be unpacked"):
        prepared(recording=path)


def test_several_recordings_are_one(tmp_path: Path) -> None:
    """Each entry is named with the file that it is in."""
    paths = []
    for number, entry in enumerate((BOTH[0], photo(f"/users/{TOMO}", TOMO)), 1):
        (tmp_path / str(number)).mkdir()
        paths.append(written(tmp_path / str(number), [entry]))
    found = evaluated(recording=tuple(paths), edition="observed")

    assert seen(found)["picture.is-a-picture", "user.photo.id.present/user-2"] == "conforms"
    assert {one for verdict in found["verdicts"] for one in verdict["exchanges"]} == {"entry-1", "recording-2.entry-1"}


def test_our_own_recordings_are_not_read_as_one(tmp_path: Path) -> None:
    """Each of them is a run by itself, and a usage error says so."""
    own = tmp_path / "own.har"
    lines = run(recording=written(tmp_path, BOTH), edition="observed").har().lines()
    own.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(UsageProblem, match="recordings of other tools where there are several"):
        prepared(recording=(own, own))
