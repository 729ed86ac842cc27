"""How two responses about the same photo are compared, and how findings describe the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from ..catalogue.decoded_response import COMPARED, DecodedResponse, comparable
from ..media import odata_urls
from ..media.pictures import Picture
from ..model import Finding, Form, Owner, State
from ..spec.validation import shown


def differences(one: DecodedResponse, other: DecodedResponse, how: str) -> Iterator[Finding]:
    """Findings where the other response has another status, picture or property; `how` says how it was requested."""
    if one.status != other.status:
        yield Finding(f"status, {how}", str(one.status), str(other.status))
    elif one.probe.shape.form is Form.PHOTO:
        if one.status == 200 and one.body != other.body and not _neither_is_a_picture(one, other):
            yield Finding(f"picture, {how}", picture_in_words(one), picture_in_words(other))
    elif one.status == 200:
        for name in COMPARED:
            was, now = one.metadata.get(name), other.metadata.get(name)
            if comparable(name, was) != comparable(name, now):
                yield Finding(f"$['{name}'], {how}", in_words(was), in_words(now))


def _neither_is_a_picture(one: DecodedResponse, other: DecodedResponse) -> bool:
    """Whether S27a reports both: a page may be another each time."""
    return isinstance(one.looks_like, str) and isinstance(other.looks_like, str)


def picture_in_words(seen: DecodedResponse) -> str:
    """Type, pixels, bytes and the start of the SHA-256, or what the body is instead."""
    picture = seen.looks_like
    if isinstance(picture, str):
        return picture
    kind = f"{picture.media_type}, {picture.width}x{picture.height}" if isinstance(picture, Picture) else picture.why
    return f"{kind}, {len(seen.body)} bytes, SHA-256 {seen.digest[:16]}…"


def names_another(answer: DecodedResponse) -> str | None:
    """The owner that `@odata.id` of the metadata names, if certainly not the one requested; else None.

    A relative URL is resolved against the context URL (OData JSON Format 4.5.1) and against the request, as readers of
    the page do; where either leads to the owner, no other is named.
    """
    value, asked = answer.metadata.get("@odata.id"), answer.exchange.request.url
    context = answer.metadata.get("@odata.context")
    bases = [asked, urljoin(asked, context)] if isinstance(context, str) and odata_urls.is_url(context) else [asked]
    paths = [odata_urls.photo_path(value, base) for base in bases] if isinstance(value, str) else []
    named = [path and odata_urls.names_another(path, _asked_for(answer)) for path in paths]
    return named[0] if all(named) and named else None


def _asked_for(answer: DecodedResponse) -> Owner:
    """The owner asked for; at `/me`, and as an identity, who may be the owner, with the caller that `me` stands for."""
    probe = answer.probe
    may_be_own = probe.shape.operation.signed_in or probe.state is State.SCOPED
    return replace(probe.owner, caller=probe.credential.caller) if may_be_own else probe.owner


def leads_nowhere(link: str, answer: DecodedResponse) -> bool:
    """Whether a link is below the base URL and does not lead to the owner's picture, however it is resolved."""
    asked, context = answer.exchange.request.url, answer.metadata.get("@odata.context")
    root = asked.removesuffix(answer.probe.target)
    for base in (asked, urljoin(asked, context) if isinstance(context, str) and odata_urls.is_url(context) else asked):
        address = urljoin(base, link).replace("%24value", "$value")
        path = odata_urls.photo_path(address.removesuffix("/$value"), asked)
        own = path is not None and not odata_urls.names_another(path, _asked_for(answer))
        if not address.startswith(f"{root}/") or (own and address.endswith("/$value")):
            return False
    return answer.probe.owner.size is None


def in_words(value: object) -> str:
    """A JSON value in short."""
    return shown(value, 120) if value is not None else "nothing"
