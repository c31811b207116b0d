"""Drives the console in a test: opens it on a colony, presses keys, reads the screen, waits for what must happen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.command import CommandList, CommandPalette
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.saved_tabs import RestoredTabs
from colonies_tui.config.settings import Settings
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.store import listings
from colonies_tui.store.clock import SystemClock
from colonies_tui.store.journal import FileJournal, MemoryJournal
from colonies_tui.store.open import open_session
from colonies_tui.store.pace import Interval, Pace
from colonies_tui.store.session import Session
from colonies_tui.store.watch_file import WatchFile
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.views.bulk_screen import BulkScreen
from colonies_tui.ui.views.colonies import ColoniesView
from colonies_tui.ui.views.executors import ExecutorsView
from colonies_tui.ui.views.logs import LogsView
from colonies_tui.ui.views.overview import OverviewView
from colonies_tui.ui.views.processes import ProcessesView
from colonies_tui.ui.widgets.dialog import Dialog
from tests.ui.console.colony import Colony

SECONDS = 30.0
"""How long a test waits for something that is there at once on a machine with nothing else to do."""

_LOOK_AGAIN = 0.05
"""Seconds after which a condition is looked at again though nothing was told: screens also change by timers."""

_TURNS = 3
"""How often tasks are let go on before a screen is drawn: for what is done on behalf of a widget, but not by it."""

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 60)

HASTE = Pace(
    statistics=Interval(0.2, 0.4, 0.05),
    executors=Interval(0.4, 1.5, 0.05),
    processes=Interval(0.4, 2.0, 0.1),
    functions=Interval(0.5, 4.0, 0.1),
    users=Interval(0.5, 4.0, 0.1),
    colonies=Interval(0.4, 4.0, 0.1),
    colony_board=Interval(0.3, 4.0, 0.05),
    pause=Interval(0.2, 0.4, 0.05),
    strays=Interval(0.4, 0.4, 0.1),
    open_process=Interval(0.3, 0.3, 0.05),
    log=Interval(0.15, 0.5, 0.05),
    quiet_log=0.3,
    share=1.0,
    requests_per_second=40.0,
    recovery=0.3,
    patience=20.0,
)
"""A pace for tests in which nothing is about the pace; a busy machine is not taken for a silent server."""

LISTINGS_IN_HASTE = Interval(0.4, 4.0, 0.1)
"""The same for the lists that have an interval of their own."""


_KEY_NAMES = {
    " ": "space",
    "/": "slash",
    ":": "colon",
    "=": "equals_sign",
    ">": "greater_than_sign",
    "<": "less_than_sign",
    "!": "exclamation_mark",
    "?": "question_mark",
    "~": "tilde",
    "|": "vertical_line",
    "-": "minus",
    "+": "plus",
    ".": "full_stop",
    "_": "underscore",
    '"': "quotation_mark",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
}
_CHARACTERS = {name: character for character, name in _KEY_NAMES.items()}


class ShiftedClock(SystemClock):
    """The machine's clock, set forward by hand: ages grow without anybody waiting."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


def screen_lines(app: App[Any]) -> list[str]:
    """Return what the terminal shows, line by line, without trailing blanks; a new screen is empty at first."""
    lines = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
    return lines + [""] * (app.size.height - len(lines))


def strike(app: App[Any], key: str) -> None:
    """Send a key as a terminal does; nothing is waited for."""
    character = _CHARACTERS.get(key, key if len(key) == 1 else None)
    event = events.Key(key, character)
    event.set_sender(app)
    app.post_message(event)


def _is_at_rest(pump: MessagePump) -> bool:
    """Whether a pump waits for its next message: nothing is queued, and nothing is being handled."""
    queue: Any = pump._message_queue
    return queue.empty() and any(not waiter.done() for waiter in queue.ready_event._waiters)


async def drain(app: App[Any]) -> None:
    """Wait until the app, the screen and its widgets have handled what they have been told so far, and draw.

    As a pilot's ``pause(0)``, with two differences. Widgets that are at rest are not sent a message each: a screen has
    a hundred and fifty of them, and a key stirs three. And a change that is made in one piece, as the first coming of
    a view is, is waited for, since nothing of it is drawn before its end; so is the first layout of a screen.

    Raises:
        AssertionError: they did not come to an end.
    """
    deadline = time.monotonic() + SECONDS
    while await _have_handled(app) and (app._batch_count or not app.screen._compositor.size) and not app._exit:
        assert time.monotonic() < deadline, "a change of the screen that did not come to an end"
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    app.screen._on_timer_update()


