"""Relations between responses: two keys of one owner, two paths to them, and no other owner's photo.

Compared are status, bytes, id, width, height, mediaContentType and mediaEtag, of responses without other faults.
"""

from __future__ import annotations

from collections import Counter

from ..catalogue.decoded_response import DecodedResponse
from ..catalogue.requirement import MUST, Findings, requirement
from ..media.pictures import Picture
from ..model import Finding, Form
from .comparing import differences, in_words, names_another, picture_in_words
from .photo_index import PhotoIndex
from .prerequisites import ANSWERED, PROPERTIES, READABLE, REPEATABLE, STEADY, USER_KEY
from .selections import AMONG_OTHERS, BY_ID_AND_UPN, ME_AND_USERS, MY_CONTACTS_AND_USERS, USER_KEYS


@requirement(USER_KEY, MUST, cites="S22a", on=[USER_KEYS])
def test_the_user_key_may_be_id_or_upn(asked: list[DecodedResponse], otherwise: list[DecodedResponse]) -> Findings:
    """A user is found by their id and by their userPrincipalName.

    Violated where one kind of key is not accepted for any user: photos that are found in both forms by the other key
    are found in neither form by this one. Where one form alone is not found, its path does not exist (S9, S16 …).
    """
    found = {(seen.probe.owner.label, seen.probe.shape.form) for seen in otherwise if seen.status == 200}
    both = {label for label, _ in found if {(label, Form.PHOTO), (label, Form.METADATA)} <= found}
    shown = [seen for seen in asked if seen.probe.owner.label in both]
    elsewhere = {seen.probe.owner.label for seen in otherwise} - both
    if shown and all(seen.status != 200 for seen in asked if seen.probe.owner.label not in elsewhere):
        statuses = sorted({str(seen.status) for seen in shown})
        wanted = "200, as with the other key (id or userPrincipalName) of the same users"
        yield Finding("status", wanted, f"{' and '.join(statuses)} for all of them")


@requirement("relation.id-and-upn-agree", MUST, cites="R1", on=[BY_ID_AND_UPN], needs=ANSWERED, yields_to=STEADY)
def test_id_and_upn_agree(one: DecodedResponse, other: DecodedResponse) -> Findings:
    """The user's id and the userPrincipalName return the same photo."""
    yield from differences(one, other, "by userPrincipalName")


@requirement("relation.me-matches-user", MUST, cites="R2", on=[ME_AND_USERS], needs=ANSWERED,
             yields_to=[*STEADY, "relation.id-and-upn-agree"])  # fmt: skip
def test_me_is_the_user(one: DecodedResponse, other: DecodedResponse) -> Findings:
    """`/me` returns the same photo as `/users/{own id}`."""
    yield from differences(other, one, "at /me")


@requirement("relation.my-contacts-match-users", MUST, cites="R3", on=[MY_CONTACTS_AND_USERS], needs=ANSWERED,
             yields_to=[*STEADY, "relation.id-and-upn-agree"])  # fmt: skip
def test_my_contacts_are_the_users(one: DecodedResponse, other: DecodedResponse) -> Findings:
    """`/me/contacts/…` returns the same photo as `/users/{own id}/contacts/…`, and so for folders."""
    yield from differences(other, one, "at /me")


@requirement("relation.not-another-owner", MUST, cites="R4", on=[AMONG_OTHERS], needs=[*ANSWERED, *READABLE],
             yields_to=[REPEATABLE, "metadata.is-not-the-placeholder", *PROPERTIES])  # fmt: skip
def test_it_is_not_another_owners(
    answer: DecodedResponse,
    other_paths: list[DecodedResponse],
    sibling: DecodedResponse | None,
    photo_index: PhotoIndex,
) -> Findings:
    """Another owner's picture or metadata is not served.

    Two owners may have the same photo. So a response belongs to another owner only where it equals that owner's, and
    differs from what another path (or the SHA-256 in the target file) gives for this owner.
    """
    if answer.probe.shape.form is Form.PHOTO:
        others, result = _whose_picture(answer, other_paths, sibling, photo_index), picture_in_words(answer)
    else:
        others, result = _whose_metadata(answer, other_paths, sibling, photo_index), in_words(dict(answer.metadata))
    if others:
        own = answer.probe.owner.person
        yield Finding("response", f"{own}'s own", f"that of {', '.join(dict.fromkeys(others[:3]))}: {result}")


