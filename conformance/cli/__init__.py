"""Subcommands of the console command, one module each: `main(argv) -> int`, imported when it is called."""

BROKEN, USAGE, INTERRUPTED = 3, 4, 2
"""The exit codes of a bug in the suite, of input that cannot be used, and of Ctrl-C."""
COMMANDS = {
    "compare": "show the differences between runs or recordings",
    "deviations": "write a first file of known deviations from a run",
    "discover": "find the users and groups of a target, and write a target file",
    "merge": "make one report of the shards of a run",
    "report": "generate all reports again from verdicts.json",
}
