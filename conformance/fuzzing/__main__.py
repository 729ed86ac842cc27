"""The process that draws: `python -m conformance.fuzzing EDITION COUNT SEED` writes the requests as JSON."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Draw, and write what was drawn to standard output; what hypothesis keeps on disk is thrown away."""
    edition, count, seed = arguments
    with tempfile.TemporaryDirectory(prefix="photo-exploration-") as folder:
        from hypothesis.configuration import set_hypothesis_home_dir

        set_hypothesis_home_dir(folder)
        from ..spec import load
        from . import generate, generated_request

        told = generated_request.dump(generate.draw(load(edition), int(count), int(seed)))
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
