"""Failures of the network in words."""

from __future__ import annotations

import errno
import re
import socket
import ssl

import pytest

from colonies_tui.client.network_words import answers_plain_http_with_tls_refusal, causes, not_connected
from colonies_tui.protocol.address import ServerAddress

ADDRESS = ServerAddress("colonies.example", 443, tls=True)


def ssl_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] words")
    error.reason = reason
    return error


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.reason, error.verify_message = "CERTIFICATE_VERIFY_FAILED", "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
            "nothing listens on https://colonies.example",
        ),
        (socket.gaierror(-2, "Name or service not known"), "the host name colonies.example is not known"),
        (UnicodeError("label too long"), "the host name colonies.example is not known"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no connection to .*: Network is unreachable"),
        (OSError("just words"), "no connection to https://colonies.example:443$"),
        (ssl_error("WRONG_VERSION_NUMBER"), "does not speak TLS.*use http$"),
        (ssl_error("RECORD_LAYER_FAILURE"), "does not speak TLS.*use http$"),
        (ssl_error("HTTP_REQUEST"), "does not speak TLS.*use http$"),
        (ssl_error("TLSV1_ALERT_PROTOCOL_VERSION"), "no TLS connection to .*: TLSV1_ALERT_PROTOCOL_VERSION"),
        (ssl.SSLError(), "no TLS connection to .*: broken off"),
        (untrusted(), "the certificate of .* is not trusted: self-signed certificate"),
    ],
)
def test_the_cause_is_named_however_deep_it_lies(cause: Exception, words: str) -> None:
    wrapped = RuntimeError("all attempts failed")
    wrapped.__cause__ = ExceptionGroup("attempts", [ValueError("noise"), cause])
    assert re.search(words, not_connected(ADDRESS, cause))
    assert re.search(words, not_connected(ADDRESS, wrapped))


def test_an_unknown_cause_still_names_the_server() -> None:
    assert not_connected(ADDRESS, RuntimeError("x")) == "no connection to https://colonies.example:443"


def test_causes_in_a_circle_are_walked_once() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__context__ = second, first
    assert list(causes(first)) == [first, second]


@pytest.mark.parametrize(
    ("body", "is_refusal"),
    [
        (b"Client sent an HTTP request to an HTTPS server.\n", True),
        (b"<html><center>The plain HTTP request was sent to HTTPS port</center>", True),
        (b'{"payloadtype": "error"}', False),
        (b"", False),
    ],
)
def test_complaints_of_tls_servers_about_plain_http(body: bytes, is_refusal: bool) -> None:
    assert answers_plain_http_with_tls_refusal(body) is is_refusal
