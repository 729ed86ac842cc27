"""The embedded reference server: a small service that implements the contract.

It imports the contract and the model alone, so that server and suite cannot be wrong together. A pure core
(`service`) answers requests; a thin shell (`app`, `serving`) puts it on a socket; `embedding.start` runs it as a
process of its own.
"""
