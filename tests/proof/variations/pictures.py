"""Other pictures: of another type, size or make, the metadata always to match (S27, S31, S35)."""

from __future__ import annotations

import io
import random
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from PIL import Image

from conformance.model import Answer, Place
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import edited, shows_a_photos_metadata, shows_a_picture, with_header

Size = tuple[int, int]
Draw = Callable[[Image.Image], bytes]


def _other(place: Place, answer: Answer, media_type: str, draw: Draw, size: Size | None = None) -> Answer:
    """The photo drawn again, or its metadata to match."""
    if shows_a_picture(place, answer):
        return replace(with_header(answer, "Content-Type", media_type), body=_redrawn(answer.body, draw, size))
    if shows_a_photos_metadata(place, answer):
        return edited(answer, lambda body: _matching(body, media_type, size))
    return answer


def _matching(body: dict[str, Any], media_type: str, size: Size | None) -> dict[str, Any]:
    changed = body | {"@odata.mediaContentType": media_type}
    if size is not None:
        width, height = size
        name = re.sub(r"^\d+([xX])\d+$", rf"{width}\g<1>{height}", str(body.get("id")))
        changed |= {key: value for key, value in (("id", name), ("width", width), ("height", height)) if key in body}
    return changed


@lru_cache(maxsize=256)
def _redrawn(body: bytes, draw: Draw, size: Size | None) -> bytes:
    with Image.open(io.BytesIO(body)) as image:
        picture = image.convert("RGB")
    return draw(picture.resize(size) if size else picture)


