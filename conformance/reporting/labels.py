"""People's data out of the reports that leave the team: labels such as `user-1` in place of ids and names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from ..causes.evidence import path_of
from .printable import mapping, string
from .run import Exchanges, Run

_KINDS = {"users": 0, "groups": 1, "teams": 1, "contacts": 1, "contactfolders": 2, "childfolders": 2}
_WORD = re.compile(r"[\w.%+=@!#$~*-]{6,}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def labelled(run: Run) -> Run:
    """The run with labels in place of ids and userPrincipalNames."""
    document, labels = run.document, _labels(run.exchanges)

    def replaced(value: Any) -> Any:
        if isinstance(value, str):
            return _WORD.sub(lambda word: _label(word[0], labels), value)
        if isinstance(value, list):
            return [replaced(each) for each in value]
        return {name: replaced(each) for name, each in value.items()} if isinstance(value, Mapping) else value

    texts = ("findings", "reason")
    verdicts = [
        {**each, **{name: replaced(each[name]) for name in texts}} if any(each[name] for name in texts) else each
        for each in document["verdicts"]
    ]
    said = {name: replaced(document[name]) for name in ("notes", "about") if name in document}
    causes = [
        {**each, **{name: replaced(each[name]) for name in (*texts, "title", "hint", "supports") if name in each}}
        for each in document.get("causes", ())
    ]
    requests = {
        identity: {**entry, "request": {**mapping(entry.get("request")), "url": replaced(_url(entry))}}
        for identity, entry in run.exchanges.items()
    }
    return Run({**document, **said, "verdicts": verdicts, "causes": causes}, requests)


def _labels(exchanges: Exchanges) -> dict[str, str]:
    """Labels by the id or name in a path, in lower case."""
    found: dict[str, str] = {}
    for entry in sorted(exchanges.values(), key=lambda entry: "unknown" in _owner(entry)):
        owner = _owner(entry)
        made_up = owner.rpartition(".")[2] if "unknown" in owner else ""
        for word, key in pairwise(path_of(_url(entry)).split("/")):
            place = _KINDS.get(word.lower())
            if owner and place is not None:
                label = made_up or (owner.split(".")[0], owner, f"folder of {owner}")[place]
                found.setdefault(unquote(key).lower(), label)
    return found


def _label(word: str, labels: Mapping[str, str]) -> str:
    """The word, or the label of the owner that it names; an unknown id or address is masked."""
    name, at, tenant = unquote(word).lower().rstrip(".").partition("@")
    if label := labels.get(f"{name}{at}{tenant}"):
        return f"{label}.upn" if at else label  # which key was taken may be the point
    if label := labels.get(name):
        return label
    if name and at and "." in tenant and not tenant.startswith("odata."):
        return "‹upn›"
    return _GUID.sub("‹id›", word)


def _owner(entry: Mapping[str, Any]) -> str:
    return string(mapping(entry.get("_probe")).get("owner")).partition(".size-")[0]


def _url(entry: Mapping[str, Any]) -> str:
    return string(mapping(entry.get("request")).get("url"))