async def _have_handled(app: App[Any]) -> bool:
    """Whether all that had something to do have done it; not when the app has failed, which its end tells."""
    pumps: list[MessagePump] = [
        app,
        app.screen,
        *(widget for widget in app.screen.walk_children() if not _is_at_rest(widget)),
    ]
    handled = asyncio.Event()
    left: list[MessagePump] = []

    def count_down() -> None:
        left.pop()
        if not left:
            handled.set()

    left += [pump for pump in pumps if pump.call_later(count_down)]
    if not left:
        return False
    has_failed: Any = app._exception_event
    waits = [asyncio.ensure_future(handled.wait()), asyncio.ensure_future(has_failed.wait())]
    try:
        done, _ = await asyncio.wait(waits, timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    assert done, "did not come to an end: " + ", ".join(str(pump) for pump in pumps)
    return handled.is_set()


async def until(
    pilot: Pilot[Any], condition: Callable[[], bool], seconds: float = SECONDS, *, session: Session | None = None
) -> None:
    """Wait for a condition: looked at whenever the session has changed, and at short intervals in between.

    Raises:
        AssertionError: it did not come true in time; with the screen as it is then.
    """
    woken = asyncio.Event()
    watcher = None if session is None else session.watch(woken.set)
    deadline = time.monotonic() + seconds
    try:
        while True:
            await drain(pilot.app)
            if condition():
                await drain(pilot.app)
                return
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise AssertionError("never came true; the screen:\n" + "\n".join(screen_lines(pilot.app)))
            try:
                async with asyncio.timeout(min(rest, _LOOK_AGAIN)):
                    await woken.wait()
            except TimeoutError:
                continue
            woken.clear()
            if watcher is not None:
                watcher.take()
    finally:
        if session is not None and watcher is not None:
            session.unwatch(watcher)


@dataclass
class Console:
    """A running console."""

    app: ConsoleApp
    pilot: Pilot[Any]
    clock: ShiftedClock
    journal: MemoryJournal
    sessions: list[Session] = field(default_factory=list)

    # -- seeing ----------------------------------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The session of the tab on the screen."""
        return self.app.session

    @property
    def main(self) -> MainScreen:
        """The main screen of the tab on the screen."""
        screen = next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def view(self) -> str:
        """Key of the view on the screen."""
        return self.main.active_view.KEY

    @property
    def overview(self) -> OverviewView:
        return self.main.query_one(OverviewView)

    @property
    def processes(self) -> ProcessesView:
        return self.main.query_one(ProcessesView)

    @property
    def executors(self) -> ExecutorsView:
        return self.main.query_one(ExecutorsView)

    @property
    def logs(self) -> LogsView:
        return self.main.query_one(LogsView)

    @property
    def colonies(self) -> ColoniesView:
        return self.main.query_one(ColoniesView)

    @property
    def dialog(self) -> Dialog | None:
        """The question on the screen, if there is one."""
        return self.app.screen if isinstance(self.app.screen, Dialog) else None

    @property
    def bulk(self) -> BulkScreen:
        """The decision about many objects on the screen."""
        assert isinstance(self.app.screen, BulkScreen)
        return self.app.screen

    @property
    def lines(self) -> list[str]:
        return screen_lines(self.app)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def line(self, part: str) -> str:
        """Return the first line with a text; empty when there is none."""
        return next((line for line in self.lines if part in line), "")

    def shows(self, *parts: str) -> bool:
        """Whether all texts stand on the screen."""
        text = self.text
        return all(part in text for part in parts)

    def asks(self, *parts: str) -> bool:
        """Whether a box is on the screen that has all texts, however its lines are broken."""
        rows = [line.split("│")[1:-1] for line in self.lines]
        words = " ".join(" ".join(" ".join(row) for row in rows).split())
        title = next((line for line in self.lines if "┌─" in line), "")
        return all(part in words or part in title for part in parts)

    @property
    def notices(self) -> list[str]:
        """All notices so far, the oldest first."""
        return [notice.message for notice in self.app._notifications]

    @property
    def toasts(self) -> int:
        """How many notices are on the screen as widgets."""
        return len(self.app.screen.query(Toast))

    # -- doing -----------------------------------------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        """Press keys, each when what the one before brought about has happened."""
        for key in keys:
            strike(self.app, key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text into the field that has the focus."""
        for character in text:
            strike(self.app, _KEY_NAMES.get(character, character))
        await self.settle()

    async def settle(self) -> None:
        """Let what has been posted be handled, and what that posts in turn; the network is not waited for."""
        for _ in range(4):
            await drain(self.app)

    async def go(self, view: str) -> None:
        """Press the digit of a view."""
        digit = next(key for key, active in self.main.active_bindings.items() if active.binding.id == f"main.{view}")
        await self.press(digit)
        assert self.view == view

    async def filter(self, text: str) -> None:
        """Type a filter and keep it."""
        await self.press("slash")
        await self.type(text)
        await self.press("enter")

    async def palette(self, text: str) -> None:
        """Type into the palette and take the first hit."""
        await self.press("colon")
        await self.type(text)
        palette = self.app.screen
        assert isinstance(palette, CommandPalette)
        await self.until(lambda: palette.query_one(CommandList).option_count > 0)
        await self.press("enter")
        await self.until(lambda: self.app.screen is not palette)

    async def until(self, condition: Callable[[], bool], seconds: float = SECONDS) -> None:
        session = self.sessions[-1] if self.sessions else None
        await until(self.pilot, condition, seconds, session=session)

    async def until_shows(self, *parts: str, seconds: float = SECONDS) -> None:
        """Wait until all texts stand on the screen."""
        await self.until(lambda: self.shows(*parts), seconds)

    async def until_delivered(self) -> None:
        """Wait until what the session knows stands in the widgets: changes are brought there a frame at a time."""
        await self.until(lambda: self.main._bridge is None or self.main._bridge._timer is None)

    async def until_known(self) -> None:
        """Wait until the server has answered about what the first screen shows."""
        await self.until(
            lambda: (
                self.session.link.is_up
                and self.session.executors.freshness.can_show_rows
                and all(freshness.can_show_rows for freshness in self.session.process_lists.values())
            )
        )


def profile_of(colony: Colony, **changes: Any) -> Profile:
    """Return the operator's profile, with some fields changed."""
    fields: dict[str, Any] = {
        "name": "test",
        "address": colony.running.address,
        "colony": colony.name,
        "keys": colony.keys,
        "source": "a test",
    }
    return Profile(**{**fields, **changes})


def profile_at(address: ServerAddress, keys: Keyring, colony: str = "dev") -> Profile:
    """Return a profile of a server that need not be there."""
    return Profile("test", address, colony, keys, source="a test")


def _keeper(directory: Path | None, profile: Profile) -> WatchFile | None:
    if directory is None:
        return None
    return WatchFile.of(directory, profile=profile.name, server=str(profile.address), colony=profile.colony)


@asynccontextmanager
async def console(
    profile: Profile | None,
    directory: Path,
    *,
    size: tuple[int, int] = MIDDLE,
    pace: Pace = HASTE,
    settings: Settings | None = None,
    reason: str = "",
    journal_file: Path | None = None,
    restored: RestoredTabs | None = None,
    keeps_tabs: bool = False,
    record_to: Path | None = None,
    watches_directory: Path | None = None,
    limits: TimeLimits = DEFAULT_LIMITS,
    greets: bool = False,
) -> AsyncIterator[Console]:
    """Run the console until the block ends; with ``journal_file`` its journal is that file, not in memory, and with
    ``watches_directory`` what is watched is kept there.
    """
    clock, journal = ShiftedClock(), MemoryJournal()
    sessions: list[Session] = []

    def make(chosen: Profile) -> Session:
        session = open_session(
            chosen.address,
            chosen.keys,
            chosen.colony,
            journal=FileJournal(journal_file) if journal_file else journal,
            profile_name=chosen.name,
            is_read_only=chosen.read_only,
            pace=pace,
            clock=clock,
            watch_keeper=_keeper(watches_directory, chosen),
            limits=limits,
        )
        if pace != Pace():
            for listing in listings.ALL:
                session.schedule.feeds[listing.name].interval = LISTINGS_IN_HASTE
        sessions.append(session)
        return session

    app = ConsoleApp(
        make,
        profile=profile,
        settings=settings or Settings(reduced_motion=True, grace_seconds=0),
        paths=Paths(directory / "config", directory / "state", directory / "data", directory / "cache"),
        reason=reason,
        record_to=record_to,
        clock=clock.now,
        restored=restored,
        keeps_tabs=keeps_tabs,
        greets=greets,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Console(app, pilot, clock, journal, sessions)
