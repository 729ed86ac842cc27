"""Loads the suite's plugin; pytester is for the suite's own tests."""

pytest_plugins = ["conformance.pytest_plugin.plugin", "pytester"]
