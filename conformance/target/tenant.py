"""Owners and callers of a target, and which of them a path shape can name."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from ..model import Addressing, Caller, Credential, Owner, Probe, Shape, State
from ..model.probe import RequestKind
from ..spec import expand
from . import sampling

_ANY_SIZE = "48x48"
"""Stands in the path where the request is not about the size."""
_NAMESPACE = uuid.uuid4()
Made = TypeVar("Made")


@dataclass(frozen=True)
class Tenant:
    """Owners and callers of one target.

    `unknown` are ids that the target file says exist nowhere, by kind (`user`, `upn`, `group`, `contact`, `folder`).
    """

    owners: tuple[Owner, ...] = ()
    callers: tuple[Caller, ...] = ()
    default: str | None = None
    """Label of the caller for paths that need no user's own token; None: there is no token."""
    identities: tuple[str, ...] = ()
    """Labels of the callers that only the chapter on permissions is about."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    """Kinds of owners (`user`, `group`, `contact`) that the default caller's token does not open, their own aside."""
    of: Tenant | None = field(default=None, repr=False)
    """The whole of which these owners are a part; None: they are all there are."""
    leading: bool = True
    """Whether requests that need one owner of all, or none, go with this part."""
    seed: int = 0
    """Chooses the owners that meet every credential, caller and option, where there are many."""
    exhaustive: bool = False
    """Whether those meet them at every path shape: in another tool's recording, which may hold any of it."""

    def with_owners(self, owners: Iterable[Owner]) -> Tenant:
        """The same tenant with these owners."""
        return replace(self, owners=tuple(owners))

    @property
    def whole(self) -> Tenant:
        """All owners; the first that a path shape can name is its representative."""
        return self.of or self

    def part(self, owners: Iterable[Owner], *, leading: bool) -> Tenant:
        """Some of the owners; with `leading` also the representatives' requests."""
        return replace(self, owners=tuple(owners), of=self.whole, leading=leading)

    @cached_property
    def _memo(self) -> dict[tuple[object, ...], Any]:
        return {}

    def once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What selectors work out of these owners, by a key of their own: made once."""
        if key not in self._memo:
            self._memo[key] = make()
        made: Made = self._memo[key]
        return made

    @cached_property
    def covering_numbers(self) -> dict[str, int]:
        """Labels of the owners that meet every credential, caller and option; the numbers spread them over paths."""
        return sampling.covering(self.owners, self.seed)

    @cached_property
    def caller_by_label(self) -> dict[str, Caller]:
        return {caller.label: caller for caller in self.callers}

    @cached_property
    def usual_callers(self) -> list[str]:
        """Labels of the callers that all chapters are about: all but the identities."""
        return [caller.label for caller in self.callers if caller.label not in self.identities]

    def named_by(self, shape: Shape, state: State) -> list[Owner]:
        """The owners in a state that the path shape can name, in the target file's order."""
        known = (owner for owner in self.of_kind(shape, state) if self.nameable(shape, owner))
        owners = self.unknown_owners(shape) if state is State.UNKNOWN else known
        return self.once(("named", shape.key, state), lambda: list(owners))

    def every(self, shape: Shape, state: State, shapes: Sequence[Shape]) -> list[Owner]:
        """The same; of those that exist nowhere, some in each further mailbox too."""
        beside = self._unknown_beside(shape, shapes) if state is State.UNKNOWN else ()
        return [*self.named_by(shape, state), *beside]

    def representatives(self, shape: Shape, state: State) -> list[Owner]:
        """The first owner in a state that the path shape can name; none where another part asks it."""
        return self.whole.named_by(shape, state)[:1] if self.leading else []

    def covering(self, shape: Shape, state: State, shapes: Sequence[Shape], *, signed_in: bool = True) -> list[Owner]:
        """The representative of a path shape, and those who represent none of this form and whose turn is here.

        Without `signed_in` a `/me` path has no turn: unless the token is good, it names no owner.
        """
        paths = [path for path in shapes if signed_in or not path.operation.signed_in]
        further = (owner for owner in self.named_by(shape, state) if self._meets_all_at(shape, owner, paths))
        owners = chain(self.representatives(shape, state), further)
        key = ("covering", shape.key, state, signed_in, id(shapes))  # editions share a tenant, not their paths
        return self.once(key, lambda: list(dict.fromkeys(owners)))

    def _meets_all_at(self, shape: Shape, owner: Owner, shapes: Sequence[Shape]) -> bool:
        if (number := self.whole.covering_numbers.get(owner.label)) is None:
            return False
        if self.exhaustive:
            return shape in shapes
        end = shape.operation.leads_to
        paths = [s for s in shapes if s.form is shape.form and s.operation.leads_to == end and self.names(s, owner)]
        represents = any(
            self.whole.named_by(path, owner.state or State.UNDECLARED)[0].label == owner.label for path in paths
        )
        return bool(paths) and not represents and paths[number % len(paths)] == shape

    def names(self, shape: Shape, owner: Owner) -> bool:
        """Whether the path shape can name the owner."""
        return self.is_about(shape, owner) and self.nameable(shape, owner)

    @staticmethod
    def is_about(shape: Shape, owner: Owner) -> bool:
        """Whether the owner is what the path shape is about (a team, a contact two folders deep …), nameable or not."""
        operation, words = shape.operation, shape.operation.keys.values()
        return (
            owner.kind == operation.kind
            and (owner.folder_id is not None) == ("folder" in words)
            and (owner.parent_id is not None or "parent" not in words)
            and (owner.size is not None) == (operation.leads_to == "size")
            and (owner.team or operation.owner != "team")
        )

    def of_kind(self, shape: Shape, state: State) -> list[Owner]:
        """The owners in a state that the path shape is about, nameable or not."""
        known = None if state is State.UNDECLARED else state
        owners = (one for one in self.owners if one.state is known and self.is_about(shape, one))
        return self.once(("of kind", shape.operation.id, state), lambda: list(owners))

    @staticmethod
    def nameable(shape: Shape, owner: Owner) -> bool:
        """Whether the owner has what the path shape needs: a caller for `/me`, an id, a userPrincipalName."""
        if shape.operation.signed_in:
            return owner.caller is not None
        if shape.addressing is Addressing.ID:
            return owner.user_id is not None
        return shape.addressing is None or owner.user_upn is not None

    def asker(self, shape: Shape, owner: Owner) -> str | None:
        """The caller: the user where the path begins at `/me`, and for their contacts; else the default caller."""
        if shape.operation.signed_in:
            return owner.caller
        return owner.caller or self.default if shape.operation.kind == "contact" else self.default

    def probe(
        self, shape: Shape, owner: Owner, request_kind: RequestKind, state: State, caller: str | None = None
    ) -> Probe:
        """The one request of this kind for this owner at this path shape; made once."""
        key = ("probe", shape.key, owner.label, request_kind.name, state, caller)
        return self.once(key, lambda: self._probe(shape, owner, request_kind, state, caller))

    def _probe(self, shape: Shape, owner: Owner, request_kind: RequestKind, state: State, caller: str | None) -> Probe:
        sized = replace(owner, size=request_kind.size) if request_kind.size else owner
        values = {name: id_of(sized, word) or "" for name, word in shape.words.items()}
        target = expand(shape.operation.template, values, keyed=request_kind.keyed)
        asker = caller or self.asker(shape, owner) or self.default
        known = self.caller_by_label.get(asker or "")
        name = f"as-{caller}" if caller else request_kind.name
        return Probe(
            key=f"{shape.key}/{owner.label}/{name}",
            shape=shape,
            state=state,
            owner=owner,
            request_kind=name,
            target=f"{target}?{request_kind.query}" if request_kind.query else target,
            credential=Credential(
                request_kind.credential, asker, request_kind.variety, known is not None and known.app_only
            ),
            headers=request_kind.headers,
        )

    def out_of_reach(self, shape: Shape) -> str | None:
        """Why no token leads to the path shape, in one sentence; None: one may."""
        kind = shape.operation.kind
        caller = self.caller_by_label.get(self.default or "")
        if shape.operation.signed_in:
            if caller and caller.app_only and not any(owner.caller for owner in self.owners):
                return "the token is an application's by itself, and an application has no /me"
            if kind == "user":
                return None
        if kind not in self.closed:
            return None
        return f"the token opens no {'other ' * (kind == 'user')}{kind}s, by its scopes or by the responses to it"

    def unknown_owners(self, shape: Shape) -> Iterator[Owner]:
        """Owners that exist nowhere and that the path shape names: one for each id in the path."""
        if not self.leading or self.whole.out_of_reach(shape):
            return
        ids = [word for word in shape.words.values() if word != "size"]
        yield from self._unknown(shape, self.whole.any_owner(shape), ids)

    def _unknown_beside(self, shape: Shape, shapes: Sequence[Shape]) -> Iterator[Owner]:
        """Contacts and folders that exist nowhere, in each further mailbox: at one path shape of each form."""
        if shape.operation.kind != "contact" or self.whole.out_of_reach(shape):
            return
        mailboxes: dict[str, Owner] = {}
        for owner in self.whole.owners:
            if owner.label in self.whole.covering_numbers and self.is_about(shape, owner):
                mailboxes.setdefault(owner.family, owner)
        own = {owner.family for owner in self.owners}
        for number, owner in enumerate(mailboxes.values()):
            paths = [s for s in shapes if s.form is shape.form and self.names(s, owner)]
            asked = {self.whole.any_owner(path).family for path in paths}
            if paths and owner.family in own - asked and paths[number % len(paths)] == shape:
                yield from self._unknown(shape, owner, ["contact"] + ["folder"] * (owner.folder_id is not None))

    def _unknown(self, shape: Shape, any_owner: Owner, unknown: Iterable[str]) -> Iterator[Owner]:
        ids, paths = [word for word in shape.words.values() if word != "size"], set()
        for word in unknown:
            owner = replace(any_owner, label=f"{any_owner.label}.unknown-{word}", state=State.UNKNOWN)
            keys = ("user", "upn") if word in ("user", "upn") else ()  # the other key names no user either
            owner = _with(owner, {**dict.fromkeys(keys), word: self._nowhere(word)})
            path = tuple(id_of(owner, other) for other in ids)
            if path not in paths:  # else the rest of the path was made up as well, and the same
                paths.add(path)
                yield replace(owner, made_up=any(id_of(owner, other) == self._invented(other) for other in ids))

    def unknown_owner(self, shape: Shape, parameter: str, value: str, label: str) -> Owner:
        """An unknown owner by this one value in the path; the other values are those of a known owner."""
        owner = replace(self.whole.any_owner(shape), label=label, state=State.UNKNOWN, made_up=True)
        return _with(owner, {shape.words[parameter]: value})

    def known(self, shape: Shape) -> Owner | None:
        """A known owner that the path shape can name."""
        states = (State.PRESENT, State.ABSENT, State.UNDECLARED)
        return next((owners[0] for state in states if (owners := self.named_by(shape, state))), None)

    def any_owner(self, shape: Shape) -> Owner:
        """A known owner that the path shape can name, for the ids around an unknown one; else all are made up."""
        if known := self.known(shape):
            return known
        kind = shape.operation.kind
        owner = Owner("unknown", kind, caller=self.default if shape.operation.signed_in else None)
        if kind == "contact":
            users = (one for one in self.owners if one.kind == "user" and self.nameable(shape, one))
            owner = next((replace(user, kind=kind, sha256=None) for user in users), owner)
        missing = (word for word in shape.words.values() if id_of(owner, word) is None)
        return _with(owner, {word: self._nowhere(word) for word in missing})

    def _nowhere(self, word: str) -> str:
        """An id that exists nowhere, by the target file or made up."""
        return self.unknown.get("folder" if word == "parent" else word) or self._invented(word)

    def _invented(self, word: str) -> str:
        """An id of the usual look that exists nowhere; another one in each process."""
        if word == "size":
            return _ANY_SIZE
        made = uuid.uuid5(_NAMESPACE, word)
        if word in ("user", "group"):
            return str(made)
        if word == "upn":
            domain = next((o.user_upn.rpartition("@")[2] for o in self.owners if o.user_upn), "contoso.example")
            return f"unknown-{made.hex[:8]}@{domain}"
        return "AAMkAD" + base64.b64encode(made.bytes + made.bytes).decode().replace("/", "_").replace("+", "-")


_FIELDS = {
    "user": "user_id", "upn": "user_upn", "group": "group_id", "contact": "contact_id", "folder": "folder_id",
    "parent": "parent_id", "size": "size",
}  # fmt: skip


def _with(owner: Owner, values: Mapping[str, str | None]) -> Owner:
    changes: dict[str, Any] = {_FIELDS[word]: value for word, value in values.items()}
    return replace(owner, **changes)


def id_of(owner: Owner, word: str) -> str | None:
    """The owner's id that this word of a path stands for."""
    value: str | None = getattr(owner, _FIELDS[word])
    return value
