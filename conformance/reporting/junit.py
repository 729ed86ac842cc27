"""JUnit XML: one test case a cell, so that a CI's test tab shows the contract's sentences."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..model import Outcome
from . import curl
from .causes import causes
from .cells import CellResult, Document, VerdictData, base_url, cells, counts_as, stale, unfinished
from .cells import seconds as duration
from .exchanges import Exchanges, asked_as
from .printable import mapping, visible

_VERDICTS_SHOWN = 50


def xml(document: Document, exchanges: Exchanges | None = None) -> str:
    """The document as JUnit XML. A cell's outcome is its worst verdict's; its word stands in the properties."""
    evaluated, old = cells(document), stale(document)
    counted = Counter(counts_as(cell.outcome, document) for cell in evaluated)
    running = unfinished(document)
    tests = str(len(evaluated) + len(old) + running)
    suites = Element("testsuites", name="Get profilePhoto", tests=tests)
    suite = SubElement(
        suites,
        "testsuite",
        name="photo-conformance",
        tests=tests,
        failures=str(counted["failed"] + len(old)),
        errors=str(counted["error"] + running),
        skipped=str(counted["skipped"] + counted["xfailed"]),
        time=f"{duration(document):.3f}",
        timestamp=_clean(document["started"]),
    )
    titles = {f"cause {each['id']}": f"{each['title']} ({each['verdicts']:,} verdicts)" for each in causes(document)}
    _properties(suite, {"target": base_url(document), "edition": document["edition"], **titles})
    for cell in evaluated:
        _case(suite, cell, document, exchanges or {})
    for number, sentence in enumerate(old, 1):
        case = SubElement(suite, "testcase", classname="known deviations", name=f"stale-{number}", time="0.000")
        SubElement(case, "failure", type="stale", message=_clean(visible(sentence, 500)))
    if running:
        case = SubElement(suite, "testcase", classname="run", name="is finished", time="0.000")
        SubElement(case, "error", type="unfinished", message="not finished: the run is still going on, or was killed")
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _case(suite: Element, cell: CellResult, document: Document, exchanges: Exchanges) -> None:
    time = f"{seconds(cell, exchanges):.3f}"
    case = SubElement(suite, "testcase", classname=_clean(cell.chapter), name=_clean(cell.name), time=time)
    names = ("requirement", "sentence", "level", "cites", "variant", "form", "addressing", "state", "outcome", "cause")
    _properties(case, {name: getattr(cell, name) for name in names})
    how = counts_as(cell.outcome, document)
    if how != "passed":
        tag = {"failed": "failure", "error": "error"}.get(how, "skipped")
        failure = SubElement(case, tag, type=cell.outcome.value, message=_clean(summary(cell.worst, cell)))
        failure.text = None if tag == "skipped" else _clean(details(cell, exchanges))
    elif cell.outcome is Outcome.DEPARTS:
        SubElement(case, "system-out").text = _clean(details(cell, exchanges))


def _properties(parent: Element, values: dict[str, str | None]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        if value:
            SubElement(properties, "property", name=_clean(name), value=_clean(value))


def summary(verdict: VerdictData, cell: CellResult) -> str:
    """What a verdict says, in one line of at most 500 characters."""
    if verdict["blocked_by"]:
        return f"blocked by {visible(verdict['blocked_by'], 200)}"
    if verdict["findings"]:
        finding = verdict["findings"][0]
        parts = (visible(finding[name], 150) for name in ("at", "wanted", "got"))
        return "{}: expected {}, actual {}".format(*parts)
    return visible(verdict["reason"] or cell.sentence, 500)


def details(cell: CellResult, exchanges: Exchanges) -> str:
    """All that its verdicts say, but for those that conform; one line a finding."""
    lines = [f"{visible(cell.sentence, 500)} [{cell.requirement} {cell.level} {cell.cites}]"]
    grave = [verdict for verdict in cell.verdicts if verdict["outcome"] != Outcome.CONFORMS]
    for verdict in grave[:_VERDICTS_SHOWN]:
        lines.append(f"{visible(verdict['case'], 300)}: {verdict['outcome']}")
        if verdict["reason"]:
            lines.append(f"    {visible(verdict['reason'], 500)}")
        for finding in verdict["findings"]:
            at, wanted, got = (visible(finding[name], 500) for name in ("at", "wanted", "got"))
            lines += [f"    at {at}", f"        expected {wanted}", f"        actual   {got}"]
    if len(grave) > _VERDICTS_SHOWN:
        lines.append(f"… and {len(grave) - _VERDICTS_SHOWN} more, see verdicts.json")
    example = next((each for each in cell.worst["exchanges"] if each in exchanges), None)
    if example and (command := curl.line(exchanges[example])):
        lines += [f"Reproduce ({asked_as(exchanges[example])}):", f"    {command}"]
    return "\n".join(lines)


def seconds(cell: CellResult, exchanges: Exchanges) -> float:
    """How long the responses took that its verdicts look at, each once."""
    looked_at = {each for verdict in cell.verdicts for each in verdict["exchanges"]}
    times = (mapping(exchanges.get(each)).get("time") for each in looked_at)
    return sum(time for time in times if isinstance(time, int | float) and 0 < time < 1e9) / 1000


def _clean(text: str) -> str:
    """Text that XML can hold, in which nothing is unseen: no control of C1, no change of direction."""
    return visible(text, lines=True)
