"""What bytes from the wire really are: pictures, JSON, media types, entity-tags, OData addresses. Pure and bounded."""

from dataclasses import dataclass

MAX_FRAMES = 32
"""Further frames of an animation are not looked at."""

UNSUPPORTED = "of a kind that is not decoded"
"""How the phrase begins about a picture that its format allows, and that the decoders here cannot read."""


class TooCostly(ValueError):
    """Reading these bytes would take more time or memory than the limits here allow."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why bytes were not read, past the limits here: whether they are what they seem is not known."""

    why: str
