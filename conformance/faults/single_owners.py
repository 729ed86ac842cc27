"""Faults of one owner alone, all others right: what a suite that asks one owner for all never sees."""

from __future__ import annotations

from ..model import Answer, CredentialKind, Place
from .fault import Memory, faults, forgetful
from .making import edited, put, refused, shown
from .places import anywhere, due, selecting, selecting_nothing, uncredited, unexercised, unpermitted

OWNERS = {name: name for name in ("garden", "lee", "adele.square", "adele.former", "megan.one", "megan.filed")}
"""None of them is the first of its kind; the last is in the second mailbox's folder."""
PLACEHOLDERS = {name: name for name in ("sales", "megan", "adele.none", "megan.none")}

SCOPES = {"garden": "Group.ReadWrite.All", "lee": "User.ReadWrite.All",
          "adele.square": "Contacts.Read", "megan.filed": "Contacts.ReadWrite"}  # fmt: skip
EVERYTHING = {"id": "1X1", "width": 1, "height": 1}


def _selecting_anything(place: Place) -> bool:
    return selecting(place) or selecting_nothing(place)


@faults("owner.open", OWNERS | PLACEHOLDERS, at=uncredited, expected="credentials.none-is-refused")
def is_open(place: Place, answer: Answer, owner: str) -> Answer:
    """One owner's photo needs no Authorization: {it}."""
    return shown(place, answer) if place.owner == owner and place.credential is CredentialKind.NONE else answer


@faults("owner.any-bearer-opens", OWNERS, at=uncredited, expected="credentials.garbage-is-refused")
def any_bearer_opens(place: Place, answer: Answer, owner: str) -> Answer:
    """One owner's photo comes for any Bearer token: {it}."""
    return shown(place, answer) if place.owner == owner and place.credential is CredentialKind.GARBAGE else answer


@faults("owner.any-scheme-opens", OWNERS, at=uncredited, expected="credentials.other-scheme-is-refused")
def any_scheme_opens(place: Place, answer: Answer, owner: str) -> Answer:
    """One owner's photo comes for another scheme: {it}."""
    return shown(place, answer) if place.owner == owner and place.credential is CredentialKind.SCHEME else answer


@faults("owner.empty-token-forbidden", OWNERS, at=uncredited, expected="credentials.refused-with-401")
def empty_token_forbidden(place: Place, answer: Answer, owner: str) -> Answer:
    """An empty token is 403 for one owner: {it}."""
    return refused(answer, 403) if place.owner == owner and place.credential is CredentialKind.EMPTY else answer


@faults("owner.mail-scope-opens", OWNERS, at=unpermitted, expected="permission.without-scope-discloses-nothing")
def mail_scope_opens(place: Place, answer: Answer, owner: str) -> Answer:
    """An unrelated scope opens one owner: {it}."""
    return shown(place, answer) if place.owner == owner and place.scopes == {"Mail.Read"} else answer


@faults("owner.scope-is-not-enough", SCOPES, at=due, expected="permission.one-scope-is-enough")
def scope_is_not_enough(place: Place, answer: Answer, scope: str) -> Answer:
    """One listed scope alone is refused for one owner: {it}."""
    strikes = place.scopes == {scope} and SCOPES.get(place.owner) == scope
    return refused(answer, 403) if strikes else answer


@faults("owner.select-refused", OWNERS, at=selecting, expected="option.select-returns-properties")
def select_refused(place: Place, answer: Answer, owner: str) -> Answer:
    """`$select` is 400 for one owner: {it}."""
    return refused(answer, 400) if place.owner == owner else answer


@faults("owner.select-changes", OWNERS, at=selecting, expected="option.select-keeps-values")
def select_changes(place: Place, answer: Answer, owner: str) -> Answer:
    """The selected height is another for one owner: {it}."""
    return put(answer, "height", 7) if place.owner == owner else answer


@faults("owner.select-refused", PLACEHOLDERS, at=selecting_nothing, expected="option.select-returns-properties")
def select_refused_on_placeholder(place: Place, answer: Answer, owner: str) -> Answer:
    """`$select` is 400 for one owner without a photo: {it}."""
    return refused(answer, 400) if place.owner == owner else answer


@faults("owner.select-ignored", OWNERS | PLACEHOLDERS, at=_selecting_anything, expected="option.select-omits-others")
def select_ignored(place: Place, answer: Answer, owner: str) -> Answer:
    """`$select` is ignored for one owner: {it}."""
    return edited(answer, lambda body: body.update({**EVERYTHING, **body})) if place.owner == owner else answer


@faults("owner.unknown-beside", {"photo": "photo", "metadata": "metadata", "in-a-folder": "folder"}, at=unexercised,
        expected="unknown.discloses-nothing")  # fmt: skip
def unknown_beside(place: Place, answer: Answer, where: str) -> Answer:
    """A contact that the second mailbox does not have is served: {it}."""
    there = where in (place.shape.form, place.shape.variant.partition("-")[2])
    return shown(place, answer) if place.owner == "megan.unknown" and there else answer


@forgetful("credential.cached", at=anywhere, expected="credentials.none-is-refused")
def cached(place: Place, answer: Answer, memory: Memory) -> Answer:
    """A cache serves its copy to every request without Authorization."""
    url = f"{place.shape.key} {place.owner} {place.query}"
    if due(place) and answer.status == 200:
        memory.setdefault(url, answer)
    return memory.get(url, answer) if place.credential is CredentialKind.NONE else answer
