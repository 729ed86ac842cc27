"""Exchanges kept, written as HAR, and read back; recordings of other tools too."""
