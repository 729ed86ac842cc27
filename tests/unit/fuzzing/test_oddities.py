"""The oddities: each once, each with a text of its own."""

from __future__ import annotations

from conformance.fuzzing.oddities import IDS, QUESTIONS
from conformance.fuzzing.strategies import STRATEGIES


def test_an_oddity_is_named_once() -> None:
    """Names are slugs, since they are part of a probe's identity, and no two oddities share one."""
    names = [oddity.name for oddity in (*IDS, *QUESTIONS)]

    assert len(set(names)) == len(names) > 25
    assert all(name.replace("-", "").isalpha() and name.islower() for name in names)


def test_an_odd_id_has_a_text_of_its_name() -> None:
    """Each odd id is drawn by the strategy of its name, and stands in the path alone."""
    assert {oddity.name for oddity in IDS} <= set(STRATEGIES)
    assert not any(oddity.parameters for oddity in IDS)


def test_an_odd_question_stands_in_query_or_header() -> None:
    """Each odd question has parameters, and every format that they name is one that can be drawn."""
    parameters = [parameter for oddity in QUESTIONS for parameter in oddity.parameters]
    schemas = [parameter["schema"].get("items", parameter["schema"]) for parameter in parameters]
    formats = {schema["format"] for schema in schemas if "format" in schema}

    assert all(oddity.parameters for oddity in QUESTIONS)
    assert {parameter["in"] for parameter in parameters} == {"query", "header"}
    assert formats <= {f"odd-{name}" for name in STRATEGIES}
