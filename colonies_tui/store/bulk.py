"""Many actions in a row: a few at a time, to be stopped, with a result for every single one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from colonies_tui.store.actions import Action, ActionResult, Actor, Outcome

AT_ONCE: Final = 4
"""Requests that are on their way at the same time."""


class BulkRun:
    """Carries actions out through an actor. Whatever happens, every action has a result when it is over."""

    def __init__(
        self,
        actor: Actor,
        actions: Sequence[Action],
        *,
        at_once: int = AT_ONCE,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """
        Args:
            actor: sends each action once.
            actions: fixed when the operator decided.
            at_once: most requests on their way.
            on_change: told when there is another result.
        """
        self._actor = actor
        self._at_once = at_once
        self._on_change = on_change
        self.actions = tuple(actions)
        self.results: list[ActionResult | None] = [None] * len(self.actions)
        self._sending: set[int] = set()
        self.why_stopped = ""
        """Why the rest is not sent, in words; empty while nothing stops it."""

    def stop(self, why: str) -> None:
        """Send nothing more; what is on its way is waited for."""
        if not self.why_stopped:
            self.why_stopped = why

    def count(self, outcome: Outcome) -> int:
        """Return how many have ended so."""
        return sum(result is not None and result.outcome is outcome for result in self.results)

    @property
    def ended(self) -> int:
        """How many have a result."""
        return sum(result is not None for result in self.results)

    async def run(self) -> None:
        """Send them, in order. When this is cancelled, what was on its way is unknown and the rest is not sent."""
        queue = iter(range(len(self.actions)))
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(min(self._at_once, len(self.actions))):
                    group.create_task(self._work(queue), name=f"bulk {number}")
        finally:
            self._give_up_the_rest()

    async def _work(self, queue: Iterator[int]) -> None:
        for place in queue:
            action = self.actions[place]
            reason = self.why_stopped or self._actor.why_not(type(action.request))
            if reason:
                self.stop(reason)
                self.results[place] = _not_sent(action, reason)
                return
            self._sending.add(place)
            self.results[place] = await self._actor.carry_out(action)
            self._sending.discard(place)
            self._on_change()

    def _give_up_the_rest(self) -> None:
        for place, action in enumerate(self.actions):
            if place in self._sending:
                words = f"{action.object_name}: it is not known whether it was {action.done} (given up here)"
                self.results[place] = ActionResult(Outcome.UNKNOWN, words)
            elif self.results[place] is None:
                self.results[place] = _not_sent(action, self.why_stopped or "given up here")
        self._sending.clear()


def _not_sent(action: Action, reason: str) -> ActionResult:
    return ActionResult(Outcome.NOT_SENT, f"{action.object_name}: not {action.done}, {reason}")
