"""What bytes from the wire really are: pictures, JSON, media types, entity-tags, OData addresses. Pure and bounded."""
