"""The options of a run, each declared, parsed and explained once."""
