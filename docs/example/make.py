"""Build the example report: `python docs/example/make.py FOLDER [--picture]`.

A run on the reference server with faults that mocks have. FOLDER gets all report files; with `--picture` the
screenshot beside this file is taken again, with Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from conformance import check  # noqa: E402 - found by the line above, from whichever folder this is called
from conformance.reference import embedding  # noqa: E402
from conformance.reference.serving import Settings  # noqa: E402

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
"""Each fault of the server, and the requirement that names it; the last one is a SHOULD."""
SCOPES = ("User.Read", "User.ReadBasic.All", "Group.Read.All", "Contacts.Read", "Mail.Read")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --no-proxy-server --hide-scrollbars --window-size=1280,715"
)
FONTS = """<fontconfig><include>/etc/fonts/fonts.conf</include><match target="font">
<edit name="antialias"><bool>false</bool></edit></match></fontconfig>"""
"""Letters of one colour: a third of the bytes."""


def run(folder: Path) -> None:
    """Test the faulty server, and write all reports into a folder."""
    with embedding.start(Settings(port=0, faults=tuple(FAULTS))) as server:
        check(target=_small_target(server.target), tokens=server.tokens, reports=folder)


def _small_target(path: Path) -> dict[str, Any]:
    """Two users, two groups and one caller for each scope of the reference server: a small page."""
    target = tomllib.loads(path.read_text("utf-8"))
    callers = [one for one in target["identity"] if len(one["scopes"]) == 1 and one["scopes"][0] in SCOPES]
    return target | {"user": target["user"][:2], "group": target["group"][:2], "identity": callers}


def picture(page: Path, chromium: str) -> bytes:
    """The top of a page as a small picture of few colours, which WebP keeps without loss."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as profile:
        shot, fonts = (Path(profile) / name for name in ("shot.png", "fonts.conf"))
        fonts.write_text(FONTS, "utf-8")
        command = [chromium, *FLAGS.split(), f"--user-data-dir={profile}", f"--screenshot={shot}", page.as_uri()]
        environ = os.environ | {"FONTCONFIG_FILE": str(fonts)}
        subprocess.run(command, capture_output=True, timeout=60, check=True, env=environ)  # noqa: S603 - a browser found by name
        small = BytesIO()
        few = Image.open(shot).convert("RGB").quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.convert("RGB").save(small, "WEBP", lossless=True, quality=100, method=6)
    return small.getvalue()


def main() -> None:
    """Write the reports, and the picture where it is asked for."""
    parser = argparse.ArgumentParser(description="Build the example report.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--picture", action="store_true", help="take the screenshot again; needs Chromium")
    arguments = parser.parse_args()
    run(arguments.folder)
    if arguments.picture:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        if chromium is None:
            parser.error("--picture: expected chromium or google-chrome on the PATH")
        (HERE / "report.webp").write_bytes(picture((arguments.folder / "report.html").absolute(), chromium))


if __name__ == "__main__":
    main()