def _saved(image: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def _as(form: str, **how: Any) -> Draw:
    return lambda image: _saved(image, form, **how)


_PNG, _GIF, _WEBP, _BMP, _TIFF, _AVIF = (_as(form) for form in ("PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"))
_JPEG, _PROGRESSIVE = _as("JPEG", quality=70), _as("JPEG", progressive=True, quality=90)


def _animated(form: str) -> Draw:
    def draw(image: Image.Image) -> bytes:
        frames = [image.rotate(angle) for angle in (90, 180, 270)]
        return _saved(image, form, save_all=True, append_images=frames, duration=80, loop=0)

    return draw


_ANIMATED_GIF, _ANIMATED_PNG, _ANIMATED_WEBP = (_animated(form) for form in ("GIF", "PNG", "WEBP"))


@allowed()
def all_png(place: Place, answer: Answer) -> Answer:
    """A picture may be of any type, as long as header and metadata agree (S27b, S35b)."""
    return _other(place, answer, "image/png", _PNG)


@allowed()
def all_gif(place: Place, answer: Answer) -> Answer:
    """A GIF may be a real photo (S27b, S35b)."""
    return _other(place, answer, "image/gif", _GIF)


@allowed()
def all_webp(place: Place, answer: Answer) -> Answer:
    """WebP is an image type (RFC 9649)."""
    return _other(place, answer, "image/webp", _WEBP)


@allowed()
def all_bmp(place: Place, answer: Answer) -> Answer:
    """BMP is an image type (RFC 7903)."""
    return _other(place, answer, "image/bmp", _BMP)


@allowed()
def all_bmp_by_an_old_name(place: Place, answer: Answer) -> Answer:
    """image/x-ms-bmp is the name that BMP had before it was registered (RFC 7903 3)."""
    return _other(place, answer, "image/x-ms-bmp", _BMP)


@allowed()
def all_tiff(place: Place, answer: Answer) -> Answer:
    """TIFF is an image type (RFC 3302)."""
    return _other(place, answer, "image/tiff", _TIFF)


@allowed()
def all_avif(place: Place, answer: Answer) -> Answer:
    """AVIF is a registered image type."""
    return _other(place, answer, "image/avif", _AVIF)


@allowed()
def animated_gif(place: Place, answer: Answer) -> Answer:
    """A picture of several frames is a picture (S27a)."""
    return _other(place, answer, "image/gif", _ANIMATED_GIF, (64, 48))


@allowed()
def animated_png(place: Place, answer: Answer) -> Answer:
    """A picture of several frames is a picture (S27a)."""
    return _other(place, answer, "image/png", _ANIMATED_PNG, (64, 48))


@allowed()
def animated_webp(place: Place, answer: Answer) -> Answer:
    """A picture of several frames is a picture (S27a)."""
    return _other(place, answer, "image/webp", _ANIMATED_WEBP, (64, 48))


@allowed()
def progressive_jpeg(place: Place, answer: Answer) -> Answer:
    """A JPEG may come in several scans (ITU-T T.81 G)."""
    return _other(place, answer, "image/jpeg", _PROGRESSIVE)


def _grey(image: Image.Image) -> bytes:
    return _saved(image.convert("L"), "JPEG")


@allowed()
def grey_jpeg(place: Place, answer: Answer) -> Answer:
    """A photo may be black and white (S27a)."""
    return _other(place, answer, "image/jpeg", _grey)


def _four_colours(image: Image.Image) -> bytes:
    return _saved(image.convert("CMYK"), "JPEG")


@allowed()
def jpeg_of_four_colours(place: Place, answer: Answer) -> Answer:
    """A JPEG may be of CMYK (ITU-T T.872)."""
    return _other(place, answer, "image/jpeg", _four_colours)


def _with_exif(image: Image.Image) -> bytes:
    """EXIF with a camera's name, a place and a thumbnail: a whole JPEG inside the JPEG's header."""
    thumbnail = _saved(image.resize((16, 16)), "JPEG")
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    return _saved(
        image, "JPEG", exif=exif.tobytes() + thumbnail, icc_profile=b"profile" * 20_000, comment=b"\xff\xda\xff\xd9"
    )


@allowed()
def jpeg_with_exif(place: Place, answer: Answer) -> Answer:
    """A JPEG may hold EXIF, thumbnails, profiles and comments (CIPA DC-008)."""
    return _other(place, answer, "image/jpeg", _with_exif)


def _with_a_trailer(image: Image.Image) -> bytes:
    return _saved(image, "JPEG") + b"\x00\x00\xff\xda motion photo" + bytes(range(256)) * 8


@allowed()
def jpeg_with_a_trailer(place: Place, answer: Answer) -> Answer:
    """Phones append their own data after the end of the picture, which decodes whole all the same (S27a)."""
    return _other(place, answer, "image/jpeg", _with_a_trailer)


def _of_two_pictures(image: Image.Image) -> bytes:
    return _saved(image, "MPO", save_all=True, append_images=[image.rotate(180)])


@allowed()
def jpeg_of_two_pictures(place: Place, answer: Answer) -> Answer:
    """A multi-picture JPEG is a JPEG (CIPA DC-007)."""
    return _other(place, answer, "image/jpeg", _of_two_pictures)


def _once_of_two_pictures(image: Image.Image) -> bytes:
    """The first picture of a multi-picture JPEG, its index still listing the second."""
    whole = _of_two_pictures(image)
    return whole[: whole.index(b"\xff\xd9\xff\xd8") + 2]


@allowed()
def jpeg_once_of_two_pictures(place: Place, answer: Answer) -> Answer:
    """A JPEG whose index tells of a second picture that was cut away is whole by itself (CIPA DC-007 5)."""
    return _other(place, answer, "image/jpeg", _once_of_two_pictures)


def _with_palette(image: Image.Image) -> bytes:
    return _saved(image.quantize(16), "PNG", transparency=3)


@allowed()
def png_with_palette(place: Place, answer: Answer) -> Answer:
    """A PNG may have a palette and transparent colours (PNG 11.3.2)."""
    return _other(place, answer, "image/png", _with_palette)


def _wrongly_announced(image: Image.Image) -> bytes:
    """A still PNG whose animation chunk tells of no frames; decoders show the still picture."""
    still = _saved(image, "PNG")
    chunk = b"acTL" + struct.pack(">II", 0, 0)
    return still[:33] + struct.pack(">I", 8) + chunk + struct.pack(">I", zlib.crc32(chunk)) + still[33:]


@allowed()
def png_with_an_odd_chunk(place: Place, answer: Answer) -> Answer:
    """Decoders ignore ancillary chunks that they can make nothing of (PNG 14.1)."""
    return _other(place, answer, "image/png", _wrongly_announced)


@allowed()
def photos_not_square(place: Place, answer: Answer) -> Answer:
    """Width and height are two numbers: no clause asks for squares (S31)."""
    return _other(place, answer, "image/jpeg", _JPEG, (301 + len(place.owner), 200))


@allowed()
def photos_of_one_pixel(place: Place, answer: Answer) -> Answer:
    """A real photo of 1 by 1, a GIF even, is changed from the placeholder by its entity-tag (S39f)."""
    return _other(place, answer, "image/gif", _GIF, (1, 1))


def _noise(image: Image.Image) -> bytes:
    chance = random.Random(image.tobytes())
    noise = Image.frombytes("RGB", image.size, chance.randbytes(image.width * image.height * 3))
    return _saved(noise, "PNG", compress_level=0)


@allowed()
def photos_of_four_megabytes(place: Place, answer: Answer) -> Answer:
    """A photo may have any size up to 4 MB (profilePhoto's own page)."""
    return _other(place, answer, "image/png", _noise, (1180, 1180))


@allowed()
def one_picture_for_all_that_is_described(place: Place, answer: Answer) -> Answer:
    """Owners may have pictures of one size, type and tag, and differ in the bytes alone (R4)."""
    changed = _other(place, answer, "image/jpeg", _JPEG, (96, 96))
    if shows_a_photos_metadata(place, changed):
        return edited(changed, lambda body: body | {"@odata.mediaEtag": '"0"'})
    return with_header(changed, "ETag", '"0"') if shows_a_picture(place, changed) else changed
