"""A run: options, stages, and the Python API."""
