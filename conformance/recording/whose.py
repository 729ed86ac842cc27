"""Whose token another tool's recording shows, and what a refused one means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..auth.claims import same_user
from ..media.header_fields import asks_for_claims, has_expired, wait_asked_for
from ..model import Answer, Caller, CredentialKind, Failure, FailureKind
from ..target.tenant import Tenant
from .har_import import Asked
from .kept_credentials import NOT_SHOWN


def callers(
    asked: Sequence[Asked], tenant: Tenant, claims: Mapping[str, Caller], known: Mapping[str, str]
) -> dict[str, str]:
    """The tenant's callers by the digests of a recording's tokens, as far as anything says so.

    `known`: those whose tokens stand in the environment. Else a token says whose it is, or is the successor of one that
    had run out; where the target has one caller and the recording one token, that is theirs.
    """
    tokens = list(dict.fromkeys(one.credential.caller for one in asked if one.credential.caller))
    found = {token: known[token] for token in tokens if token in known}
    for token in tokens:
        if token in claims and (label := _named(claims[token], tenant)) is not None:
            found.setdefault(token, label)
    first = renewed(asked, claims)
    holders = {first.get(token, token): label for token, label in sorted(found.items())}
    for token in tokens:
        if (label := holders.get(first.get(token, token))) is not None:
            found.setdefault(token, label)
    if len(tenant.callers) == 1:
        label = tenant.callers[0].label
        unknown = [token for token in tokens if token not in found and token != NOT_SHOWN]
        another = any(same_user(claims.get(one, Caller("")), tenant.callers[0]) is False for one in unknown)
        if len({first.get(token, token) for token in unknown}) == 1 and not found and not another:
            found |= dict.fromkeys(unknown, label)
    if len(tenant.usual_callers) == 1:
        found[NOT_SHOWN] = tenant.usual_callers[0]
    return found


def held(callers: Mapping[str, str], claims: Mapping[str, Caller]) -> dict[str, Caller]:
    """What the callers' tokens say of them; of scopes nothing where the tokens of one caller differ in them."""
    found: dict[str, Caller] = {}
    for token, label in callers.items():
        own = claims.get(token)
        if own and found.setdefault(label, own).scopes != own.scopes:
            found[label] = replace(found[label], scopes=None)
    return found


def _named(claims: Caller, tenant: Tenant) -> str | None:
    """The caller whose token it says it is; an application's is the default caller's where that is no user's."""
    if claims.app_only:
        default = tenant.caller_by_label.get(tenant.default or "")
        free = default is not None and not default.user_id and not default.user_upn
        apps = [one.label for one in tenant.callers if one.app_only]
        return tenant.default if free else apps[0] if len(apps) == 1 else None
    return next((label for label in tenant.usual_callers if same_user(claims, tenant.caller_by_label[label])), None)


def renewed(asked: Iterable[Asked], claims: Mapping[str, Caller]) -> dict[str, str]:
    """By the tokens that followed one which had run out, to the same request: the first of these, of the same user."""
    first: dict[str, str] = {}
    refused: dict[object, str] = {}
    for one in asked:
        token, place = one.credential.caller, (one.operation.id, one.params, one.query)
        if one.credential.kind is not CredentialKind.TOKEN or token in (None, NOT_SHOWN):
            continue
        before = refused.pop(place, None)
        if before is not None and before != token and holder(claims.get(before)) == holder(claims.get(str(token))):
            first.setdefault(str(token), first.get(before, before))
        if _ran_out(one.exchange.answer):
            refused[place] = str(token)
    return first


def holder(claims: Caller | None) -> str:
    """The user that a token names, without regard to case: by the id, which says enough; empty where it names none."""
    return (claims.user_id or claims.user_upn or "").casefold() if claims else ""


def _ran_out(answer: Answer | None) -> bool:
    """Whether a 401 says of itself that it is about the credential."""
    return answer is not None and (has_expired(answer) or asks_for_claims(answer))


def without_outdated(asked: Iterable[Asked], tenant: Tenant, known: Mapping[str, str]) -> list[Asked]:
    """The requests for photos that no later one may have changed."""
    found: list[Asked] = []
    for one in asked:
        if one.changes:
            found = [each for each in found if not _may_be_changed(each, one, tenant, known)]
        else:
            found.append(one)
    return found


def _may_be_changed(asked: Asked, change: Asked, tenant: Tenant, known: Mapping[str, str]) -> bool:
    """Whether both may be about the same photo, in any size."""
    one, other = asked.values, change.values
    if asked.operation.kind != change.operation.kind or any(one.get(x) != other.get(x) for x in ("group", "contact")):
        return False
    persons = [_person(each, tenant, known) for each in (asked, change)]
    return "group" in one or not all(persons) or bool(persons[0] & persons[1])


