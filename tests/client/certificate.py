"""A self-signed certificate for 127.0.0.1, made for these tests and trusted by nothing else."""

from __future__ import annotations

import ssl
from pathlib import Path

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBrTCCAVOgAwIBAgIUMGSJKBuI9KAsCBj1KDpRjzpA+PkwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSY29sb25pZXMtdHVpIHRlc3RzMCAXDTI2MTEyNDA5MTMzMVoY
DzIxMjYxMDMxMDkxMzMxWjAdMRswGQYDVQQDDBJjb2xvbmllcy10dWkgdGVzdHMw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASzHVDXsxq89g6SSCHjxlqE9l7yX5Tc
c0K/DDAIIL6x1LP/R2p9lWFxshOFrBM8CPAmdUxV6FYrE+TWwTttgEqpo28wbTAd
BgNVHQ4EFgQUj9szRzKKPsj5H1QftiiJCnzUWcowHwYDVR0jBBgwFoAUj9szRzKK
Psj5H1QftiiJCnzUWcowDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAAB
gglsb2NhbGhvc3QwCgYIKoZIzj0EAwIDSAAwRQIhAML891zDbg4NZazr+fIr8U4g
MwAWissSyfT6XCgWqLSnAiAlYEp/sg+F+AgchW10nZRjsUzlGlGfYDPxWCTBDn6P
eQ==
-----END CERTIFICATE-----
"""

KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2J789tEzPYuLW/gI
rOHNMNZaGyxftfW3fSmCu/UYWGyhRANCAASzHVDXsxq89g6SSCHjxlqE9l7yX5Tc
c0K/DDAIIL6x1LP/R2p9lWFxshOFrBM8CPAmdUxV6FYrE+TWwTttgEqp
-----END PRIVATE KEY-----
"""


def server_context(directory: Path) -> ssl.SSLContext:
    """Return what a TLS server on 127.0.0.1 needs; also writes ``certificate.pem`` into a directory."""
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    certificate.write_text(CERTIFICATE)
    key.write_text(KEY)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
