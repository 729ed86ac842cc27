"""What an edition changes in the answers, as data; and how a photo's metadata is written in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from .. import spec
from .entities import TENANT
from .generated_pictures import Photo
from .responses_sent import Refusal

PROPERTIES = ("id", "width", "height")
"""The properties of a profilePhoto that `$select` may name."""

KeyPath = tuple[tuple[str, str], ...]
"""Canonical address of an owner: collections and keys, e.g. `(("users", "87d3…"), ("contacts", "AAMk…"))`."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an edition speaks (the contract's section 3)."""

    placeholder: bool
    """An owner without a photo has metadata all the same: one pixel, `image/gif`, no tag (S39)."""
    times: str
    """Between width and height in `id` (S37)."""
    default_id: bool
    """`id` is `default` where no size was asked."""
    weak_tags: bool
    says_me: bool
    """The context of `/me/photo` is `#Me/photo/$entity`, and not that of `users('…')` (S33)."""
    odata_id: bool

    def tag(self, photo: Photo) -> str:
        """The photo's entity-tag (RFC 9110 8.8.3)."""
        return f'W/"{photo.sha256}"' if self.weak_tags else f'"{photo.sha256[:8].upper()}"'


@cache
def dialect_of(edition: str) -> Dialect:
    """How an edition speaks: `x-reference` of its description. Raises what `spec.load` raises."""
    info = spec.load(edition).document["info"]
    return Dialect(placeholder=info["x-edition"]["placeholder"], **info["x-reference"])


@dataclass(frozen=True, slots=True)
class Address:
    """Where a photo stands: below which base URL, whose it is, and whether by `/me`.

    A photo in another size has the address of the photo: S33a and S34a know no other end of it.
    """

    base_url: str
    key_path: KeyPath
    mine: bool = False

    def context(self, dialect: Dialect, select: Iterable[str] = ()) -> str:
        """The context URL of the photo as one entity (OData protocol 10.2, 10.8)."""
        chosen = ",".join(select)
        return self.collection(dialect)[:-1] + (f"({chosen})" if chosen else "") + "/$entity"

    def collection(self, dialect: Dialect) -> str:
        """The context URL of the list of the photo's sizes (OData protocol 10.1)."""
        owner = "Me" if self.mine and dialect.says_me else _keyed(self.key_path)
        return f"{self.base_url}/$metadata#{owner}/photos"

    def url(self) -> str:
        """The photo's own address, the first key with the tenant's suffix as in the page's samples (S34)."""
        (collection, key), *rest = self.key_path
        return f"{self.base_url}/{_keyed([(collection, f'{key}@{TENANT}'), *rest])}/photo"


def metadata(
    photo: Photo | None, address: Address, dialect: Dialect, select: tuple[str, ...] = (), *, sized: bool = False
) -> dict[str, object]:
    """A photo's metadata, control information first, in the page's order; of no photo: the placeholder.

    `select` names the properties wanted, all where it is empty; control information stays (OData JSON format 4.5).
    `sized`: it was asked for by its size.
    """
    width, height = (photo.width, photo.height) if photo else (1, 1)
    named = "default" if dialect.default_id and not sized else f"{width}{dialect.times}{height}"
    body: dict[str, object] = {"@odata.context": address.context(dialect, select)}
    if dialect.odata_id:
        body["@odata.id"] = address.url()
    body["@odata.mediaContentType"] = photo.media_type if photo else "image/gif"
    body["@odata.mediaEtag"] = dialect.tag(photo) if photo else ""
    values: dict[str, object] = {"id": named, "width": width, "height": height}
    return body | {name: value for name, value in values.items() if not select or name in select}


def of_size(photo: Photo | None, size: str | None) -> Photo | Refusal | None:
    """The photo in the size asked for, e.g. `48x48` in either case; as it is where none was; None of no photo."""
    if photo is None or size is None:
        return photo
    kept = {f"{other.width}x{other.height}": other for other in photo.sizes()}
    found = kept.get(size.lower())
    return found or Refusal(404, "ErrorInvalidImageId", "The photo is not kept in the size asked for.")


def size_list(photo: Photo | None, address: Address, dialect: Dialect, select: tuple[str, ...]) -> dict[str, object]:
    """The collection of all sizes that the photo is kept in; empty of no photo."""
    items = []
    for kept in photo.sizes() if photo else ():
        item = metadata(kept, address, dialect, select, sized=True)
        del item["@odata.context"]  # stands once, at the collection
        items.append(item)
    return {"@odata.context": address.collection(dialect), "value": items}


def _keyed(key_path: Iterable[tuple[str, str]]) -> str:
    return "/".join(f"{collection}('{literal(key)}')" for collection, key in key_path)


def literal(key: str) -> str:
    """A key inside the quotes of a URL: its own quotes doubled (OData URL conventions 5.1.1), then percent-encoded."""
    return quote(key.replace("'", "''"), safe="@'=")
