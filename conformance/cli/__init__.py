"""Subcommands of the console command, one module each: `main(argv) -> int`, imported when it is called."""

COMMANDS = {
    "compare": "show the differences between runs or recordings",
    "deviations": "write a first file of known deviations from a run",
    "discover": "find the users and groups of a target, and write a target file",
    "merge": "make one report of the shards of a run",
    "report": "generate all reports again from verdicts.json",
}
