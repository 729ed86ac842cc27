"""Bodies of `$value` that are no picture, not the whole one, or another than the metadata tells."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable

from .fault import one, series
from .making import JSON, SIGN_IN, redrawn, rewritten, typed
from .places import picture

Change = Callable[[bytes], bytes]

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240"/>'
NO_PICTURE: dict[str, Change] = {
    "empty": lambda body: b"",
    "base64": base64.b64encode,
    "base64-for-urls": base64.urlsafe_b64encode,
    "base64-in-lines": base64.encodebytes,
    "base64-in-quotes": lambda body: b'"' + base64.b64encode(body) + b'"',
    "hex": lambda body: body.hex().encode(),
    "data-url": lambda body: b"data:image/jpeg;base64," + base64.b64encode(body),
    "json-wrapped": lambda body: json.dumps({"value": base64.b64encode(body).decode()}).encode(),
    "json-array": lambda body: json.dumps(list(body[:512])).encode(),
    "json-null": lambda body: b"null",
    "python-bytes": lambda body: repr(body[:512]).encode(),
    "sign-in-page": lambda body: SIGN_IN,
    "words": lambda body: b"No preview available.",
    "url": lambda body: b"https://photos.example/1.jpg",
    "svg": lambda body: DRAWING,
    "gzip-unsaid": lambda body: gzip.compress(body, 1, mtime=0),
    "deflate-unsaid": lambda body: zlib.compress(body, 1),
    "as-utf-8": lambda body: body.decode("latin-1").encode(),
    "replacement-signs": lambda body: body.decode("utf-8", "replace").encode(),
    "crlf": lambda body: body.replace(b"\n", b"\r\n") if b"\n" in body else b"\r\n",
    "byte-order-mark": lambda body: b"\xef\xbb\xbf" + body,
    "multipart": lambda body: b"--x\r\nContent-Type: image/jpeg\r\n\r\n" + body + b"\r\n--x--\r\n",
    "zeros": lambda body: bytes(len(body)),
    "head-lost": lambda body: body[8:],
}
CUT: dict[str, Change] = {
    "first-byte": lambda body: body[:1],
    "half": lambda body: body[: len(body) // 2],
    "by-1-byte": lambda body: body[:-1],
    "by-4-bytes": lambda body: body[:-4],
    "by-200-bytes": lambda body: body[:-200],
    "to-64-bytes": lambda body: body[:64],
}
OTHER_PIXELS: dict[str, Change] = {
    "half": lambda body: redrawn(body, scale=(1, 2)),
    "double": lambda body: redrawn(body, scale=(2, 1)),
    "third": lambda body: redrawn(body, scale=(1, 3)),
    "one-wider": lambda body: redrawn(body, grow=1),
    "one-narrower": lambda body: redrawn(body, grow=-1),
    "half-in-another-format": lambda body: redrawn(body, "GIF", scale=(1, 2)),
}
OTHER_FORMATS = ("GIF", "WEBP", "BMP", "TIFF")


def _on_its_side(body: bytes) -> bytes:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(body)) as image:
        if image.width == image.height:
            return body
        out = io.BytesIO()
        image.transpose(Image.Transpose.ROTATE_90).save(out, image.format)
    return out.getvalue()


# fmt: off
series("picture.is", "The body is no picture, whatever Content-Type says: {it}.",
       NO_PICTURE, rewritten, at=picture, expected="picture.is-a-picture")
series("picture.cut", "Bytes of the picture are missing at its end: {it}.",
       CUT, rewritten, at=picture, expected="picture.is-a-picture")
series("picture.bytes", "The bytes are of another format than header and metadata say: {it}.",
       {name.lower(): name for name in OTHER_FORMATS},
       lambda answer, name: rewritten(answer, lambda body: redrawn(body, name)),
       at=picture, expected="picture.content-type-matches-bytes")
series("picture.pixels", "The picture has another size than its metadata says: {it}.",
       OTHER_PIXELS, rewritten, at=picture, expected="picture.dimensions-match-metadata")
one("picture.json-error", "A JSON error comes with 200 where the picture is due.",
    lambda _, answer: typed(answer, b'{"error":{"code":"ImageNotFound","message":"gone"}}', JSON), at=picture,
    expected="picture.is-a-picture")
one("picture.turned", "Pictures that are not square lie on their side.",
    lambda _, answer: rewritten(answer, _on_its_side), at=picture, expected="picture.dimensions-match-metadata")
one("picture.page", "A page comes in place of the picture, another one for each request.",
    lambda place, answer: typed(answer, SIGN_IN + f"<!-- {place.shape.key} {place.ask} -->".encode(), "text/html"),
    at=picture, expected="picture.is-a-picture")
one("picture.drawing", "The picture is an SVG drawing, and is called one.",
    lambda _, answer: typed(answer, DRAWING, "image/svg+xml"), at=picture, expected="picture.is-a-picture")
# fmt: on
