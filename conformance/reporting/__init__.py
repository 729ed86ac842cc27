"""Outcomes, and the report files generated from verdicts."""
