"""Where the contract's files are: beside the package in a clone, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """The folder `openapi` or `schemas`.

    Raises:
        FileNotFoundError: it is in neither place, so the installation is not whole.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no folder {name}/ in {_PACKAGE} or beside it: this installation is not whole")
