"""Subcommands of the console command, one module each: `main(argv) -> int`, imported when it is called."""

COMMANDS = {
    "compare": "tell what differs between two runs or recordings",
    "deviations": "write a first file of known deviations from a run",
    "discover": "find out who lives at a target, and write a target file",
    "merge": "make one report of the shards of a run",
    "report": "draw all reports once more from verdicts.json",
}
