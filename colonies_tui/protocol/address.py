"""Where a server listens."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORT = 50080
"""Port of a Colonies server where none is given and the scheme is http."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Host, port, whether TLS is spoken, and who is believed to be the server then."""

    host: str
    port: int
    tls: bool
    ca_file: str = ""
    """File of the authorities whose word is taken for the server; empty for those that this machine trusts."""
    insecure: bool = False
    """Whether anybody is believed to be the server: encrypted, but not verified."""

    @classmethod
    def parse(cls, url: str) -> ServerAddress:
        """Read ``http://host:port`` or ``https://host[:port]``.

        Raises:
            ValueError: names what is wrong with the text.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise ValueError("not a server address: http://host:port with a port between 1 and 65535") from None
        url = url.rpartition("@")[2]  # what stands before it may be a secret, which no message repeats
        if parts.scheme not in ("http", "https"):
            raise ValueError(f"{url!r} is not a server address: it begins with http:// or https://")
        if not parts.hostname:
            raise ValueError(f"{url!r} is not a server address: the host is missing")
        if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"{url!r} is not a server address: only scheme, host and port belong to it")
        tls = parts.scheme == "https"
        if port == 0:
            raise ValueError(f"{url!r} is not a server address: nothing listens on port 0")
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
