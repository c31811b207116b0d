"""A living colony on one machine: a local server, executors that do real work on real files, and a user who submits it.

The files are the Python standard library's own source. Everything here is an ordinary client of the server: what the
console sees of the demo is what it would see of a colony elsewhere.
"""
