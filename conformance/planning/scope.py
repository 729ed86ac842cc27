"""Scopes: which cells a requirement has, and which answers it looks at in each of them.

A case is one owner in one cell. Its *primary* answers are those that the requirement judges: where one of them is
already known to be wrong, the case is blocked. Its *support* answers are evidence beside them: where one of those is
wrong, it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..edition import Edition
from ..model import Addressing, Cell, Form, Owner, Probe, Shape, State
from .directory import Directory, ids_of, kind_of, leads_to
from .question import AGAIN, PLAIN, Question

Roles = tuple[tuple[str, Probe], ...]
Shapes = Sequence[Shape]

PHOTO, METADATA = Form.PHOTO, Form.METADATA
BOTH = (METADATA, PHOTO)
ONE_PHOTO = ("photo", "size")
"""What paths lead to where there is one photo at their end, and no list of its sizes."""
ALL = (*ONE_PHOTO, "sizes")


@dataclass(frozen=True)
class Case:
    """One owner in one cell, and the probes whose answers are judged there, by role."""

    cell: Cell
    label: str
    primary: Roles
    support: Roles = ()

    @property
    def name(self) -> str:
        """What known deviations match by glob, e.g. `user.photo.id.present/user-1`."""
        return f"{self.cell.place}/{self.label}"


def _cell(requirement: str, shape: Shape, state: State, **changes: object) -> Cell:
    operation = shape.operation
    cell = Cell(
        requirement, shape.variant, shape.form, shape.addressing, state,
        operation.statement, operation.permission_statement,
    )  # fmt: skip
    return replace(cell, **changes)  # type: ignore[arg-type]  # the names are checked by every cell of the plan


def _asked(shape: Shape, state: State, of: Sequence[str] = ONE_PHOTO) -> bool:
    """Whether a state is asked for at a path shape that leads to one of these.

    An unknown owner needs an id in the path; and what an owner without a photo has to answer when asked for a size,
    or for the list of them, no edition says.
    """
    kind = leads_to(shape.operation)
    ids = state is not State.UNKNOWN or bool(ids_of(shape.operation))
    return kind in of and ids and (state is not State.ABSENT or kind == "photo")


def shape_of(
    cell: Cell, shapes: Shapes, form: Form | None = None, addressing: Addressing | None = None
) -> Shape | None:
    """The path shape that a cell is about, or its neighbour of another form or addressing."""
    wanted = (cell.variant, form or cell.form, addressing or cell.addressing)
    return next((shape for shape in shapes if (shape.variant, shape.form, shape.addressing) == wanted), None)


@dataclass(frozen=True)
class EachOwner:
    """One answer at a time: these questions, asked of every owner in a state (or of the first one alone)."""

    state: State
    forms: tuple[Form, ...] = BOTH
    questions: tuple[Question, ...] = (PLAIN,)
    first: bool = False
    needs_placeholder: bool | None = None
    """True: only in editions that serve a placeholder; False: only in the others."""
    of: tuple[str, ...] = ONE_PHOTO
    """What the paths lead to; see `leads_to`."""
    roles = frozenset({"answer", "plain", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        if self.needs_placeholder not in (None, edition.placeholder):
            return
        for shape in shapes:
            without_keys = any(question.keyed for question in self.questions) and not shape.operation.parameters
            if shape.form in self.forms and _asked(shape, self.state, self.of) and not without_keys:
                yield _cell(requirement, shape, self.state)

    def owners(self, shape: Shape, directory: Directory) -> list[Owner]:
        if directory.default is None:
            return []
        owners = directory.named_by(shape, self.state)
        return owners[:1] if self.first else owners

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None:
            return
        for owner in self.owners(shape, directory):
            roles = [("answer", directory.probe(shape, owner, question, cell.state)) for question in self.questions]
            if self.questions != (PLAIN,):
                roles.append(("plain", directory.probe(shape, owner, PLAIN, cell.state)))
            yield Case(cell, owner.label, tuple(roles))


@dataclass(frozen=True)
class NoCredentials:
    """Questions without a good Bearer token, asked of one owner at each path shape."""

    questions: tuple[Question, ...]
    state = State.NO_CREDENTIALS
    roles = frozenset({"answer", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (_cell(requirement, shape, self.state) for shape in shapes)

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None:
            return
        states = (State.PRESENT, State.ABSENT, None, State.UNKNOWN)
        known = (owner for state in states for owner in directory.named_by(shape, state))
        owner = next(known, None) or replace(directory.someone(shape), label="me")
        questions = [q for q in self.questions if directory.default or not (q.name == "other-scheme-good-token")]
        yield Case(
            cell, owner.label, tuple(("answer", directory.probe(shape, owner, q, cell.state)) for q in questions)
        )


@dataclass(frozen=True)
class BothForms:
    """An owner's metadata and picture by the same road. A relation of both: its cells have no form."""

    state: State = State.PRESENT
    primary: tuple[str, ...] = ("metadata", "photo")
    """Which of the two is judged; the other one is support."""
    form: Form | None = None
    roles = frozenset({"metadata", "photo", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        forms = (s for s in shapes if s.form is METADATA and _asked(s, self.state))
        return (_cell(requirement, s, self.state, form=self.form) for s in forms)

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        metadata, photo = (shape_of(cell, shapes, form) for form in BOTH)
        if metadata is None or photo is None or directory.default is None:
            return
        for owner in directory.named_by(metadata, self.state):
            roles = (
                ("metadata", directory.probe(metadata, owner, PLAIN, cell.state)),
                ("photo", directory.probe(photo, owner, PLAIN, cell.state)),
            )
            yield Case(
                cell,
                owner.label,
                tuple(role for role in roles if role[0] in self.primary),
                tuple(role for role in roles if role[0] not in self.primary),
            )


@dataclass(frozen=True)
class Twice:
    """The same request, asked a second time when all has been asked once (H3)."""

    state: State
    forms: tuple[Form, ...] = BOTH
    roles = frozenset({"first", "again", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        forms = (shape for shape in shapes if shape.form in self.forms and _asked(shape, self.state))
        return (_cell(requirement, shape, self.state) for shape in forms)

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None or directory.default is None:
            return
        for owner in directory.named_by(shape, self.state):
            first, again = (directory.probe(shape, owner, question, cell.state) for question in (PLAIN, AGAIN))
            yield Case(cell, owner.label, (("first", first),), (("again", again),))


@dataclass(frozen=True)
class TwoAddressings:
    """The same owner by his user's id and by the userPrincipalName (R1)."""

    state = State.PRESENT
    roles = frozenset({"one", "other", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (
            _cell(requirement, shape, self.state, addressing=None)
            for shape in shapes
            if shape.addressing is Addressing.ID and _asked(shape, self.state)
        )

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        by_id, by_upn = (shape_of(cell, shapes, addressing=addressing) for addressing in Addressing)
        if by_id is None or by_upn is None or directory.default is None:
            return
        for owner in directory.named_by(by_id, cell.state):
            if owner.user_upn is not None:
                one, other = (directory.probe(shape, owner, PLAIN, cell.state) for shape in (by_id, by_upn))
                yield Case(cell, owner.label, (("one", one), ("other", other)))


@dataclass(frozen=True)
class TwoRoads:
    """The same owner from `/me` and from `/users/{own key}` (R2, R3)."""

    kind: str
    """`user` for the signed-in user's own photo, `contact` for his contacts'."""
    state = State.PRESENT
    roles = frozenset({"one", "other", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        for shape in shapes:
            mine = shape.operation.signed_in and kind_of(shape.operation) == self.kind and _asked(shape, self.state)
            if mine and counterparts(shape, shapes):
                yield _cell(requirement, shape, self.state)

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None:
            return
        for owner in directory.named_by(shape, cell.state):
            other = next((s for s in counterparts(shape, shapes) if owner in directory.named_by(s, cell.state)), None)
            if other is not None:
                roles = [
                    (r, directory.probe(s, owner, PLAIN, cell.state)) for r, s in (("one", shape), ("other", other))
                ]
                yield Case(cell, owner.label, tuple(roles))


def counterparts(shape: Shape, shapes: Shapes) -> list[Shape]:
    """The `/users/{key}…` shapes that lead where a `/me…` shape leads: by id first, then by userPrincipalName."""
    tail = shape.operation.template.removeprefix("/me")
    return [
        other for other in shapes if other.addressing is not None and other.operation.template.partition("}")[2] == tail
    ]


@dataclass(frozen=True)
class Keys:
    """All owners under users, by one addressing; as support, the same ones by the other (S22a). One case a cell."""

    state = State.PRESENT
    roles = frozenset({"asked", "otherwise", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        by_key = (s for s in shapes if s.addressing and s.form is METADATA and _asked(s, self.state))
        return (_cell(requirement, shape, self.state, form=None) for shape in by_key)

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        if directory.default is None:
            return
        asked: list[tuple[str, Probe]] = []
        otherwise: list[tuple[str, Probe]] = []
        for form in BOTH:
            one = shape_of(cell, shapes, form)
            other = shape_of(cell, shapes, form, next(a for a in Addressing if a is not cell.addressing))
            if one is None or other is None:
                return
            for state in (State.PRESENT, State.ABSENT):
                for owner in directory.named_by(one, state):
                    if owner.user_id and owner.user_upn:
                        asked.append(("asked", directory.probe(one, owner, PLAIN, state)))
                        otherwise.append(("otherwise", directory.probe(other, owner, PLAIN, state)))
        if any(probe.state is State.PRESENT for _, probe in asked):
            yield Case(cell, "users", tuple(asked), tuple(otherwise))


@dataclass(frozen=True)
class AmongOthers:
    """An owner's answer; as support the same owner by other roads and in the other form; and all others' answers (R4)."""

    state = State.PRESENT
    roles = frozenset({"answer", "roads", "sibling", "crowd", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (_cell(requirement, shape, self.state) for shape in shapes if _asked(shape, self.state))

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None or directory.default is None:
            return
        sibling = next((s for f in BOTH if f is not shape.form and (s := shape_of(cell, shapes, f))), None)
        kin = [s for s in shapes if s.form is shape.form and s != shape and _alike(s, shape)]
        for owner in directory.named_by(shape, cell.state):
            support = [("sibling", directory.probe(sibling, owner, PLAIN, cell.state))] if sibling else []
            for other in kin:
                if directory.nameable(other, owner):
                    support.append(("roads", directory.probe(other, owner, PLAIN, cell.state)))
            yield Case(
                cell, owner.label, (("answer", directory.probe(shape, owner, PLAIN, cell.state)),), tuple(support)
            )


def _alike(one: Shape, other: Shape) -> bool:
    """Whether both lead to the same owner, once from `/me` or by another addressing."""
    tails = [s.operation.template.removeprefix("/me").removeprefix("/users/{user-id}") for s in (one, other)]
    return tails[0] == tails[1]


@dataclass(frozen=True)
class AsIdentity:
    """Every caller of the target file's identities, at every path shape (S3-S7). `opened`: by the scopes he holds."""

    opened: bool
    state = State.SCOPED
    roles = frozenset({"answer", "plain", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        return (_cell(requirement, shape, self.state) for shape in shapes)

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        shape = shape_of(cell, shapes)
        if shape is None:
            return
        for label in directory.identities:
            for owner in asked_as(label, shape, directory):
                if opens(label, shape, owner, directory) is self.opened:
                    roles = [("answer", directory.probe(shape, owner, PLAIN, cell.state, caller=label))]
                    if directory.nameable(shape, owner) and directory.asker(shape, owner):
                        roles.append(("plain", directory.probe(shape, owner, PLAIN, State.PRESENT)))
                    yield Case(cell, f"{owner.label}.{label}", tuple(roles))


def asked_as(label: str, shape: Shape, directory: Directory) -> Iterable[Owner]:
    """Whose photo an identity is asked for: at `/me` its own; elsewhere its own and the first other owner's."""
    caller = directory.caller_by_label[label]
    if shape.operation.signed_in:
        owners = directory.of_kind(shape, State.PRESENT)
        return [owner for owner in owners if _is_self(owner, caller.user_id, caller.user_upn)][:1]
    owners = directory.named_by(shape, State.PRESENT)
    own = [owner for owner in owners if _is_self(owner, caller.user_id, caller.user_upn)]
    return own[:1] + [owner for owner in owners if owner not in own][:1]


def _is_self(owner: Owner, user_id: str | None, user_upn: str | None) -> bool | None:
    """Whether the user is that one; None: the one is known by id, the other by userPrincipalName alone."""
    if user_id and owner.user_id:
        return owner.user_id == user_id
    if user_upn and owner.user_upn:
        return owner.user_upn.casefold() == user_upn.casefold()
    return None if user_id or user_upn else False


def opens(label: str, shape: Shape, owner: Owner, directory: Directory) -> bool | None:
    """Whether the identity holds a scope that opens this owner's photo; None: that cannot be known."""
    caller = directory.caller_by_label[label]
    if caller.scopes is None:
        return None
    if caller.scopes & shape.operation.scopes:
        return True
    if owner.kind != "user" or not caller.scopes & shape.operation.own_scopes:
        return False
    return _is_self(owner, caller.user_id, caller.user_upn)


@dataclass(frozen=True)
class Everything:
    """Every answer that any other requirement asks for, in the cell of its path shape and state (H1, H2, H4)."""

    extra: tuple[Question, ...] = ()
    """Asked for this scope alone, of the first owner with a photo, on the bytes."""
    roles = frozenset({"answer", "edition"})

    def cells(self, requirement: str, shapes: Shapes, edition: Edition) -> Iterator[Cell]:
        for shape in shapes:
            yield from (_cell(requirement, shape, state) for state in State if _asked(shape, state, ALL))

    def cases(self, cell: Cell, shapes: Shapes, directory: Directory) -> Iterator[Case]:
        """None of its own: the plan gathers them from all other requirements."""
        return iter(())

    def extras(self, shapes: Shapes, directory: Directory) -> Iterator[Probe]:
        if directory.default is None:
            return
        for shape in shapes:
            if shape.form is PHOTO:
                for owner in directory.named_by(shape, State.PRESENT)[:1]:
                    yield from (directory.probe(shape, owner, question, State.PRESENT) for question in self.extra)
