"""Requests that nobody thought of: drawn by schemathesis from the contract's operations, asked like all others."""
