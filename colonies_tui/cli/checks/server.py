"""Checks of the server itself: does it answer, with what, and what time is it there. None of them is signed."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from colonies_tui.cli.checks.finding import Finding, bad, good, neutral
from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.network_words import answers_plain_http_with_tls_refusal, causes
from colonies_tui.client.transport import tls_context
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.errors import ColoniesError, NotDecodable
from colonies_tui.protocol.models.colony import ServerInfo

SECONDS = 5.0
"""Time limit of each look at the server, seconds."""

AGREES_SECONDS = 2.0
"""Clocks that differ by less are the same: the server's stamp has whole seconds."""

BAD_CLOCK_SECONDS = 30.0
"""From here on ages, deadlines and "since" are so wrong that somebody should set a clock."""


@dataclass(slots=True)
class ServerChecks:
    """The checks, and what later ones need to know of the server."""

    profile: Profile
    client: ColoniesClient
    reached: bool = False
    """Whether a Colonies server answered."""
    info: ServerInfo | None = None

    async def run(self) -> AsyncIterator[Finding]:
        """Yield the findings in their order; the rest says that it was not checked where the server does not answer."""
        try:
            version = await self.client.get_version()
        except ColoniesError as error:
            yield await self._not_reached(error)
            for what in ("version", "clock"):
                yield neutral(what, "not checked: the server does not answer")
            return
        self.reached = True
        # The first exchange pays for the connection and for loading the network library; the second one is typical.
        began = time.perf_counter()
        about = await self._about()
        milliseconds = (time.perf_counter() - began) * 1000
        yield good("server", f"{self.profile.address} answers in {milliseconds:.0f} ms")
        built = f", built {version.buildtime}" if version.buildtime else ""
        yield good("version", f"{version.buildversion or 'not told'}{built}; {about}")
        if self.profile.address.insecure:
            yield bad(
                "trust",
                "who answers is not verified: insecure is set, so anybody in between can read and change everything",
                "name the server's authority in ca_file and take insecure out",
            )
        yield await check_clock(self.profile.address)

    async def _about(self) -> str:
        """Return what the server says of itself, in words."""
        try:
            self.info = await self.client.get_server_info()
        except ColoniesError as error:
            return f"what it says of itself cannot be read: {error}"
        backends = ", ".join(f"{backend.type} port {backend.port}" for backend in self.info.backends)
        return f"it says that it listens on {backends}" if backends else "it does not say where it listens"

    async def _not_reached(self, error: ColoniesError) -> Finding:
        address = self.profile.address
        if await speaks(replace(address, tls=not address.tls)):
            return bad("server", _wrong_scheme(address), self._scheme_advice())
        if isinstance(error, NotDecodable):
            return bad(
                "server",
                f"what answers at {address} is not a Colonies server: {error}",
                f"check host and port in {self._where()}",
            )
        return bad("server", str(error), self._advice(error))

    def _where(self) -> str:
        return "COLONIES_SERVER_HOST and COLONIES_SERVER_HTTP_PORT" if self.profile.file is None else "url in keys.toml"

    def _scheme_advice(self) -> str:
        address = self.profile.address
        if self.profile.file is None:
            setting = "false" if address.tls else "true"
            return f"run: export COLONIES_TLS={setting}{' (unset means TLS)' if address.tls else ''}"
        return (
            f'in {self.profile.file.name}, profile {self.profile.name}: url = "{replace(address, tls=not address.tls)}"'
        )

    def _advice(self, error: ColoniesError) -> str:
        behind = list(causes(error))
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in behind):
            words = "ca_file in the profile" if self.profile.file is not None else "SSL_CERT_FILE"
            return f"add the server's authority to the certificates of this machine, or name it in {words}"
        if any(isinstance(cause, socket.gaierror | UnicodeError) for cause in behind):
            return f"check the host name in {self._where()}, and the network"
        if any(isinstance(cause, ConnectionRefusedError) for cause in behind):
            return f"start the server (a local one: colonies-tui serve), or check {self._where()}"
        return f"check the network and what stands between (firewall, VPN, proxy), and {self._where()}"


def _wrong_scheme(address: ServerAddress) -> str:
    if address.tls:
        return f"{address.host} port {address.port} speaks plain http, where TLS is expected"
    return f"{address.host} port {address.port} speaks TLS, where plain http is expected"


async def speaks(address: ServerAddress) -> bool:
    """Tell whether anything answers with this scheme at this address; who it is is not verified."""
    try:
        async with httpx.AsyncClient(verify=False, trust_env=False, timeout=SECONDS) as http:  # noqa: S501 - only asks whether TLS is spoken; nothing is sent or believed
            response = await http.get(f"{address.http_url}/health")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        return False
    return address.tls or not answers_plain_http_with_tls_refusal(response.content)


async def check_clock(address: ServerAddress) -> Finding:
    """Compare the server's clock with ours by the ``Date`` that it puts on its answers.

    The protocol itself carries no time of the server: only times of events, which may be long past.
    """
    what = "clock"
    try:
        async with httpx.AsyncClient(verify=tls_context(address) or False, trust_env=False, timeout=SECONDS) as http:
            before = time.time()
            response = await http.get(f"{address.http_url}/health")
            after = time.time()
    except httpx.HTTPError:
        return neutral(what, "not known: GET /health is not answered")
    try:
        stamp = parsedate_to_datetime(response.headers["date"])
    except KeyError:
        return neutral(what, "not known: the server puts no date on its answers")
    except (TypeError, ValueError):
        return neutral(what, "not known: the date on the server's answers cannot be read")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return neutral(what, "not known: it was not the server that answered GET /health")
    return compare_clocks(stamp, datetime.fromtimestamp((before + after) / 2, UTC), (after - before) / 2)


def compare_clocks(theirs: datetime, ours: datetime, uncertain_seconds: float) -> Finding:
    """Return the finding for a stamp in whole seconds against the middle of the exchange.

    Args:
        theirs: the server's stamp, cut to whole seconds.
        ours: our clock at the middle of the exchange.
        uncertain_seconds: half the exchange.
    """
    what = "clock"
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    ahead = (theirs - ours).total_seconds() + 0.5  # on average the cut took half a second
    if abs(ahead) < AGREES_SECONDS + uncertain_seconds:
        return good(what, "agrees with the clock here")
    words = f"the server's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the one here"
    if abs(ahead) < BAD_CLOCK_SECONDS:
        return good(what, f"{words}; ages are off by that much")
    return bad(what, f"{words}: ages and deadlines will look wrong", "set the clocks (NTP) on both machines")
