"""A certificate for 127.0.0.1, made when the tests run and trusted by nothing else."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


def server_context(directory: Path) -> ssl.SSLContext:
    """Return what a TLS server on 127.0.0.1 needs; writes ``certificate.pem``, which signed it, into a directory."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(directory / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context
