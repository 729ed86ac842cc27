"""Owners and callers as another tool's recording itself names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ..auth.claims import same_user
from ..media import json_text
from ..model import Answer, Caller, CredentialKind, Form, Owner, State
from ..target.sizes import every_size, of_size
from ..target.target_file import DEFAULT_CALLER
from ..target.tenant import Tenant
from .har_import import Asked, folded
from .kept_credentials import NOT_SHOWN
from .whose import holder, renewed

_NAMING = ("user", "group", "parent", "folder", "contact")
"""What a path may name, the outermost first."""
_NOT_FOUND = frozenset({400, 404})
_SAYS_NOTHING = frozenset({*_NOT_FOUND, 401, 403, None})
"""Of whether an owner exists, beside a response that says not."""


def callers(asked: Sequence[Asked], claims: Mapping[str, Caller]) -> tuple[Tenant, dict[str, str]]:
    """A tenant with a caller for each token, but one for all tokens of one user; and whose each token is."""
    first = renewed(asked, claims)
    tokens = Counter(one.credential.caller for one in asked if one.credential.caller not in (None, NOT_SHOWN))
    found: dict[object, Caller] = {}
    known: dict[str, str] = {}
    for token, _ in tokens.most_common():
        own = claims.get(str(token)) or Caller("")
        caller = Caller(f"token-{len(found) + 1}", None, own.user_id, own.user_upn, own.app_only)
        known[str(token)] = found.setdefault(holder(own) or first.get(token, token), caller).label
    who = tuple(found.values()) or (Caller(DEFAULT_CALLER), *_another(asked))
    return Tenant((), who, who[0].label), known


def _another(asked: Iterable[Asked]) -> Iterator[Caller]:
    """One caller more where no token is shown, and what the signed-in user was shown is two users'."""
    shown: dict[object, set[object]] = {}
    for one in asked:
        answer, hidden = one.exchange.answer, one.credential.caller == NOT_SHOWN
        if answer and hidden and one.operation.signed_in and answer.status in (200, 404):
            shown.setdefault(one.same, set()).add(404 if answer.status == 404 else _photo(one.operation.form, answer))
    if any(len(each - {None}) > 1 or {None, 404} <= each for each in shown.values()):
        yield Caller("token-2")


def _photo(form: Form | None, answer: Answer) -> object:
    """By what two photos differ: the picture, or the entity-tag of the metadata; None where the body was not kept."""
    if answer.unread is not None:
        return None
    metadata = json_text.read(answer.body) if form is Form.METADATA else None
    return metadata.get("@odata.mediaEtag", "") if isinstance(metadata, dict) else answer.body


def with_callers(tenant: Tenant, claims: Iterable[Caller]) -> Tenant:
    """A target file's tenant in which each user whose token says so is a caller, also without a token in the file."""
    users = [one for one in tenant.owners if one.kind == "user" and one.caller is None]
    named = {one.label: one for own in claims for one in users if not own.app_only and same_user(one, own)}
    added = tuple(Caller(label, None, one.user_id, one.user_upn) for label, one in named.items())
    if not added:
        return tenant
    owners = [replace(one, caller=one.family) if one.family in named else one for one in tenant.owners]
    callers = tuple(one for one in tenant.callers if one.label != DEFAULT_CALLER) + added
    default = added[0].label if tenant.default == DEFAULT_CALLER else tenant.default
    return replace(tenant, owners=tuple(owners), callers=callers, default=default)


