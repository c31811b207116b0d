"""Starts the console. Everything that the console needs from other layers is put together here."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.saved_tabs import RestoredTabs
from colonies_tui.config.settings import Settings
from colonies_tui.store.pace import Pace
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.locator import Locator

if TYPE_CHECKING:
    from colonies_tui.store.recording.entries import Recording
    from colonies_tui.store.session import Session

LOG_BYTES = 1024 * 1024
"""Size at which the console's own log begins anew; one older file is kept."""


def run_console(
    profile: Profile | None,
    *,
    settings: Settings,
    paths: Paths,
    reason: str | None,
    start: Locator | None = None,
    pace: Pace | None = None,
    restored: RestoredTabs | None = None,
    keeps_tabs: bool = False,
    read_only: bool = False,
    record_to: Path | None = None,
) -> int:
    """Show the console until it is left; returns the exit code.

    Args:
        profile: where to begin; ``None`` opens the first-run screen.
        settings: the operator's taste.
        paths: where the journal and the log go.
        reason: why there is no profile, in words.
        start: the place to begin at; ``None`` for the overview.
        pace: how often servers are asked, for tests.
        restored: tabs to begin with instead of the profile.
        keeps_tabs: whether what is open is written down for the next start.
        read_only: change nothing, whatever profile is opened.
        record_to: a new file for a recording of the profile.
    """
    _log_to_file(paths)
    manners = pace or pace_of(settings)

    def make(chosen: Profile) -> Session:
        from colonies_tui.store.journal import FileJournal
        from colonies_tui.store.open import open_session
        from colonies_tui.store.watch_file import WatchFile

        return open_session(
            chosen.address,
            chosen.keys,
            chosen.colony,
            journal=FileJournal(paths.journal_file),
            profile_name=chosen.name,
            is_read_only=chosen.read_only,
            pace=manners,
            watch_keeper=WatchFile.of(
                paths.watches_dir, profile=chosen.name, server=str(chosen.address), colony=chosen.colony
            ),
        )

    app = ConsoleApp(
        make,
        profile=profile,
        settings=settings,
        paths=paths,
        reason=reason or "",
        start=start,
        restored=restored,
        keeps_tabs=keeps_tabs,
        read_only=read_only,
        record_to=record_to,
        greets=True,
    )
    result = app.run(mouse=settings.mouse)
    return result if result is not None else app.return_code or 0


def run_replay(recording: Recording, *, settings: Settings, paths: Paths) -> int:
    """Show a recording until it is left; returns the exit code.

    Raises:
        RecordingError: the recording cannot be replayed.
    """
    from colonies_tui.store.replay.player import Player
    from colonies_tui.ui.replay_app import ReplayApp

    _log_to_file(paths)
    app = ReplayApp(Player(recording), settings=settings, paths=paths)
    result = app.run(mouse=settings.mouse)
    return result if result is not None else app.return_code or 0


def pace_of(settings: Settings) -> Pace:
    """Return the intervals that the operator asks for."""
    return Pace().with_limits(
        counters=settings.counters_seconds,
        visible=settings.visible_seconds,
        hidden=settings.hidden_seconds,
        unfocused=settings.unfocused_factor,
        requests_per_second=settings.requests_per_second,
    )


def _log_to_file(paths: Paths) -> None:
    try:
        paths.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(paths.state_dir / "console.log", maxBytes=LOG_BYTES, backupCount=1, delay=True)
    except OSError:
        return  # a console without a log of its own is better than none
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger("colonies_tui")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
