"""What bytes from the wire really are: pictures, JSON, media types, entity-tags, OData addresses. Pure and bounded."""

from dataclasses import dataclass

MAX_FRAMES = 32
"""Further frames of an animation are not looked at."""


class TooCostly(ValueError):
    """Reading these bytes would take more time or memory than the limits here allow."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why bytes were not read, past the limits here: whether they are what they seem is not known."""

    why: str
