"""Query options on the metadata: `$select`, and unknown names (S23). On the bytes only H1 and H2 check them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from ..catalogue.decoded_response import DecodedResponse, comparable
from ..catalogue.requirement import MUST, SHOULD, Findings, requirement
from ..media.json_text import NotJson
from ..model import Finding
from ..spec.validation import shown
from .comparing import in_words
from .prerequisites import STEADY
from .selections import ODD_SELECTED, ODD_SELECTED_PLACEHOLDER, SELECTED, SELECTED_PLACEHOLDER
from .status import status_in_words

PLAIN_HOLDS = ("metadata.answers-200", "placeholder.status-is-expected", "metadata.is-json", "metadata.is-one-object")


def _selected(answer: DecodedResponse) -> list[str]:
    return parse_qs(urlsplit(answer.probe.target).query)["$select"][0].split(",")


@requirement("option.select-returns-properties", MUST, cites="S23a", on=[SELECTED, SELECTED_PLACEHOLDER],
             needs=PLAIN_HOLDS, yields_to=["metadata.is-application-json"])  # fmt: skip
def test_select_returns_each_property(answer: DecodedResponse, plain: DecodedResponse) -> Findings:
    """`$select` of one or several properties returns 200 and JSON with each of them."""
    if answer.status != 200:
        yield Finding("status", "200", status_in_words(answer))
    elif isinstance(answer.json, NotJson) or not isinstance(answer.json, dict):
        yield Finding("body", "a JSON object", in_words(answer.json))
    elif answer.media_type != "application/json":
        yield Finding("Content-Type", "application/json", answer.header("Content-Type") or "no such header")
    else:
        for name in _selected(answer):
            if name in plain.metadata and name not in answer.metadata:
                yield Finding(f"$['{name}']", f"{name}, which was selected", "no such property")


@requirement("option.select-keeps-values", MUST, cites="S23a", on=[SELECTED, SELECTED_PLACEHOLDER],
             needs=[*PLAIN_HOLDS, "option.select-returns-properties"], yields_to=STEADY)  # fmt: skip
def test_select_keeps_the_values(answer: DecodedResponse, plain: DecodedResponse) -> Findings:
    """A property that `$select` names has the same value as without `$select`."""
    for name in _selected(answer):
        usual, selected = plain.metadata.get(name), answer.metadata.get(name)
        if comparable(name, usual) != comparable(name, selected):
            yield Finding(f"$['{name}']", f"{shown(usual, 120)}, as without $select", shown(selected, 120))


@requirement("option.select-omits-others", SHOULD, cites="S23b", on=[SELECTED, SELECTED_PLACEHOLDER],
             needs=[*PLAIN_HOLDS, "option.select-returns-properties"])  # fmt: skip
def test_select_leaves_the_others_out(answer: DecodedResponse) -> Findings:
    """Properties that `$select` does not name are left out; OData lets a service return more."""
    more = [name for name in ("id", "width", "height") if name in answer.metadata and name not in _selected(answer)]
    if more:
        yield Finding("$", f"only {', '.join(_selected(answer))}", f"{', '.join(more)} as well")


@requirement("option.unknown-is-refused", SHOULD, cites="S23c", on=[ODD_SELECTED, ODD_SELECTED_PLACEHOLDER],
             needs=PLAIN_HOLDS)  # fmt: skip
def test_what_does_not_exist_is_refused(answer: DecodedResponse) -> Findings:
    """`$select` of a property that does not exist, and an unknown `$option`, are refused: 4xx or 501."""
    if not 400 <= answer.status < 500 and answer.status != 501:
        yield Finding(f"status of {urlsplit(answer.probe.target).query}", "4xx or 501", status_in_words(answer))
