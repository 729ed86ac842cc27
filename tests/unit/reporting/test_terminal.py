from __future__ import annotations

from conformance.causes import grouping
from conformance.reporting.run import Run
from conformance.reporting.templates import rendered
from tests.unit.reporting import runs


def lines(run: Run) -> list[str]:
    return rendered("terminal.txt", run=run).splitlines()


def test_the_section_tells_a_run() -> None:
    """The result first, coverage, table, causes with their curl lines, what was left out, and where to begin."""
    document, exchanges = runs.run()
    lines_shown = lines(Run(document, exchanges))
    text = "\n".join(lines_shown)
    assert lines_shown[0].startswith(
        "Does not conform: 2 of 29 MUST requirements violated in 8 of 14 operations; 1 of 1 SHOULD"
    )
    assert "14 of 14 operations, 20 of 20 path shapes of edition v1.0-2016." in text
    assert (
        "1. VIOLATES Not met: The photo of an owner who has one is answered 200. [picture.is-found; MUST S8]"
        in lines_shown
    )
    advice = '    Fix `$[\'@odata.mediaEtag\']`: expected "", actual "FFFF240".'
    assert advice in lines_shown
    assert text.count("curl -sS") == 4
    assert "    4 verdicts: no caller has Group.Read.All alone (metadata and photo of group)" in lines_shown
    assert lines_shown[-1].startswith("Does not conform; begin with cause 1: Not met: The photo of an owner who has")


def test_what_the_hint_says_is_not_repeated() -> None:
    """A cause with two findings names each of them once."""
    document, exchanges = runs.run()
    of_two = [{"at": at, "wanted": "4xx", "got": "200"} for at in ("status of $a=1", "status of $b=1")]
    for verdict in document["verdicts"]:
        if verdict["findings"]:
            verdict["findings"] = of_two
    grouping.attach(document, {})
    assert all("expected 4xx" not in line or "Fix " in line for line in lines(Run(document, exchanges)))


def test_lines_keep_to_the_width() -> None:
    """Only curl lines, which are there to be pasted, are longer than asked."""
    document, exchanges = runs.run()
    assert [line for line in lines(Run(document, exchanges)) if len(line) > 100 and "curl -sS" not in line] == []


def test_nothing_from_the_wire_moves_the_cursor() -> None:
    """Control characters of a hostile target are shown, not obeyed."""
    document, exchanges = runs.run(hostile=True)
    text = "".join(lines(Run(document, exchanges)))
    assert "\\x1b[31m" in text
    assert text.isprintable()


def test_many_causes_are_cut_with_a_word_to_where_the_rest_is() -> None:
    """A terminal has patience for some causes; the files have all."""
    document, _ = runs.run()
    for number, verdict in enumerate(document["verdicts"][:60]):
        verdict.update(
            outcome="violates", findings=[{"at": "$", "wanted": "x", "got": "y"}], reason="abc"[number % 3] * number
        )
    grouping.attach(document, {})
    shown = lines(Run(document))
    assert any(line.startswith("… and ") and line.endswith(" more causes, see report.html") for line in shown)


def test_a_cause_says_what_it_counts_and_nothing_says_it_again() -> None:
    """Verdicts of several outcomes are counted by outcome; a note or a reason that is a cause is said once."""
    document, _ = runs.run()
    document["causes"][0].update(title="Every path responds 404", hint="Add it.", supports="all", refutes="none")
    document["causes"][0].update(outcomes={"violates": 5, "departs": 3}, verdicts=8, findings=[], reason="All is 404.")
    document["notes"].append("All is 404.")
    text = "\n".join(lines(Run(document)))
    assert "    8 verdicts (5 violates, 3 departs) at " in text
    assert "All is 404." not in text
