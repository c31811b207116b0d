"""The local server: the same protocol as a Colonies server, served by one process over one SQLite file.

For development, demos and tests on one machine. It shares nothing but :mod:`colonies_tui.protocol` with the console, so
that a wrong reading of the protocol shows against the recordings of a real server instead of being agreed on.

Everything runs in one event loop: a handler is a plain function that reads and writes the database without awaiting, so
no two of them interleave and no lock is needed. Writes of one turn of the loop are committed together, and no reply
leaves before the writes that it may show are on disk.
"""
