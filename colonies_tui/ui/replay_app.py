"""The console over a recording: the same screens, and keys to go about in time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker

from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.store.replay.client import address_of
from colonies_tui.store.replay.identity import keyring_of
from colonies_tui.store.replay.player import Player
from colonies_tui.store.session import Session
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.history import History
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.notify import say
from colonies_tui.ui.place import FIRST_PLACE
from colonies_tui.ui.workspace import Start

STEP_SECONDS: Final = 10.0
"""How far one key goes back or on."""


def profile_of(player: Player) -> Profile:
    """Return the profile under which a recording is shown.

    Raises:
        RecordingError: it names no server.
    """
    header = player.recording.header
    return Profile(
        header.profile or "recording",
        address_of(header),
        header.colony,
        keyring_of(header.identities),
        read_only=True,
        source="a recording",
    )


class ReplayApp(ConsoleApp):
    """Shows one recording."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("full_stop", "play", "play or pause the recording", show=False, key_display=".", id="app.play"),
        Binding("less_than_sign", "jump(-1)", "10 seconds back", show=False, key_display="<", id="app.jump-back"),
        Binding("greater_than_sign", "jump(1)", "10 seconds on", show=False, key_display=">", id="app.jump-on"),
        Binding("left_parenthesis", "speed(-1)", "play slower", show=False, key_display="(", id="app.slower"),
        Binding("right_parenthesis", "speed(1)", "play faster", show=False, key_display=")", id="app.faster"),
    ]

    def __init__(self, player: Player, *, settings: Settings, paths: Paths, drives: bool = True) -> None:
        """
        Args:
            player: plays.
            settings: the operator's taste.
            paths: where files are kept.
            drives: let time pass by itself; tests turn it by hand.
        """
        self._player = player
        self._drives = drives

        def make(profile: Profile) -> Session:
            return player.open_session()

        super().__init__(
            make, profile=profile_of(player), settings=settings, paths=paths, clock=lambda: player.session_now
        )
        player.on_jump = self._jumped

    async def on_mount(self) -> None:
        """Begin to play."""
        if self._drives:
            self._playing: Worker[None] = self.run_worker(self._play, group="player", name="player")

    async def _play(self) -> None:
        await self._player.run()

    def open_profile(self, profile: Profile, start: Start = FIRST_PLACE, history: History | None = None) -> None:
        say(self, "A recording holds one colony of one server; nothing else can be opened over it", "warning")

    def open_beside(self, profile: Profile) -> None:
        self.open_profile(profile)

    def open_named_profile(self, name: str) -> None:
        say(self, "This is a recording; profiles are opened with: colonies-tui --profile NAME", "warning")

    async def _jumped(self, has_gone_back: bool) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                await screen.jumped_in_time(has_gone_back)

    # -- keys --------------------------------------------------------------------------------------------------------

    def action_play(self) -> None:
        """Play, or pause; at the end, begin again."""
        self._player.play_or_pause()

    def action_jump(self, steps: int) -> None:
        """Go some seconds back or on."""
        self._player.want(self._player.position + steps * STEP_SECONDS)

    def action_speed(self, steps: int) -> None:
        """Play slower or faster."""
        self._player.change_speed(steps)

    def action_record(self) -> None:
        """Say why not."""
        say(self, "This is a recording already", "warning")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The commands of the palette that need no search."""
        yield SystemCommand("Play or pause", "The recording (key .)", self.action_play)
        yield SystemCommand("From the beginning", "Of the recording", lambda: self._player.want(0.0))
        yield SystemCommand("To the end", "Of the recording", lambda: self._player.want(self._player.length))
        yield from (command for command in super().get_system_commands(screen) if command.title != "Record")