def _person(asked: Asked, tenant: Tenant, known: Mapping[str, str]) -> set[str]:
    """Ids and userPrincipalNames of the user that a path is about; empty where none is known."""
    caller = known.get(asked.credential.caller or "") if asked.operation.signed_in else None
    said = {asked.values["user"].casefold()} if "user" in asked.values else set()
    people = [(one.label, one.user_id, one.user_upn) for one in tenant.callers]
    people += [(one.caller or "", one.user_id, one.user_upn) for one in tenant.owners]
    for label, *ids in people:
        keys = {key.casefold() for key in ids if key}
        if keys & said or (caller and label == caller):
            said |= keys
    return said


def without_lesser(asked: Sequence[Asked], known: Mapping[str, str], claims: Mapping[str, Caller]) -> list[Asked]:
    """Without what a caller's token was refused where another one, which says that it holds other scopes, got in.

    A token that is not shown may be another one each time, as where a browser's user consents to more.
    """

    def asks(one: Asked) -> tuple[object, ...]:
        return (one.operation.id, one.params, one.query)

    def holds(one: Asked) -> tuple[str | None, frozenset[str] | None]:
        """The caller, and the scopes that the token says it holds."""
        token = one.credential.caller or ""
        return (NOT_SHOWN if token == NOT_SHOWN else known.get(token), (claims.get(token) or Caller("")).scopes)

    got: dict[object, set[tuple[str | None, frozenset[str] | None]]] = {}
    for one in asked:
        if one.credential.kind is CredentialKind.TOKEN:
            got.setdefault((asks(one), one.status), set()).add(holds(one))

    def is_lesser(one: Asked) -> bool:
        caller, scopes = holds(one)
        opened = (200, 404) if one.status == 403 else (200,)
        others = {each for status in opened for each in got.get((asks(one), status), ())}
        if one.status == 403 and (caller == NOT_SHOWN or (NOT_SHOWN, None) in others):
            return bool(others)
        own = {held for other, held in others if other == caller} - {scopes, None}
        return one.status in (403, 404) and scopes is not None and bool(own)

    return [one for one in asked if not is_lesser(one)]


def settled(asked: Sequence[Asked], known: Mapping[str, str]) -> list[Asked]:
    """Entries with the tenant's callers, None where nothing says whose the token is; without what was waited out.

    A response that asked to wait, or said that the token had run out, belongs to the next one to the same request. A
    401 is about the path where the same token is accepted later; else it is about the token.
    """
    accepted = {one.credential.caller: place for place, one in enumerate(asked) if one.status not in (None, 401)}
    waits: dict[object, list[Asked]] = {}
    found = []
    for place, one in enumerate(asked):
        token, answer = one.credential.caller, one.exchange.answer
        with_token = one.credential.kind is CredentialKind.TOKEN
        caller = known.get(token or "", NOT_SHOWN if token == NOT_SHOWN else None)
        one = replace(one, credential=replace(one.credential, caller=caller))
        ran_out = with_token and _ran_out(answer)
        if (ran_out and token != NOT_SHOWN) or (answer and wait_asked_for(answer) is not None):
            waits.setdefault(one.same, []).append(one)
        elif with_token and one.status == 401 and (token == NOT_SHOWN or accepted.get(token, -1) < place):
            why = "the token was refused (401), and nothing shows that it was good"
            found.append(_without_answer(one, FailureKind.CREDENTIAL, why))
        else:
            found.append(_after(one, waits.pop(one.same, [])))
    for still in waits.values():
        last = _after(still[-1], still[:-1])
        if last.status == 401:
            found.append(_without_answer(last, FailureKind.CREDENTIAL, "the token had run out (401)"))
        else:
            why = "the target asked to wait, and was not asked again"
            found.append(_without_answer(last, FailureKind.THROTTLED, why))
    return _without_repeated_failures(found)


def _after(one: Asked, before: Sequence[Asked]) -> Asked:
    answers = tuple(each.exchange.answer for each in before if each.exchange.answer)
    return replace(one, exchange=replace(one.exchange, throttled=answers)) if answers else one


def _without_answer(one: Asked, kind: FailureKind, why: str) -> Asked:
    answer = one.exchange.answer
    waited = one.exchange.throttled + ((answer,) if kind is FailureKind.THROTTLED and answer else ())
    failure = Failure(kind, f"in the recording: {why}")
    return replace(one, exchange=replace(one.exchange, answer=None, failure=failure, throttled=waited))


def _without_repeated_failures(asked: Sequence[Asked]) -> list[Asked]:
    """Without a request that a browser broke off, or whose response was not kept, where another says the same.

    A response without its body says the same as another with its status; one that is missing, as any other.
    """
    shown: set[object] = set()
    for one in asked:
        if not one.lost:
            shown |= {one.same, (one.same, one.status)}
    found = []
    for one in asked:
        failure = one.exchange.failure
        if one.lost and (failure is None or failure.kind is FailureKind.UNREACHABLE):
            said = one.same if failure else (one.same, one.status)
            if said in shown:
                continue
            shown |= {one.same, said}
        found.append(one)
    return found
