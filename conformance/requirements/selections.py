"""The request kinds and the selectors that requirements name: what is asked, and which responses each looks at."""

from __future__ import annotations

from dataclasses import replace

from ..catalogue.permission_selectors import AsIdentity
from ..catalogue.relation_selectors import Keys, Related, by_upn, itself, other_form, other_path, under_users
from ..catalogue.selectors import ALL, Everything, Explored, NoCredentials, PerOwner
from ..model import OWNED, CredentialKind, Form, State
from ..model.probe import AGAIN, HEAD, KEYED, NO_SUCH_SIZE, OWN_TAG, PLAIN, RequestKind

TWICE = (PLAIN, AGAIN)

SELECTS, OTHER_SELECTS = (
    tuple(RequestKind(f"select-{names.replace(',', '-')}", query=f"$select={names}") for names in lists)
    for lists in (("id", "width", "height", "width,height", "id,height"), ("id,width", "id,width,height"))
)
"""`$select` of one or several properties (S23a, S23b); the others, which another tool's recording may hold."""

ODD_SELECT = RequestKind("select-nosuch", query="$select=noSuchProperty")
ODD_OPTION = RequestKind("option-nosuch", query="$nosuch=1")
ODD_OPTIONS = (ODD_SELECT, ODD_OPTION)
"""A property that does not exist, and an option that does not (S23c)."""

FORMAT = RequestKind("format", query="$format=json")
PHOTO_OPTIONS = (RequestKind("photo-select", query="$select=id,width"), FORMAT, ODD_OPTION)
"""Options on the bytes: checked by H1 and H2 alone."""
METADATA_OPTIONS = (
    FORMAT,
    RequestKind("expand", query="$expand=*"),
    RequestKind("filter", query="$filter=width%20gt%200&$orderby=id"),
    RequestKind("paged", query="$top=1&$skip=0&$count=true"),
)
"""Options that OData has and a photo has no use for: checked by H1 and H2 alone."""

OTHER_SIZES = tuple(RequestKind(f"{NO_SUCH_SIZE.name}-{number}", size=NO_SUCH_SIZE.size) for number in range(2, 10))
"""Further ones, which another tool's recording may hold."""

ODD_ACCEPT = RequestKind("odd-accept", headers=(("Accept", "application/x-nothing"),))

NO_TOKEN = (RequestKind("no-token", credential=CredentialKind.NONE),)
EMPTY_TOKEN = (RequestKind("empty-token", credential=CredentialKind.EMPTY),)
GARBAGE_TOKEN = (
    RequestKind("garbage-token", credential=CredentialKind.GARBAGE),
    RequestKind("garbage-jwt", credential=CredentialKind.GARBAGE, variety=1),
)
"""A caller's own token, lengthened (an opaque one where there is no caller), and an unsigned JWT."""
OTHER_SCHEME = (
    RequestKind("basic-scheme", credential=CredentialKind.SCHEME),
    RequestKind("other-scheme-good-token", credential=CredentialKind.SCHEME, variety=1),
)
BAD_CREDENTIALS = NO_TOKEN + EMPTY_TOKEN + GARBAGE_TOKEN + OTHER_SCHEME

EVERY_ANSWER = Everything(METADATA_OPTIONS, PHOTO_OPTIONS)

PRESENT_PHOTO = PerOwner(State.PRESENT, (Form.PHOTO,))
PRESENT_PHOTO_TWICE = PerOwner(State.PRESENT, (Form.PHOTO,), TWICE)
ABSENT_PHOTO = PerOwner(State.ABSENT, (Form.PHOTO,))
ABSENT_PHOTO_TWICE = PerOwner(State.ABSENT, (Form.PHOTO,), TWICE)
PRESENT_METADATA = PerOwner(State.PRESENT, (Form.METADATA,))
PRESENT_METADATA_TWICE = PerOwner(State.PRESENT, (Form.METADATA,), TWICE)
ABSENT_METADATA = PerOwner(State.ABSENT, (Form.METADATA,))
PLACEHOLDER = PerOwner(State.ABSENT, (Form.METADATA,), needs_placeholder=True)
PLACEHOLDER_TWICE = PerOwner(State.ABSENT, (Form.METADATA,), TWICE, needs_placeholder=True)
ABSENT_METADATA_REFUSED_TWICE = PerOwner(State.ABSENT, (Form.METADATA,), TWICE, needs_placeholder=False)
UNDECLARED = PerOwner(State.UNDECLARED)
UNDECLARED_TWICE = PerOwner(State.UNDECLARED, request_kinds=TWICE)
UNDECLARED_PHOTO = PerOwner(State.UNDECLARED, (Form.PHOTO,))
UNDECLARED_METADATA = PerOwner(State.UNDECLARED, (Form.METADATA,))
UNKNOWN = PerOwner(State.UNKNOWN, of=ALL)
UNKNOWN_TWICE = PerOwner(State.UNKNOWN, request_kinds=TWICE)
UNKNOWN_LISTS = PerOwner(State.UNKNOWN, of=("sizes",))

