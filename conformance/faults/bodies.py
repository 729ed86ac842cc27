"""Bodies of the metadata that are no JSON, or JSON in another shape."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

from .fault import series
from .making import SIGN_IN, of_success, remade, rewritten, typed
from .places import any_metadata, metadata, placeholder

Change = Callable[[bytes], bytes]
Wrap = Callable[[dict[str, Any]], object]

NO_JSON: dict[str, Change] = {
    "empty": lambda body: b"",
    "blank": lambda body: b" \r\n",
    "words": lambda body: b"no photo",
    "sign-in-page": lambda body: SIGN_IN,
    "xml": lambda body: b"<?xml version='1.0'?><photo><width>240</width></photo>",
    "yaml": lambda body: b"id: 240X240\nwidth: 240\nheight: 240\n",
    "form": lambda body: b"id=240X240&width=240&height=240",
    "base64": base64.b64encode,
    "cut-in-half": lambda body: body[: len(body) // 2],
    "cut-by-1": lambda body: body[:-1],
    "utf-16": lambda body: body.decode().encode("utf-16"),
    "utf-16-unmarked": lambda body: body.decode().encode("utf-16-le"),
    "utf-32": lambda body: body.decode().encode("utf-32-be"),
    "latin-1": lambda body: body[:-1] + ', "note": "Grün"}'.encode("latin-1"),
    "byte-order-mark": lambda body: b"\xef\xbb\xbf" + body,
    "single-quotes": lambda body: body.replace(b'"', b"'"),
    "python": lambda body: repr(json.loads(body)).encode(),
    "unquoted-names": lambda body: body.replace(b'"width"', b"width").replace(b'"@odata.context"', b"context"),
    "trailing-comma": lambda body: body[:-1] + b",}",
    "comment": lambda body: body[:-1] + b" /* photo */}",
    "jsonp": lambda body: b"callback(" + body + b");",
    "guard": lambda body: b")]}',\n" + body,
    "twice": lambda body: body + b"\n" + body,
    "line-break-in-string": lambda body: body[:-1] + b', "note": "a\nb"}',
    "nan": lambda body: body[:-1] + b', "ratio": NaN}',
    "infinity": lambda body: body[:-1] + b', "ratio": -Infinity}',
    "hex-number": lambda body: body[:-1] + b', "colour": 0xff}',
    "leading-zero": lambda body: body[:-1] + b', "ratio": 01}',
    "duplicate-width": lambda body: body[:-1] + b', "width": 1, "width": 1}',
    "duplicate-inside": lambda body: body[:-1] + b', "more": {"a": 1, "a": 2}}',
    "very-deep-and-cut": lambda body: b"[" * 100_000,
    "gzip-unsaid": lambda body: gzip.compress(body, 1, mtime=0),
    "zeros": lambda body: bytes(len(body)),
}
NO_OBJECT: dict[str, Wrap] = {
    "array": lambda body: [body],
    "array-of-two": lambda body: [body, body],
    "empty-array": lambda body: [],
    "value": lambda body: {"@odata.context": body["@odata.context"], "value": body},
    "value-array": lambda body: {"@odata.context": body["@odata.context"], "value": [body]},
    "d": lambda body: {"d": body},
    "d-results": lambda body: {"d": {"results": [body]}},
    "photo": lambda body: {"photo": body},
    "data": lambda body: {"data": body, "status": "ok"},
    "string": lambda body: json.dumps(body),
    "null": lambda body: None,
    "true": lambda body: True,
    "number": lambda body: 240,
    "empty-object": lambda body: {},
    "error": lambda body: {"error": {"code": "ImageNotFound", "message": "There is none."}},
}


# fmt: off
series("body.is", "Metadata is no JSON as RFC 8259 has it: {it}.",
       NO_JSON, of_success(rewritten), at=any_metadata, expected="metadata.is-json")
series("body.wrapped", "Metadata is JSON, but not one object with the photo at its top: {it}.",
       NO_OBJECT, of_success(remade), at=any_metadata, expected="metadata.is-one-object")
series("body.placeholder", "The placeholder alone is not one object: {it}.",
       {name: NO_OBJECT[name] for name in ("array", "value", "d", "null", "empty-object", "error")},
       of_success(remade), at=placeholder, expected="metadata.is-one-object")
series("body.placeholder", "The placeholder alone is no JSON: {it}.",
       {name: NO_JSON[name] for name in ("empty", "sign-in-page", "byte-order-mark")},
       of_success(rewritten), at=placeholder, expected="metadata.is-json")
series("body", "A sign-in page comes with 200 and text/html where metadata is due.",
       {"html-page": SIGN_IN}, of_success(lambda answer, page: typed(answer, page, "text/html")), at=metadata,
       expected="metadata.is-json")
# fmt: on
