"""The only room that owns a socket: probes go out, exchanges come back, and recordings are kept as HAR."""
