"""The HTTP client: the only package that connects to a target."""
