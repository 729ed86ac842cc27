"""Where faults strike: predicates on a place, and the path shapes by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..model import CredentialKind, Form, Place, Shape, State
from ..spec import load
from .fault import Where

_SHAPES = load().shapes
VARIANTS = tuple(dict.fromkeys(shape.variant for shape in _SHAPES))
"""The owners of a photo in the description's own edition."""


def _each(name_of: Callable[[Shape], str], shapes: Iterable[Shape] = _SHAPES) -> dict[str, Where]:
    """The places at path shapes of each name that these have."""

    def at(name: str) -> Where:
        return lambda place: name_of(place.shape) == name

    return {name: at(name) for name in dict.fromkeys(map(name_of, shapes))}


EACH_VARIANT = _each(lambda shape: shape.variant)
EACH_FORM = _each(lambda shape: shape.form)
EACH_OPERATION = _each(lambda shape: f"{shape.variant}.{shape.form}")
EACH_KEY = _each(lambda shape: f"{shape.variant}.{shape.addressing}", [one for one in _SHAPES if one.addressing])
"""Those that name a user, by id and by userPrincipalName."""
PHOTOS = _each(lambda shape: shape.key, [one for one in _SHAPES if one.form is Form.PHOTO])
METADATA = _each(lambda shape: shape.key, [one for one in _SHAPES if one.form is Form.METADATA])
"""The ten path shapes of each form: `user-contact.photo.upn` …"""


def due(place: Place) -> bool:
    """Every caller is allowed."""
    return place.credential is CredentialKind.TOKEN and place.permitted


def picture(place: Place) -> bool:
    """The bytes of an owner with a photo."""
    return due(place) and place.shape.form is Form.PHOTO and place.state is State.PRESENT


def metadata(place: Place) -> bool:
    """The properties of an owner with a photo."""
    return due(place) and place.shape.form is Form.METADATA and place.state is State.PRESENT


def no_picture(place: Place) -> bool:
    """The bytes of an owner without a photo."""
    return due(place) and place.shape.form is Form.PHOTO and place.state is State.ABSENT


def placeholder(place: Place) -> bool:
    """The properties of an owner without a photo."""
    return due(place) and place.shape.form is Form.METADATA and place.state is State.ABSENT


def any_metadata(place: Place) -> bool:
    """The properties of an owner, with a photo or without."""
    return metadata(place) or placeholder(place)


def present(place: Place) -> bool:
    """An owner with a photo, in both forms."""
    return picture(place) or metadata(place)


def lacking(place: Place) -> bool:
    """An owner without a photo, for every caller."""
    return place.state is State.ABSENT


def unexercised(place: Place) -> bool:
    """An owner that does not exist."""
    return due(place) and place.state is State.UNKNOWN


def uncredited(place: Place) -> bool:
    """A request without a good token."""
    return place.credential is not CredentialKind.TOKEN


def presenting(kind: CredentialKind) -> Where:
    """A request with this kind of credential."""
    return lambda place: place.credential is kind


def unpermitted(place: Place) -> bool:
    """A good token without a listed scope."""
    return place.credential is CredentialKind.TOKEN and not place.permitted


def selecting(place: Place) -> bool:
    """Metadata with `$select` of properties that there are."""
    return metadata(place) and place.query.startswith("$select=") and "noSuch" not in place.query


def selecting_nothing(place: Place) -> bool:
    """The placeholder with `$select`."""
    return placeholder(place) and place.query.startswith("$select=")


def nonsense(place: Place) -> bool:
    """Metadata with a property or an option that there is none of."""
    return metadata(place) and "nosuch" in place.query.lower()


def anywhere(place: Place) -> bool:
    """Every place of the contract."""
    return place.shape is not None


def again(where: Where) -> Where:
    """The same, asked for the second time and later."""
    return lambda place: where(place) and place.ask > 1


def narrowed(where: Where, *, variants: tuple[str, ...] = VARIANTS, addressing: str | None = None) -> Where:
    """The same for these variants alone, or by this addressing alone."""

    def narrow(place: Place) -> bool:
        keyed = addressing is None or place.shape.addressing == addressing
        return keyed and place.shape.variant in variants and where(place)

    return narrow
