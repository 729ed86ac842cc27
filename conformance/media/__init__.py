"""What bytes from the wire really are: pictures, JSON, media types, entity-tags, OData addresses. Pure and bounded."""


class TooCostly(ValueError):
    """Reading these bytes would take more time or memory than the limits here allow."""
