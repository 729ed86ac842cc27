"""The reference server's pictures: soft colour fields, drawn from a seed when they are first asked for."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from functools import lru_cache

SQUARES = (48, 64, 96, 120, 240, 360, 432, 504, 648)
"""Edges in pixels of the squares that a photo is kept in (the contract's section 3)."""

_GRID = 4
"""Edge of the tiny picture that is stretched to the size asked for."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture by its recipe: equal recipes give equal bytes, different seeds give different bytes."""

    seed: str
    width: int
    height: int
    media_type: str = "image/jpeg"
    """`image/jpeg` or `image/png`."""

    @property
    def data(self) -> bytes:
        """The encoded picture."""
        return _drawn(self)

    @property
    def sha256(self) -> str:
        """Of the encoded picture: 64 lower-case hexadecimal digits."""
        return _digest(self)

    def sizes(self) -> tuple[Photo, ...]:
        """The same picture in each square that is no larger than itself, small ones first."""
        return tuple(replace(self, width=edge, height=edge) for edge in SQUARES if edge <= min(self.width, self.height))


@lru_cache(maxsize=512)
def _drawn(photo: Photo) -> bytes:
    from PIL import Image  # costs 30 ms, which a run that asks for no picture need not pay

    colours = hashlib.shake_256(photo.seed.encode()).digest(3 * _GRID * _GRID)
    grid = Image.frombytes("RGB", (_GRID, _GRID), colours)
    picture = grid.resize((photo.width, photo.height), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    if photo.media_type == "image/png":
        picture.save(out, "PNG", compress_level=6)
    else:
        picture.save(out, "JPEG", quality=80)
    return out.getvalue()


@lru_cache(maxsize=512)
def _digest(photo: Photo) -> str:
    return hashlib.sha256(photo.data).hexdigest()
