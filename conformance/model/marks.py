"""The marks that stand where secrets stood."""

from __future__ import annotations

import re

PART = "[redacted-part:"


def mark(name: str, *, part: bool = False) -> str:
    """What stands where a secret stood, in every header, body, URL and text; `name` says where the secret is from."""
    plain = re.sub(r"[^\w.@-]", "_", name, flags=re.ASCII)[:80]
    return f"{PART if part else '[redacted:'}{plain}]"


MARK = re.compile(r"\[redacted:([\w.@-]{1,80})\]", re.ASCII)
"""The mark of a whole secret."""

REDACTED = mark("token")
"""The mark of a secret whose source has no name."""
