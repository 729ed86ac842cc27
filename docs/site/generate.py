"""The pages of the documentation that are made from the code: `generate.py` writes them, `--check` only compares."""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from conformance.catalogue.requirement import Requirement  # noqa: E402
from conformance.planning.plan import cells_of  # noqa: E402
from conformance.requirements import CATALOGUE  # noqa: E402
from conformance.runner.config import OPTIONS, PREFIX  # noqa: E402
from conformance.spec import load  # noqa: E402 - found by the line above, wherever this is called from
from conformance.spec.editions import EDITIONS  # noqa: E402

MADE = "<!-- Made by `make pages`; whoever changes it here changes it in vain. -->\n"
DOCS = ROOT / "docs"
PAGE = "https://learn.microsoft.com/graph/api/profilephoto-get"


def pages() -> dict[Path, str]:
    """The text of each page that is made, by its path."""
    return {
        DOCS / "requirements.md": "".join(_requirements()),
        DOCS / "options.md": "".join(_options()),
        DOCS / "adding-a-requirement.md": _adding(),
    }


def _requirements() -> Iterator[str]:
    yield f"# Requirements\n\n{MADE}\n{len(CATALOGUE)} requirements, each the judge of one clause.\n"
    yield (
        "`S` numbers count the statements of the page from top to bottom; H, N, R and E are clauses on HTTP, on owners "
        "that do not exist, on relations and on errors, P are paths of later editions, O the OData overlay, X what "
        "`--explore` draws.\n"
    )
    yield f"Cells are pytest items, counted in each edition: {' · '.join(EDITIONS)}.\n"
    chapter = None
    for requirement in CATALOGUE.values():
        if requirement.chapter != chapter:
            chapter = requirement.chapter
            yield f"\n## {chapter}\n\n{_said_of(requirement)}\n\n"
            yield "| requirement | sentence | level | cites | cells |\n|---|---|---|---|---|\n"
        yield _row(requirement)
    yield from _statements()


def _statements() -> Iterator[str]:
    """The table of statements: who judges each, or why nobody does."""
    table = tomllib.loads((ROOT / "conformance" / "requirements" / "requirements.toml").read_text("utf-8"))["statement"]
    yield "\n## Every statement\n\nWho judges it, or why nobody does.\n\n"
    yield "| statement | says | level | judged by |\n|---|---|---|---|\n"
    for row in table:
        judges = "<br>".join(f"`{one}`" for one in row.get("tested_by", [])) or f"*nobody:* {row['excluded']}"
        says = row["says"].replace("|", "\\|")
        yield f"| [{row['id']}]({row['cites']}) | {says} | {row['level']} | {judges} |\n"


def _said_of(requirement: Requirement) -> str:
    """What the chapter's module says of it, one sentence a line."""
    told = inspect.getdoc(import_module(requirement.function.__module__)) or ""
    return re.sub(r"([.]) (?=[A-Z`])", r"\1\n", " ".join(told.split("\n\n")[0].split()))


def _row(requirement: Requirement) -> str:
    every = {name: replace(edition, odata=True, explore=2) for name, edition in EDITIONS.items()}
    cells = {name: cells_of(requirement, load(name), edition) for name, edition in every.items()}
    statements = _ranges({requirement.statement(cell) for found in cells.values() for cell in found})
    cited = f"[{statements}]({requirement.link or PAGE})"
    counts = " · ".join(str(len(found)) for found in cells.values())
    sentence = requirement.sentence.replace("|", "\\|")
    return f"| `{requirement.id}` | {sentence} | {_levels(requirement)} | {cited} | {counts} |\n"


def _levels(requirement: Requirement) -> str:
    others = [
        f"{name}: {requirement.level_in(name) or 'not asked'}"
        for name in EDITIONS
        if requirement.level_in(name) != requirement.level
    ]
    return "<br>".join([str(requirement.level), *others])


def _ranges(statements: set[str]) -> str:
    """E.g. `S8–S14, P1` of the single ones; those that are no letter and number stand as they are."""
    numbered = sorted((m[1], int(m[2])) for s in statements if (m := re.fullmatch(r"([A-Z])(\d+)", s)))
    told = sorted(s for s in statements if not re.fullmatch(r"[A-Z]\d+", s))
    runs: list[list[tuple[str, int]]] = []
    for letter, number in numbered:
        if runs and runs[-1][-1] == (letter, number - 1):
            runs[-1].append((letter, number))
        else:
            runs.append([(letter, number)])
    for run in sorted(runs, key=lambda run: (run[0][0] != "S", run)):
        first, last = ("".join(map(str, run[end])) for end in (0, -1))
        told.append(first if first == last else f"{first}–{last}")
    return ", ".join(told)


def _options() -> Iterator[str]:
    yield f"# Options\n\n{MADE}\nEach option has an environment variable and a key in pytest's ini file as well.\n"
    yield "Precedence: command line, environment, ini file, target file.\n"
    yield "A wrong value is a usage error (exit code 4) that says what was expected, before anything is sent.\n\n"
    yield "| option | meaning | environment | ini |\n|---|---|---|---|\n"
    yield (
        "| `--base-url URL` | the target, version segment included; an option of pytest-base-url "
        f"(default: the embedded reference server) | `{PREFIX}BASE_URL` | `base_url` |\n"
    )
    for option in OPTIONS:
        flag = f"{option.flag} {option.metavar}" if option.metavar else option.flag
        meaning = option.help.replace("|", "\\|")
        yield f"| `{flag}` | {meaning} | `{option.variable}` | `{option.ini}` |\n"
    yield "\nA switch without a value is `true` or `false` in the environment and in the ini file.\n"
    yield "Tokens are no options: they stand in the environment, under the names that the target file gives.\n"


def _adding() -> str:
    """The section of CONTRIBUTING.md, with links as they are from here."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## Add a requirement\n")[2].partition("\n## ")[0]
    return f"# Adding a requirement\n\n{MADE}{section}".replace("](docs/", "](").rstrip() + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the pages; with `--check` write nothing and return 1 where one is not up to date."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        told = "not up to date, `make pages` writes it anew" if "--check" in arguments else "written"
        print(f"{path.relative_to(ROOT)}: {told}")  # noqa: T201 - the command's answer
        if "--check" not in arguments:
            path.write_text(pages()[path], "utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
