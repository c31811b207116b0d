"""The Colonies protocol: identities, envelope, messages, models, roles, errors.

Pure: nothing here opens a socket, a file or a clock, and nothing here imports a sibling package. Section numbers
(``§``) in docstrings of this package refer to the chapters of ``docs`` in CONTRIBUTING.md, "The wire in short".
"""
