"""The scopes that requirements name: which answers each of them looks at."""

from __future__ import annotations

from ..catalogue.permission_selectors import AsIdentity
from ..catalogue.random_selectors import Explored
from ..catalogue.relation_selectors import CrossOwner, Keys, SameOwnerByPath, TwoAddressings
from ..catalogue.selectors import ALL, BothForms, Everything, NoCredentials, PerOwner, Repeated
from ..model import Form, State
from ..spec.request_kinds import (
    BAD_CREDENTIALS,
    EMPTY_TOKEN,
    FORMAT,
    GARBAGE_TOKEN,
    HEAD,
    KEYED,
    METADATA_OPTIONS,
    NO_SUCH_SIZE,
    NO_TOKEN,
    ODD_ACCEPT,
    ODD_OPTION,
    ODD_OPTIONS,
    OTHER_SCHEME,
    OWN_TAG,
    PHOTO_OPTIONS,
    SELECTS,
    TWICE,
)

EVERY_ANSWER = Everything(METADATA_OPTIONS, PHOTO_OPTIONS)

PRESENT_PHOTO = PerOwner(State.PRESENT, (Form.PHOTO,))
ABSENT_PHOTO = PerOwner(State.ABSENT, (Form.PHOTO,))
ABSENT_PHOTO_TWICE = PerOwner(State.ABSENT, (Form.PHOTO,), TWICE)
PRESENT_METADATA = PerOwner(State.PRESENT, (Form.METADATA,))
ABSENT_METADATA = PerOwner(State.ABSENT, (Form.METADATA,))
PLACEHOLDER = PerOwner(State.ABSENT, (Form.METADATA,), needs_placeholder=True)
ABSENT_METADATA_REFUSED = PerOwner(State.ABSENT, (Form.METADATA,), needs_placeholder=False)
ABSENT_METADATA_REFUSED_TWICE = PerOwner(State.ABSENT, (Form.METADATA,), TWICE, needs_placeholder=False)
UNKNOWN = PerOwner(State.UNKNOWN, of=ALL)
UNKNOWN_BESIDE_KNOWN = PerOwner(State.UNKNOWN, of=ALL, beside=True)

PRESENT_PHOTOS_OWN = PerOwner(State.PRESENT, (Form.METADATA,), of=("photo",))
"""The metadata at `…/photo` alone, where a size of it has another address and context."""
LISTS = PerOwner(State.PRESENT, (Form.METADATA,), of=("sizes",))
NO_SUCH_SIZES = PerOwner(State.PRESENT, request_kinds=(NO_SUCH_SIZE,), first=True, of=("size",))

SELECTED = PerOwner(State.PRESENT, (Form.METADATA,), SELECTS, first=True)
SELECTED_PLACEHOLDER = PerOwner(State.ABSENT, (Form.METADATA,), SELECTS[-1:], first=True, needs_placeholder=True)
ODD_SELECTED = PerOwner(State.PRESENT, (Form.METADATA,), ODD_OPTIONS, first=True)

ODD_OPTIONS_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), ODD_OPTIONS, first=True, of=("photo",))
ODD_SIZES_REFUSED = PerOwner(State.PRESENT, (Form.METADATA,), (*ODD_OPTIONS, NO_SUCH_SIZE), first=True, of=("size",))
ODD_SIZES_BYTES_REFUSED = PerOwner(State.PRESENT, (Form.PHOTO,), (NO_SUCH_SIZE,), first=True, of=("size",))

UNSUPPORTED = PerOwner(State.PRESENT, (Form.METADATA,), (ODD_OPTION,), first=True)
FORMATTED = PerOwner(State.PRESENT, (Form.PHOTO,), (FORMAT,), first=True)
IF_NONE_MATCH = PerOwner(State.PRESENT, (Form.PHOTO,), (OWN_TAG,), first=True)
ODD_ACCEPTED = PerOwner(State.PRESENT, request_kinds=(ODD_ACCEPT,), first=True)
BY_KEYS = PerOwner(State.PRESENT, request_kinds=(KEYED,), first=True)
BY_HEAD = PerOwner(State.PRESENT, request_kinds=(HEAD,), first=True)

WITHOUT_TOKEN = NoCredentials(NO_TOKEN)
WITH_EMPTY_TOKEN = NoCredentials(EMPTY_TOKEN)
WITH_GARBAGE_TOKEN = NoCredentials(GARBAGE_TOKEN)
WITH_OTHER_SCHEME = NoCredentials(OTHER_SCHEME)
BADLY_CREDENTIALED = NoCredentials(BAD_CREDENTIALS)

METADATA_BESIDE_PHOTO = BothForms(primary=("metadata",), form=Form.METADATA)
METADATA_AND_PHOTO = BothForms()

PRESENT_TWICE = Repeated(State.PRESENT)
ABSENT_TWICE = Repeated(State.ABSENT)
BY_ID_AND_UPN = TwoAddressings()
ME_AND_USERS = SameOwnerByPath("user")
MY_CONTACTS_AND_USERS = SameOwnerByPath("contact")
USER_KEYS = Keys()
AMONG_OTHERS = CrossOwner()
SCOPED_IN = AsIdentity(opened=True)
SCOPED_IN_BESIDE = AsIdentity(opened=True, beside=True)
SCOPED_OUT = AsIdentity(opened=False)

ODD_IDS = Explored(State.UNKNOWN)
ODD_QUESTIONS = Explored(State.PRESENT)
