"""The selectors that requirements name: which responses each of them looks at."""

from __future__ import annotations

from ..catalogue.permission_selectors import AsIdentity
from ..catalogue.relation_selectors import Keys, Related, by_upn, itself, metadata, other_form, other_path, under_users
from ..catalogue.selectors import ALL, OWNED, Everything, Explored, NoCredentials, PerOwner
from ..model import Form, State
from ..spec import request_kinds as kinds

EVERY_ANSWER = Everything(kinds.METADATA_OPTIONS, kinds.PHOTO_OPTIONS)

PRESENT_PHOTO = PerOwner(State.PRESENT, (Form.PHOTO,))
ABSENT_PHOTO = PerOwner(State.ABSENT, (Form.PHOTO,))
ABSENT_PHOTO_TWICE = PerOwner(State.ABSENT, (Form.PHOTO,), kinds.TWICE)
PRESENT_METADATA = PerOwner(State.PRESENT, (Form.METADATA,))
ABSENT_METADATA = PerOwner(State.ABSENT, (Form.METADATA,))
PLACEHOLDER = PerOwner(State.ABSENT, (Form.METADATA,), needs_placeholder=True)
ABSENT_METADATA_REFUSED_TWICE = PerOwner(State.ABSENT, (Form.METADATA,), kinds.TWICE, needs_placeholder=False)
UNDECLARED = PerOwner(State.UNDECLARED)
UNDECLARED_TWICE = PerOwner(State.UNDECLARED, request_kinds=kinds.TWICE)
UNDECLARED_PHOTO = PerOwner(State.UNDECLARED, (Form.PHOTO,))
UNDECLARED_METADATA = PerOwner(State.UNDECLARED, (Form.METADATA,))
UNKNOWN = PerOwner(State.UNKNOWN, of=ALL)

PRESENT_PHOTOS_OWN = PerOwner(State.PRESENT, (Form.METADATA,), of=("photo",))
"""The metadata at `…/photo` alone, where a size of it has another address and context."""
LISTS = PerOwner(State.PRESENT, (Form.METADATA,), of=("sizes",))
NO_SUCH_SIZES = PerOwner(
    State.PRESENT, request_kinds=(kinds.NO_SUCH_SIZE,), recorded=kinds.OTHER_SIZES, covering=True, of=("size",)
)

SELECTED = PerOwner(State.PRESENT, (Form.METADATA,), kinds.SELECTS, kinds.OTHER_SELECTS, covering=True)
SELECTED_PLACEHOLDER = PerOwner(
    State.ABSENT, (Form.METADATA,), kinds.SELECTS, kinds.OTHER_SELECTS, covering=True, needs_placeholder=True
)
ODD_SELECTED = PerOwner(State.PRESENT, (Form.METADATA,), kinds.ODD_OPTIONS, covering=True)
ODD_SELECTED_PLACEHOLDER = PerOwner(
    State.ABSENT, (Form.METADATA,), kinds.ODD_OPTIONS, covering=True, needs_placeholder=True
)

OPTIONS = (*kinds.ODD_OPTIONS, *kinds.METADATA_OPTIONS)
OPTIONS_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), OPTIONS, covering=True, of=("photo",))
SIZES_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), (*OPTIONS, kinds.NO_SUCH_SIZE), covering=True, of=("size",))
SIZES_BYTES_REFUSED = PerOwner(State.PRESENT, (Form.PHOTO,), (kinds.NO_SUCH_SIZE,), covering=True, of=("size",))
LISTS_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), kinds.METADATA_OPTIONS, covering=True, of=("sizes",))

UNSUPPORTED = PerOwner(State.PRESENT, (Form.METADATA,), (kinds.ODD_OPTION,), covering=True)
FORMATTED = PerOwner(State.PRESENT, (Form.PHOTO,), (kinds.FORMAT,), covering=True)
IF_NONE_MATCH = PerOwner(State.PRESENT, (Form.PHOTO,), (kinds.OWN_TAG,), covering=True)
ODD_ACCEPTED = PerOwner(State.PRESENT, request_kinds=(kinds.ODD_ACCEPT,), covering=True)
BY_KEYS = PerOwner(State.PRESENT, request_kinds=(kinds.KEYED,), covering=True)
BY_HEAD = PerOwner(State.PRESENT, request_kinds=(kinds.HEAD,), covering=True)
ABSENT_BY_HEAD = PerOwner(State.ABSENT, request_kinds=(kinds.HEAD,), covering=True)

WITHOUT_TOKEN = NoCredentials(kinds.NO_TOKEN)
WITH_EMPTY_TOKEN = NoCredentials(kinds.EMPTY_TOKEN)
WITH_GARBAGE_TOKEN = NoCredentials(kinds.GARBAGE_TOKEN)
WITH_OTHER_SCHEME = NoCredentials(kinds.OTHER_SCHEME)
BADLY_CREDENTIALED = NoCredentials(kinds.BAD_CREDENTIALS)

METADATA_BESIDE_PHOTO = Related({"metadata": metadata}, {"photo": other_form})
METADATA_AND_PHOTO = Related({"metadata": metadata, "photo": other_form}, spans=("form",))

PRESENT_TWICE, ABSENT_TWICE, UNDECLARED_AGAIN = (Related({"first": itself}, {"again": itself}, s) for s in OWNED)
BY_ID_AND_UPN = Related({"one": itself, "other": by_upn}, spans=("addressing",))
ME_AND_USERS = Related({"one": itself, "other": under_users}, kinds=("user",))
MY_CONTACTS_AND_USERS = Related({"one": itself, "other": under_users}, kinds=("contact",))
USER_KEYS = Keys()
AMONG_OTHERS = Related({"answer": itself}, {"sibling": other_form, "other_paths": other_path})
SCOPED_IN = AsIdentity(opened=True)
PHOTO_SCOPED_IN = AsIdentity(opened=True, forms=(Form.PHOTO,))
METADATA_SCOPED_IN = AsIdentity(opened=True, forms=(Form.METADATA,))
SCOPED_IN_BESIDE = AsIdentity(opened=True, beside=True)
SCOPED_OUT = AsIdentity(opened=False)

ODD_IDS = Explored(State.UNKNOWN)
ODD_QUESTIONS = Explored(State.PRESENT)
