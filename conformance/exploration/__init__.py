"""Requests that nobody thought of: drawn by schemathesis from the contract's description, asked and judged like all else."""
