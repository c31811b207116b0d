"""What went wrong on the way to a server, in words for an operator. Pure: it looks at exceptions only."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from colonies_tui.protocol.address import ServerAddress

_TLS_RECORDS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH")
"""OpenSSL's reasons when the other side answers with something that is not TLS."""

_TLS_ALERTS = ("\x15\x03", "\\x15\\x03")
"""First bytes of a TLS alert, as they are and escaped: both stand in the libraries' words about broken status lines."""

_PLAIN_TO_TLS = (b"HTTP request to an HTTPS server", b"plain HTTP request was sent to HTTPS port")
"""How TLS servers answer plain http."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything behind it, groups included, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions


def speaks_tls(address: ServerAddress) -> str:
    """Return the words for plain http sent to a TLS port."""
    return f"{address} speaks TLS, but the address says plain http: use https"


def answers_plain_http_with_tls_refusal(body: bytes | bytearray) -> bool:
    """Tell whether a body is a TLS server's complaint that it was spoken to in plain http."""
    return any(words in body[:1000] for words in _PLAIN_TO_TLS)


def not_connected(address: ServerAddress, error: BaseException) -> str:
    """Return why no connection came about."""
    for cause in causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return f"the certificate of {address} is not trusted: {cause.verify_message}"
            case ssl.SSLError():
                reason = getattr(cause, "reason", None) or "broken off"  # not set by every place that raises it
                if any(record in reason for record in _TLS_RECORDS):
                    return f"{address} does not speak TLS, but the address says https: use http"
                return f"no TLS connection to {address}: {reason}"
            case socket.gaierror() | UnicodeError():
                return f"the host name {address.host} is not known"
            case ConnectionRefusedError():
                return f"nothing listens on {address}"
            case OSError() if cause.strerror:
                return f"no connection to {address}: {cause.strerror}"
    return f"no connection to {address}"


def shows_tls_alert(error: BaseException) -> bool:
    """Tell whether the answer that broke a plain http exchange was a TLS alert."""
    return any(alert in str(cause) for cause in causes(error) for alert in _TLS_ALERTS)
