"""Decisions on their way to the server: each is held back for some seconds where it can be taken back, then sent once.

The work belongs to the app, not to the view that asked: another decision in the same view neither cancels nor hurries
one that is still waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from textual.app import App
from textual.worker import WorkType

from colonies_tui.store.actions import Action, ActionResult, Outcome
from colonies_tui.store.session import Session
from colonies_tui.ui.countdown import TAKEN_BACK, Countdown
from colonies_tui.ui.notify import Severity, say

SEVERITY: Final[Mapping[Outcome, Severity]] = {
    Outcome.DONE: "information",
    Outcome.REFUSED: "error",
    Outcome.NOT_SENT: "error",
    Outcome.UNKNOWN: "warning",
}


@dataclass(eq=False)
class Held:
    """A decision that can still be taken back."""

    words: str
    """What will be done: ``cancel render_tile 3f9a01bc``; not cleaned."""
    countdown: Countdown


class Outbox:
    """What was decided in one session and is not over yet."""

    def __init__(self, app: App[Any], session: Session, seconds: float) -> None:
        """
        Args:
            app: runs the work and says how it ended.
            session: sends.
            seconds: how long a decision that can be taken back is held; 0 holds none.
        """
        self._app = app
        self._session = session
        self.seconds = seconds
        self.held: list[Held] = []
        """The newest last."""
        self._sending: list[Action] = []
        self.on_change: Callable[[], None] = lambda: None
        """Told when what is held, or how long, is different."""

    async def carry_out(self, action: Action, *, hold: bool, quietly: bool = False) -> ActionResult:
        """Send an action and say how it ended; ``hold`` waits before, ``quietly`` says only what went wrong.

        Cancelling the caller changes nothing about the action.
        """
        told: asyncio.Future[ActionResult] = asyncio.get_running_loop().create_future()
        work: WorkType[None] = partial(self._work, action, hold and self.seconds > 0, quietly, told)
        self._app.run_worker(work, group="outbox")
        return await told

    async def _work(self, action: Action, hold: bool, quietly: bool, told: asyncio.Future[ActionResult]) -> None:
        try:
            reason = await self._hold(action) if hold else None
            if reason is None:
                result = await self._send(action)
            else:
                words = f"{action.object_name}: not {action.done}, {reason}; nothing was sent"
                result = ActionResult(Outcome.NOT_SENT, words)
            if not quietly or result.outcome is not Outcome.DONE:
                say(self._app, result.words, "information" if reason == TAKEN_BACK else SEVERITY[result.outcome])
            if not told.done():
                told.set_result(result)
        finally:
            told.cancel()

    async def _send(self, action: Action) -> ActionResult:
        self._sending.append(action)
        try:
            return await self._session.actor.carry_out(action)
        finally:
            self._sending.remove(action)

    async def _hold(self, action: Action) -> str | None:
        refusal = partial(self._session.actor.why_not, type(action.request))
        held = Held(f"{action.verb} {action.object_name}", Countdown(self.seconds, self._session.clock, refusal))
        self.held.append(held)
        try:
            return await held.countdown.run(self._tell)
        finally:
            self.held.remove(held)
            self._tell()

    def _tell(self) -> None:
        self.on_change()

    def take_back(self) -> bool:
        """Take the newest decision back; return whether there was one."""
        if not self.held:
            return False
        self.held[-1].countdown.take_back()
        return True

    def send_now(self) -> bool:
        """Send everything that is held; return whether there was anything."""
        for held in self.held:
            held.countdown.send_now()
        return bool(self.held)

    def leave(self, reason: str) -> list[str]:
        """Send nothing that is held, for a reason; return a sentence for each decision that is not over."""
        said = [f"{held.words}: {reason}; nothing was sent" for held in self.held]
        for held in self.held:
            held.countdown.drop(reason)
        said += [
            f"{action.verb} {action.object_name}: {reason} before its answer; it may have been done"
            for action in self._sending
        ]
        return said