def tenant(asked: Sequence[Asked], who: tuple[Caller, ...]) -> Tenant:
    """The owners that requests name. Whether one has a photo is found out from what came back.

    Where all that came back is 404 (or 400) nothing shows that the owner exists: the id is taken for an unknown one.
    """
    existing = _existing(asked, who)
    unknown: dict[str, str] = {}
    users: dict[str, Owner] = {}
    for caller in who:
        own = Owner("", "user", caller.user_id, caller.user_upn, caller=caller.label)
        users |= {key.casefold(): own for key in (caller.label, caller.user_id, caller.user_upn) if key}
    labels: dict[Owner, str] = {}
    owners: dict[Owner, Owner] = {}
    for one in asked:
        values = one.values
        # without a token `/me` says nothing of whose it is
        signed_in = one.credential.caller if one.credential.kind is CredentialKind.TOKEN else who[0].label
        name = values.get("user") or values.get("group") or signed_in
        if name is None or (one.operation.signed_in and name.casefold() not in users):
            continue
        if not existing.issuperset(_names(one)):
            nowhere = [word for word in _NAMING if word in values and values[word].casefold() not in existing]
            called = {"user": "upn" if "@" in name else "user", "parent": "folder"}
            unknown = {called.get(word, word): values[word] for word in nowhere} | unknown
            continue
        if one.operation.kind == "group":
            owner = Owner("", "group", group_id=name, team=one.operation.owner == "team")
            label = f"group-{len(owners) + 1}"
        else:
            fresh = Owner("", "user", user_upn=name) if "@" in name else Owner("", "user", user_id=name)
            owner = users.setdefault(name.casefold(), fresh)
            label = labels.setdefault(owner, f"user-{len(labels) + 1}")
            if "contact" in values:
                label = f"{label}.contact-{len(owners) + 1}"
                place = (values["contact"], values.get("folder"), values.get("parent"))
                owner = replace(owner, kind="contact", contact_id=place[0], folder_id=place[1], parent_id=place[2])
        owners.setdefault(owner, replace(owner, label=label))
    return Tenant(tuple(owners.values()), who, who[0].label, unknown=unknown)


def _existing(asked: Sequence[Asked], who: Iterable[Caller]) -> set[str]:
    """The names of which a response, or a caller's token, shows that they are no unknown ones."""
    statuses: dict[str, set[int | None]] = {}
    for one in asked:
        if one.credential.kind is CredentialKind.TOKEN or one.status == 200:
            for key in _names(one):
                statuses.setdefault(key, set()).add(one.status)
    found = {name for name, seen in statuses.items() if seen - _SAYS_NOTHING or not seen & _NOT_FOUND}
    found |= {names[-1] for one in asked if len(names := _names(one)) > 2} - statuses.keys()  # never with a token
    return found | {key.casefold() for own in who for key in (own.user_id, own.user_upn) if key}


def _names(asked: Asked) -> list[str]:
    """What a path names: each id, and the contact in the place where it is said to be."""
    ids = [asked.values[word] for word in _NAMING if word in asked.values]
    return [each.casefold() for each in (*ids, "/".join(ids)) if each]


def with_sizes(tenant: Tenant, asked: Sequence[Asked]) -> tuple[Tenant, list[Asked]]:
    """The tenant with an owner more for each size of a photo that was asked for and came; and the requests.

    Those of a size that no recorded list of the photo's sizes has are marked, and stand last.
    """
    listed: dict[str, set[str]] = {}
    for one in asked:
        if one.operation.leads_to == "sizes" and "?" not in one.target and one.exchange.answer:
            for owner in filter(partial(_is_of, one), tenant.owners):
                listed.setdefault(owner.person, set()).update(every_size(one.exchange.answer))
    found = {owner.label: owner for owner in tenant.owners}
    usual, unlisted = [], []
    for one in asked:
        size = one.values.get("size", "")
        owners = list(filter(partial(_is_of, one), tenant.owners)) if size else []
        known = {each for owner in owners for each in listed.get(owner.person, ())}
        if known and size.lower() not in known and one.credential.kind is CredentialKind.TOKEN:
            unlisted.append(replace(one, unlisted=True))
            continue
        usual.append(one)
        for owner in owners:
            if one.status == 200 and owner.size is None and owner.state is not State.ABSENT:
                sized = of_size(owner, size)
                found.setdefault(sized.label, sized)
    return tenant.with_owners(found.values()), usual + unlisted


def _is_of(asked: Asked, owner: Owner) -> bool:
    """Whether a request is about this user's or group's photo."""
    if owner.kind != asked.operation.kind:
        return False
    if asked.operation.signed_in:
        return owner.caller is not None and owner.caller == asked.credential.caller
    named = (owner.group_id,) if owner.kind == "group" else (owner.user_id, owner.user_upn)
    return any(key and folded(key) == asked.values[owner.kind] for key in named)
