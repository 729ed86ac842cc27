"""Faults of one owner alone, all others right: what a suite that asks one owner for all never sees."""

from __future__ import annotations

from ..model import Answer, CredentialKind, Place
from .fault import Memory, Where, at_each, forgetful
from .making import edited, put, refusing, shown
from .places import EACH_FORM, again, anywhere, due, presenting, selecting, selecting_nothing, unexercised, unpermitted


def _of(owner: str) -> Where:
    return lambda place: place.owner == owner


OWNERS = {name: _of(name) for name in ("garden", "lee", "adele.square", "adele.former", "megan.one", "megan.filed")}
"""None of them is the first of its kind; the last is in the second mailbox's folder."""
PLACEHOLDERS = {name: _of(name) for name in ("sales", "megan", "adele.none", "megan.none")}

SCOPES = {"garden": "Group.ReadWrite.All", "lee": "User.ReadWrite.All",
          "adele.square": "Contacts.Read", "megan.filed": "Contacts.ReadWrite"}  # fmt: skip
EVERYTHING = {"id": "1X1", "width": 1, "height": 1}


def _in_a_folder(place: Place) -> bool:
    return place.shape.variant.endswith("-folder")


def _cached(place: Place, answer: Answer, memory: Memory) -> Answer:
    url = f"{place.shape.key} {place.owner} {place.query}"
    if due(place) and answer.status == 200:
        memory.setdefault(url, answer)
    return memory.get(url, answer) if place.credential is CredentialKind.NONE else answer


# fmt: off
at_each("owner.open", "One owner's photo needs no Authorization: {it}.",
        OWNERS | PLACEHOLDERS, shown, at=presenting(CredentialKind.NONE), expected="credentials.none-is-refused")
at_each("owner.any-bearer-opens", "One owner's photo comes for any Bearer token: {it}.",
        OWNERS, shown, at=presenting(CredentialKind.GARBAGE), expected="credentials.garbage-is-refused")
at_each("owner.any-scheme-opens", "One owner's photo comes for another scheme: {it}.",
        OWNERS, shown, at=presenting(CredentialKind.SCHEME), expected="credentials.other-scheme-is-refused")
at_each("owner.empty-token-forbidden", "An empty token is 403 for one owner: {it}.",
        OWNERS, refusing(403), at=presenting(CredentialKind.EMPTY), expected="credentials.refused-with-401")
at_each("owner.mail-scope-opens", "An unrelated scope opens one owner: {it}.",
        OWNERS, shown, at=lambda place: unpermitted(place) and place.scopes == {"Mail.Read"},
        expected="permission.without-scope-discloses-nothing")
at_each("owner.scope-is-not-enough", "One listed scope alone is refused for one owner: {it}.",
        {owner: OWNERS[owner] for owner in SCOPES}, refusing(403),
        at=lambda place: due(place) and place.scopes == {SCOPES.get(place.owner)},
        expected="permission.one-scope-is-enough")
at_each("owner.select-refused", "`$select` is 400 for one owner: {it}.",
        OWNERS, refusing(400), at=selecting, expected="option.select-returns-properties")
at_each("owner.select-changes", "The selected height is another for one owner: {it}.",
        OWNERS, lambda _, answer: put(answer, "height", 7), at=selecting, expected="option.select-keeps-values")
at_each("owner.select-refused", "`$select` is 400 for one owner without a photo: {it}.",
        PLACEHOLDERS, refusing(400), at=selecting_nothing, expected="option.select-returns-properties")
at_each("owner.select-ignored", "`$select` is ignored for one owner: {it}.",
        OWNERS | PLACEHOLDERS, lambda _, answer: edited(answer, lambda body: body.update({**EVERYTHING, **body})),
        at=lambda place: selecting(place) or selecting_nothing(place), expected="option.select-omits-others")
at_each("owner.unknown-beside", "A contact that the second mailbox does not have is served: {it}.",
        {**EACH_FORM, "in-a-folder": _in_a_folder}, shown,
        at=lambda place: unexercised(place) and place.owner == "megan.unknown", expected="unknown.discloses-nothing")
at_each("owner.unknown-beside-again", "Asked again, the second mailbox has a contact that it does not have: {it}.",
        {**EACH_FORM, "in-a-folder": _in_a_folder}, shown,
        at=again(lambda place: unexercised(place) and place.owner == "megan.unknown"),
        expected="http.repeat-is-identical")
forgetful("credential.cached", "A cache serves its copy to every request without Authorization.",
          _cached, at=anywhere, expected="credentials.none-is-refused")
# fmt: on