def _whose_picture(
    answer: DecodedResponse,
    other_paths: list[DecodedResponse],
    sibling: DecodedResponse | None,
    photo_index: PhotoIndex,
) -> list[str]:
    """The other owners whose picture this is, if any; the target file's SHA-256 comes first."""
    value = photo_index.declared.get(answer.probe.owner.person, answer.digest)
    if answer.digest != value and (holders := photo_index.holders.get(answer.digest)):
        return holders
    mine = photo_index.declared.get(answer.probe.owner.label)
    if answer.digest == mine:
        return []
    if mine and (others := _declared_apart(mine, answer, photo_index)):
        return others
    return _by_paths(answer, other_paths, photo_index) or (sibling and _by_tag(answer, sibling, photo_index)) or []


def _by_tag(photo: DecodedResponse, metadata: DecodedResponse, photo_index: PhotoIndex) -> list[str]:
    """Owners with these very bytes and ETag, which their metadata names too, where the owner's own names another."""
    tag, own = photo.entity_tag, metadata.entity_tag
    if tag is None or own is None or tag == own:
        return []
    others = photo_index.tagged.get((photo.digest, tag), set()) - {photo.probe.owner.person}
    tags = {other: photo_index.metadata_tags.get(other, set()) for other in others}
    return sorted(other for other in others if tag in tags[other] and own not in tags[other])


def _whose_metadata(
    answer: DecodedResponse,
    other_paths: list[DecodedResponse],
    sibling: DecodedResponse | None,
    photo_index: PhotoIndex,
) -> list[str]:
    """The other owners whose metadata this is, if any.

    Where the target file gives pictures, metadata that was received with its owner's own picture and fits it is
    genuine, and all other metadata is compared with it.
    """
    label = answer.probe.owner.label
    mine, genuine = photo_index.declared.get(label), photo_index.genuine.get(label, set())
    if mine is None:
        return _whose_undeclared(answer, other_paths, sibling, photo_index)
    if answer.identity in genuine:
        return []
    pictured = photo_index.holders.get(sibling.digest) if sibling and sibling.digest != mine else None
    if pictured and (genuine or names_another(answer) or set(pictured) & set(_alike(answer, photo_index))):
        return pictured
    if genuine and (others := [other for other, theirs in photo_index.genuine.items() if answer.identity in theirs]):
        return others
    apart = _declared_apart(mine, answer, photo_index) if _is_contradicted(answer, sibling) else []
    return apart or _by_paths(answer, other_paths, photo_index)


def _whose_undeclared(
    answer: DecodedResponse,
    other_paths: list[DecodedResponse],
    sibling: DecodedResponse | None,
    photo_index: PhotoIndex,
) -> list[str]:
    """The same without a SHA-256: the other owners must also have this picture, or `@odata.id` must name another.

    Owners who have one picture by every path may have the same metadata.
    """
    others = _by_paths(answer, other_paths, photo_index)
    if sibling is None or names_another(answer) is not None:
        return others
    paths = (other.probe.shape.key.replace("metadata", "photo") for other in other_paths)
    if all(hash((answer.probe.owner.person, path, sibling.identity)) in photo_index.by_path for path in paths):
        return []
    return [other for other in others if other in photo_index.owners.get(sibling.identity, set())]


def _by_paths(answer: DecodedResponse, other_paths: list[DecodedResponse], photo_index: PhotoIndex) -> list[str]:
    """The owners that share this response, where another path returns one that is this owner's alone.

    Or where another path returns another one for this owner, and this one for them: owners are exchanged by a path.
    That of which an owner has fewer is the wrong one; of as many, either may be.
    """
    others = _alike(answer, photo_index)
    different = [other for other in other_paths if other.identity != answer.identity]
    if any(not _alike(other, photo_index) for other in different):
        return others
    given = Counter(other.identity for other in (answer, *other_paths))
    paths = [other.probe.shape.key for other in different if given[other.identity] >= given[answer.identity]]
    return [
        other for other in others if any(hash((other, path, answer.identity)) in photo_index.by_path for path in paths)
    ]


def _alike(answer: DecodedResponse, photo_index: PhotoIndex) -> list[str]:
    """The other owners with the same response."""
    return sorted(photo_index.owners.get(answer.identity, set()) - {answer.probe.owner.person})


def _declared_apart(mine: str, answer: DecodedResponse, photo_index: PhotoIndex) -> list[str]:
    """The other owners with the same response, to which the target file gives another picture."""
    return [other for other in _alike(answer, photo_index) if photo_index.declared.get(other, mine) != mine]


def _is_contradicted(metadata: DecodedResponse, sibling: DecodedResponse | None) -> bool:
    """Whether the picture of the same path has another size, or `@odata.id` names another owner."""
    picture, properties = sibling.picture if sibling else None, metadata.metadata
    size = (properties.get("width"), properties.get("height"))
    contradicted = isinstance(picture, Picture) and (picture.width, picture.height) != size
    return contradicted or names_another(metadata) is not None
