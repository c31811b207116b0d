"""Where a server listens."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORT = 50080
"""Port of a Colonies server where none is given and the scheme is http."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Host, port and whether TLS is spoken."""

    host: str
    port: int
    tls: bool

    @classmethod
    def parse(cls, url: str) -> ServerAddress:
        """Read ``http://host:port`` or ``https://host[:port]``.

        Raises:
            ValueError: names what is wrong with the text.
        """
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https"):
            raise ValueError(f"{url!r} is not a server address: it begins with http:// or https://")
        if not parts.hostname:
            raise ValueError(f"{url!r} is not a server address: the host is missing")
        if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
            raise ValueError(f"{url!r} is not a server address: only scheme, host and port belong to it")
        tls = parts.scheme == "https"
        port = parts.port  # raises ValueError by itself when out of range
        return cls(parts.hostname, port if port is not None else (443 if tls else DEFAULT_PORT), tls)

    @property
    def _netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def http_url(self) -> str:
        """Base address of requests, without a path."""
        return f"{'https' if self.tls else 'http'}://{self._netloc}"

    @property
    def websocket_url(self) -> str:
        """Address of subscriptions."""
        return f"{'wss' if self.tls else 'ws'}://{self._netloc}/pubsub"

    def __str__(self) -> str:
        return self.http_url
