"""Makes the example beside it: `.venv/bin/python docs/example/make.py`.

A run on the reference server with faults that mocks have, drawn as `report.html`, `summary.md` and `verdicts.json`,
and `report.png`, the top of the page as Chromium shows it. Ports and times apart, it is the same each time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from conformance import check  # noqa: E402 - found by the line above, wherever this is called from
from conformance.reference import embedding  # noqa: E402
from conformance.reference.serving import Settings  # noqa: E402
from conformance.reporting.regenerate import redraw  # noqa: E402

FAULTS = {
    "operation.no-placeholder.me-contact": "placeholder.status-is-expected",
    "operation.no-placeholder.user-contact": "placeholder.status-is-expected",
    "operation.no-placeholder.me-folder": "placeholder.status-is-expected",
    "operation.no-placeholder.user-folder": "placeholder.status-is-expected",
    "placeholder.etag.weak-quotes": "placeholder.etag-is-empty",
    "narrow.octet-stream.group.photo": "picture.content-type-is-image",
    "narrow.smaller.user.photo.upn": "picture.dimensions-match-metadata",
    "operation.open.me-folder.photo": "credentials.none-is-refused",
    "credential.unchallenged-at.group.photo": "credentials.has-www-authenticate",
}
"""What the server does wrong, and the requirement that says so; the last one is a SHOULD."""
KEPT = ("report.html", "summary.md", "verdicts.json")
SHOWN_AS = "127.0.0.1:8080"
SCOPES = ("User.Read", "User.ReadBasic.All", "Group.Read.All", "Contacts.Read", "Mail.Read")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --no-proxy-server --hide-scrollbars --window-size=1280,1700"
)


def run(folder: Path) -> None:
    """Judge the faulty server, and write all reports into a folder, as if it had listened at its usual port."""
    with embedding.start(Settings(port=0, faults=tuple(FAULTS))) as server, tempfile.TemporaryDirectory() as told:
        check(target=_people(server.target), tokens=server.tokens, reports=told)
        address = urlsplit(server.base_url).netloc
        for name in ("verdicts.json", "exchanges.har"):
            text = (Path(told) / name).read_text("utf-8").replace(address, SHOWN_AS)
            (folder / name).write_text(text, "utf-8")
    redraw(folder / "verdicts.json", folder / "exchanges.har", folder)


def _people(target: Path) -> dict[str, Any]:
    """Of the reference directory two users, two groups, and a caller for each scope named: a small page."""
    people = tomllib.loads(target.read_text("utf-8"))
    callers = [one for one in people["identity"] if len(one["scopes"]) == 1 and one["scopes"][0] in SCOPES]
    return people | {"user": people["user"][:2], "group": people["group"][:2], "identity": callers}


def picture(page: Path, chromium: str) -> bytes:
    """The top of a page as a small PNG."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as profile:
        shot = Path(profile) / "shot.png"
        command = [chromium, *FLAGS.split(), f"--user-data-dir={profile}", f"--screenshot={shot}", page.as_uri()]
        subprocess.run(command, capture_output=True, timeout=60, check=True)  # noqa: S603 - a browser found by name
        small = BytesIO()
        Image.open(shot).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def main() -> int:
    """Write all anew; 1 where no Chromium is found for the picture."""
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder))
        for name in KEPT:
            shutil.copy(Path(folder) / name, HERE)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("report.png stays as it is: no Chromium was found")  # noqa: T201 - the command's answer
        return 1
    (HERE / "report.png").write_bytes(picture(HERE / "report.html", chromium))
    return 0


if __name__ == "__main__":
    sys.exit(main())
