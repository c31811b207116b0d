"""Plays a recording: where it is, how fast it goes, and whether it goes at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from colonies_tui.store.recording.entries import Recording
from colonies_tui.store.replay.session import ReplaySession

SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""How many seconds of the recording pass in one."""

FRAME_SECONDS: Final = 0.1
"""How often it goes on while it plays."""


async def _nothing(has_gone_back: bool) -> None:
    return None


class Player:
    """Moves the sessions that it opened. Positions are seconds from the beginning of the recording."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.is_playing = True
        self.speed = 1.0
        self.on_jump: Callable[[bool], Awaitable[None]] = _nothing
        """Told after a jump, and whether it led back."""
        self._sessions: list[ReplaySession] = []
        self._position = 0.0
        self._wanted: float | None = None
        self._turn = asyncio.Lock()

    @property
    def length(self) -> float:
        """Seconds that the recording lasts."""
        return self.recording.length / 1000

    @property
    def position(self) -> float:
        """Where it is, or is about to be."""
        return self._position if self._wanted is None else self._wanted

    @property
    def is_jumping(self) -> bool:
        """Whether it is on its way to another position."""
        return self._wanted is not None

    @property
    def has_ended(self) -> bool:
        """Whether the end is reached."""
        return self.position >= self.length

    @property
    def now(self) -> float:
        """The time that is shown, in seconds since 1970."""
        return self.recording.header.began + self.position

    @property
    def session_now(self) -> float:
        """The time that the sessions have reached, in seconds since 1970."""
        session = self._sessions[-1] if self._sessions else None
        return self.now if session is None else session.clock.now()

    def open_session(self) -> ReplaySession:
        """Return a session of the recording; it is moved with all others while it runs.

        Raises:
            RecordingError: the recording cannot be replayed.
        """
        session = ReplaySession(self.recording)
        session.player = self
        self._sessions.append(session)
        return session

    # What the operator wants ------------------------------------------------------------------------------------------

    def play_or_pause(self) -> None:
        """Stop or go on; at the end, begin again."""
        if self.is_playing:
            self.is_playing = False
            return
        if self.has_ended:
            self.want(0.0)
        self.is_playing = True

    def want(self, position: float) -> None:
        """Go to a position as soon as possible."""
        self._wanted = min(max(0.0, position), self.length)

    def change_speed(self, steps: int) -> None:
        """Play faster, or slower for negative steps."""
        place = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(max(0, place), len(SPEEDS) - 1)]

    # Moving -----------------------------------------------------------------------------------------------------------

    async def run(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        """Play for ever; ends only by cancellation."""
        before = clock()
        while True:
            await sleep(FRAME_SECONDS)
            now = clock()
            await self.step(now - before)
            before = now

    async def step(self, seconds: float) -> None:
        """Let so many seconds of the operator's time pass."""
        if self._wanted is not None:
            await self.jump(self._wanted)
        elif self.is_playing:
            await self._move(min(self.length, self._position + seconds * self.speed))
            self.is_playing = not self.has_ended

    async def jump(self, position: float) -> None:
        """Be at another position."""
        has_gone_back = position < self._position
        self._wanted = position
        await self._move(position)
        if self._wanted == position:  # nothing else was wanted meanwhile
            self._wanted = None
        await self.on_jump(has_gone_back)

    async def _move(self, position: float) -> None:
        async with self._turn:
            self._sessions = [session for session in self._sessions if not session.has_ended]
            for session in self._sessions:
                await session.go_to(position)
            self._position = position
