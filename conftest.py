"""Loads the suite's plugin; pytester is for the suite's own tests."""

import gc

gc.set_threshold(50_000)  # what is imported and collected makes many values and few cycles

pytest_plugins = ["conformance.pytest_plugin.plugin", "pytester"]