METADATA_SCOPED_IN = (
    AsIdentity(opened=True, forms=(Form.METADATA,), needs_placeholder=True),
    AsIdentity(opened=True, forms=(Form.METADATA,), owners=(State.PRESENT, State.UNDECLARED), needs_placeholder=False),
)
"""Permitted callers who get metadata, a placeholder's too where the edition has one."""
_USUAL = (PerOwner(State.PRESENT, (Form.METADATA,), TWICE, of=("photo",)), PLACEHOLDER_TWICE)
_SCOPED_IN = tuple(replace(scoped_in, of=("photo",)) for scoped_in in METADATA_SCOPED_IN)
AT_PHOTO: tuple[PerOwner | AsIdentity, ...] = (*_USUAL, *_SCOPED_IN)
"""The metadata at `…/photo` alone, where a size of it has another address and context."""
_SELECTED_TOO = tuple(replace(usual, covering_kinds=SELECTS) for usual in _USUAL)
AT_PHOTO_SELECTED: tuple[PerOwner | AsIdentity, ...] = (*_SELECTED_TOO, *_SCOPED_IN)
"""The same, with `$select` too."""
LISTS = PerOwner(State.PRESENT, (Form.METADATA,), of=("sizes",))
NO_SUCH_SIZES = PerOwner(
    State.PRESENT, request_kinds=(NO_SUCH_SIZE,), recorded=OTHER_SIZES, covering=True, of=("size",)
)

SELECTED = PerOwner(State.PRESENT, (Form.METADATA,), SELECTS, OTHER_SELECTS, covering=True)
SELECTED_PLACEHOLDER = PerOwner(
    State.ABSENT, (Form.METADATA,), SELECTS, OTHER_SELECTS, covering=True, needs_placeholder=True
)
ODD_SELECTED = PerOwner(State.PRESENT, (Form.METADATA,), ODD_OPTIONS, covering=True)
ODD_SELECTED_PLACEHOLDER = PerOwner(State.ABSENT, (Form.METADATA,), ODD_OPTIONS, covering=True, needs_placeholder=True)

OPTIONS = (*ODD_OPTIONS, *METADATA_OPTIONS)
OPTIONS_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), OPTIONS, covering=True, of=("photo",))
SIZES_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), (*OPTIONS, NO_SUCH_SIZE), covering=True, of=("size",))
SIZES_BYTES_REFUSED = PerOwner(State.PRESENT, (Form.PHOTO,), (NO_SUCH_SIZE,), covering=True, of=("size",))
LISTS_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), METADATA_OPTIONS, covering=True, of=("sizes",))

UNSUPPORTED = PerOwner(State.PRESENT, (Form.METADATA,), (ODD_OPTION,), covering=True)
FORMATTED = PerOwner(State.PRESENT, (Form.PHOTO,), (FORMAT,), covering=True)
IF_NONE_MATCH = PerOwner(State.PRESENT, (Form.PHOTO,), (OWN_TAG,), covering=True)
ODD_ACCEPTED = PerOwner(State.PRESENT, request_kinds=(ODD_ACCEPT,), covering=True)
BY_KEYS = PerOwner(State.PRESENT, request_kinds=(KEYED,), covering=True)
BY_HEAD = PerOwner(State.PRESENT, request_kinds=(HEAD,), covering=True)
ABSENT_BY_HEAD = PerOwner(State.ABSENT, request_kinds=(HEAD,), covering=True)

WITHOUT_TOKEN = NoCredentials(NO_TOKEN)
WITH_EMPTY_TOKEN = NoCredentials(EMPTY_TOKEN)
WITH_GARBAGE_TOKEN = NoCredentials(GARBAGE_TOKEN)
WITH_OTHER_SCHEME = NoCredentials(OTHER_SCHEME)
BADLY_CREDENTIALED = NoCredentials(BAD_CREDENTIALS)

METADATA_BESIDE_PHOTO = Related({"metadata": itself}, {"photo": other_form}, forms=(Form.METADATA,))
METADATA_AND_PHOTO = Related(
    {"metadata": itself, "photo": other_form}, {"repeated": other_form}, forms=(Form.METADATA,), spans=("form",)
)

EACH_AGAIN = tuple(Related({"first": itself}, {"again": itself}, state) for state in (*OWNED, State.UNKNOWN))
BY_ID_AND_UPN = Related({"one": itself, "other": by_upn}, spans=("addressing",))
ME_AND_USERS = Related({"one": itself, "other": under_users}, kinds=("user",))
MY_CONTACTS_AND_USERS = Related({"one": itself, "other": under_users}, kinds=("contact",))
USER_KEYS = Keys()
AMONG_OTHERS = Related({"answer": itself}, {"sibling": other_form, "other_paths": other_path})
SCOPED_IN = AsIdentity(opened=True)
PHOTO_SCOPED_IN = AsIdentity(opened=True, forms=(Form.PHOTO,), owners=(State.PRESENT, State.UNDECLARED))
SCOPED_IN_BESIDE = AsIdentity(opened=True, beside=True)
SCOPED_OUT = AsIdentity(opened=False)
SCOPED_IN_REFUSED = (
    AsIdentity(opened=True, needs_placeholder=False),
    AsIdentity(opened=True, forms=(Form.PHOTO,), owners=(State.ABSENT, State.UNDECLARED), needs_placeholder=True),
)
"""Permitted callers who may be refused: in a page edition only what is not there is, or another requirement says so."""

ODD_IDS = Explored(State.UNKNOWN)
ODD_QUESTIONS = Explored(State.PRESENT)
