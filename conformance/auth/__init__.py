"""Tokens: where they come from, what they claim, and how they are kept out of everything that is written."""
