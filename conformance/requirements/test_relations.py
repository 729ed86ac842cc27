"""Relations between answers: two names of one owner, two roads to him, and nobody else's photo.

Compared are status, bytes, id, width, height, mediaContentType and mediaEtag, between answers that hold by themselves.
"""

from __future__ import annotations

from ..evidence import addresses
from ..evidence.pictures import Picture
from ..model import Finding, Form
from ..requirement import MUST, Crowd, Findings, Seen, requirement
from .comparison import differences, in_words, picture_in_words
from .held import ANSWERED, PROPERTIES, READABLE, STEADY
from .scopes import AMONG_OTHERS, BY_ID_AND_UPN, ME_AND_USERS, MY_CONTACTS_AND_USERS, USER_KEYS


@requirement("relation.user-key-is-taken", MUST, cites="S22a", on=[USER_KEYS])
def test_the_user_key_may_be_id_or_upn(asked: list[Seen], otherwise: list[Seen]) -> Findings:
    """A user is found by his id and by his userPrincipalName.

    Violated where a whole way of naming users is not taken: no photo that the other key leads to is found in either
    form. Where one form alone is not found, the path of that form is what does not exist (S9, S16 …).
    """
    found = {(seen.probe.owner.label, seen.probe.shape.form) for seen in otherwise if seen.status == 200}
    both = {label for label, _ in found if {(label, Form.PHOTO), (label, Form.METADATA)} <= found}
    shown = [seen for seen in asked if seen.probe.owner.label in both]
    if shown and all(seen.status != 200 for seen in shown):
        statuses = sorted({str(seen.status) for seen in shown})
        yield Finding(
            "status", "200, as by the other key of the same users", f"{' and '.join(statuses)} for all of them"
        )


@requirement("relation.id-and-upn-agree", MUST, cites="R1", on=[BY_ID_AND_UPN], needs=ANSWERED, yields_to=STEADY)
def test_id_and_upn_agree(one: Seen, other: Seen) -> Findings:
    """The same photo is answered by the user's id and by the userPrincipalName."""
    yield from differences(one, other, "by userPrincipalName")


@requirement("relation.me-is-the-user", MUST, cites="R2", on=[ME_AND_USERS], needs=ANSWERED,
             yields_to=[*STEADY, "relation.id-and-upn-agree"])  # fmt: skip
def test_me_is_the_user(one: Seen, other: Seen) -> Findings:
    """`/me` answers the same photo as `/users/{own id}`."""
    yield from differences(other, one, "at /me")


@requirement("relation.my-contacts-are-the-users", MUST, cites="R3", on=[MY_CONTACTS_AND_USERS], needs=ANSWERED,
             yields_to=[*STEADY, "relation.id-and-upn-agree"])  # fmt: skip
def test_my_contacts_are_the_users(one: Seen, other: Seen) -> Findings:
    """`/me/contacts/…` answers the same photo as `/users/{own id}/contacts/…`, and so for folders."""
    yield from differences(other, one, "at /me")


@requirement("relation.not-another-owners", MUST, cites="R4", on=[AMONG_OTHERS], needs=[*ANSWERED, *READABLE],
             yields_to=["metadata.is-not-the-placeholder", *PROPERTIES])  # fmt: skip
def test_it_is_not_another_owners(answer: Seen, roads: list[Seen], sibling: Seen | None, crowd: Crowd) -> Findings:
    """Another owner's picture or metadata is not served.

    Two owners may lawfully look the same. So an answer is another's only where it equals that other's, and the owner's
    own by another road (or the SHA-256 that the target file gives) is something else.
    """
    own = answer.probe.owner.person
    apart = [road for road in roads if road.identity != answer.identity and not _is_the_crowds(road, own, crowd)]
    others: list[str] = []
    if apart or _is_belied(answer, sibling, crowd):
        alike = sorted(crowd.owners.get(answer.identity, set()) - {own})
        others = [other for other in alike if apart or _told_apart(answer, other, crowd)]
    if answer.probe.shape.form is Form.PHOTO and answer.digest != crowd.declared.get(own, answer.digest):
        others += crowd.holders.get(answer.digest, [])
    if others:
        told = picture_in_words(answer) if answer.probe.shape.form is Form.PHOTO else in_words(dict(answer.metadata))
        yield Finding("answer", f"{own}'s own", f"that of {', '.join(dict.fromkeys(others[:3]))}: {told}")


def _is_the_crowds(road: Seen, label: str, crowd: Crowd) -> bool:
    """Whether the other road's answer is itself another owner's: then it is that one which is mixed up."""
    return bool(crowd.owners.get(road.identity, set()) - {label})


def _told_apart(answer: Seen, other: str, crowd: Crowd) -> bool:
    """Whether the target file says that the two owners' pictures differ."""
    mine, theirs = (crowd.declared.get(label) for label in (answer.probe.owner.label, other))
    return bool(mine and theirs and mine != theirs)


def _is_belied(answer: Seen, sibling: Seen | None, crowd: Crowd) -> bool:
    """Whether the answer belies the owner asked for, whose picture the target file tells.

    For metadata: the picture beside it has other pixels, or `@odata.id` names another owner.
    """
    mine = crowd.declared.get(answer.probe.owner.label)
    if not mine:
        return False
    if answer.probe.shape.form is Form.PHOTO:
        return answer.digest != mine
    picture, told = sibling.picture if sibling else None, answer.metadata
    belied = isinstance(picture, Picture) and (picture.width, picture.height) != (told.get("width"), told.get("height"))
    path = addresses.photo_path(str(told.get("@odata.id")), answer.exchange.request.url)
    return belied or bool(path and addresses.names_another(path, answer.probe.owner))
