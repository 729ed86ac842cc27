"""One owner of each variant that has a photo, as Adele asks for them."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from conformance.reference.default_tenant import ADELE, CLIENTS, GROUPS
from conformance.reference.generated_pictures import Photo

LOOSE = next(contact for contact in ADELE.contacts if contact.key == "adele.square")
"""A contact outside of folders; its id holds no slash, which not every library encodes."""
FILED = next(contact for contact in ADELE.contacts if contact.folder == CLIENTS and contact.photo)
NONE = next(contact for contact in ADELE.contacts if contact.key == "adele.none")
"""A contact without a photo."""


class Known(NamedTuple):
    """Where a photo is, and which."""

    path: str
    """Below the base URL, each key percent-encoded as one segment, without `/photo`."""
    photo: Photo


def known() -> list[Known]:
    """The seven owners; the user by both names."""
    below = [("", ADELE.photo), (f"/contacts/{one(LOOSE.id)}", LOOSE.photo)]
    below.append((f"/contactfolders/{one(CLIENTS)}/contacts/{one(FILED.id)}", FILED.photo))
    roots = ["/me", f"/users/{one(ADELE.id)}", f"/users/{one(ADELE.upn)}"]
    found = [(root + path, photo) for root in roots for path, photo in below]
    found.append((f"/groups/{one(GROUPS[0].id)}", GROUPS[0].photo))
    return [Known(path, photo) for path, photo in found if photo]


def one(key: str) -> str:
    """A key as one segment of a path."""
    return quote(key, safe="")
