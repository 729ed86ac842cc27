"""A conformance suite for one contract of Microsoft Graph: Get profilePhoto."""

__version__ = "0.1.0"
