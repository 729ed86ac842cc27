"""Who lives at a target, found out by asking it: read-only, bounded, and never surprised by an answer."""
