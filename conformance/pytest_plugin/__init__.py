"""The suite as a pytest plugin: items, hooks, and a fixture for other people's tests."""
