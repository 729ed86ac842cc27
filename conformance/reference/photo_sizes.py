"""The sizes of a photo, `…/photos` and `…/photos/{size}`: paths of the later editions (the contract's section 3)."""

from __future__ import annotations

from .dialect import Address, Dialect, metadata
from .generated_pictures import Photo
from .responses_sent import Refusal


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
