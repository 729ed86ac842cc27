"""Which representation the client takes: the Accept header, as far as the reference server reads it."""

from __future__ import annotations

from .responses_sent import Refusal, ServiceRequest

NOT_ACCEPTABLE = Refusal(406, "NotAcceptable", "None of the media types asked for can be answered.")
_TAKEN = ("*/*", "application/*", "application/json", "application/octet-stream")


def acceptable(request: ServiceRequest) -> bool:
    """Whether Accept leaves anything to answer with (RFC 9110 12.5.1); true where there is none.

    Lenient, as the service is: JSON and bytes are taken for each other, and so are all pictures.
    """
    accept = request.header("accept")
    if accept is None or not accept.strip():
        return True
    return any(_allows_ours(item) for item in accept.lower().split(","))


def _allows_ours(item: str) -> bool:
    """Whether one range of the list is of a kind that is served, and its weight is above zero."""
    media, *parameters = (part.strip() for part in item.split(";"))
    refused = any(part.startswith("q=") and not part[2:].strip("0.") for part in parameters)
    return not refused and (media in _TAKEN or media.startswith("image/"))
