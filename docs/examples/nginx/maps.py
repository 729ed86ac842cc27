"""What `python -m conformance.reference --export DIR` wrote, as maps of nginx: `maps.py DIR OUT`.

`files.map` leads from each path, as it stands on the wire, to its file; `tokens.map` has the tokens that are taken.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path


def main(people: Path, out: Path) -> None:
    """Write the two maps into a folder."""
    index = json.loads((people / "index.json").read_text("utf-8"))
    lines = [f'"~^{exactly(path)}$" {file};' for path, file in index.items()]
    (out / "files.map").write_text("\n".join(lines) + "\n", "utf-8")
    tokens = [line.partition("=")[2] for line in (people / "tokens.env").read_text("utf-8").splitlines()]
    (out / "tokens.map").write_text("".join(f'"Bearer {token}" yes;\n' for token in tokens), "utf-8")


def exactly(path: str) -> str:
    """A pattern for this very text: nginx compares plain keys of a map without regard to case, and ids have it."""
    return re.sub(r"([^\w/%-])", r"[\1]", path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
