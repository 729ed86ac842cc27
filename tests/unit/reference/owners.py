"""The default tenant's owners with a photo."""

from __future__ import annotations

from conformance.reference.default_tenant import default_tenant
from conformance.reference.entities import Contact, Group, User
from conformance.reference.generated_pictures import Photo

TENANT = default_tenant()
OWNERS: list[User | Contact | Group] = [*TENANT.users, *TENANT.groups]
OWNERS += [contact for user in TENANT.users for contact in user.contacts]
PHOTOS: dict[str, Photo] = {owner.key: owner.photo for owner in OWNERS if owner.photo}
