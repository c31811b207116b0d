"""Makes sessions, so that the screen needs to know nothing of the client."""

from __future__ import annotations

from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.store.clock import Clock
from colonies_tui.store.journal import Journal
from colonies_tui.store.pace import Pace
from colonies_tui.store.session import Session
from colonies_tui.store.watch_file import WatchKeeper


def open_session(
    address: ServerAddress,
    keys: Keyring,
    colony: str,
    *,
    journal: Journal,
    profile_name: str = "",
    is_read_only: bool = False,
    pace: Pace | None = None,
    clock: Clock | None = None,
    watch_keeper: WatchKeeper | None = None,
    limits: TimeLimits = DEFAULT_LIMITS,
) -> Session:
    """Return a session of a colony at a server; it sends nothing before it is run."""
    return Session(
        ColoniesClient(address, keys, limits=limits),
        colony,
        journal=journal,
        profile_name=profile_name,
        is_read_only=is_read_only,
        pace=pace,
        clock=clock,
        watch_keeper=watch_keeper,
    )
