"""Runs one widget in an application of its own, headless, and lets a measurement wait until it is painted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from textual.app import ComposeResult
from textual.widget import Widget

from colonies_tui.ui.themed_app import ThemedApp

T = TypeVar("T")
SIZE = (160, 50)


class OneWidget(ThemedApp[None]):
    """An application that shows one widget."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        """Show the widget."""
        yield self.widget

    async def painted(self) -> None:
        """Return when everything that is to be painted has been.

        A widget tells the screen that it is dirty only when it has nothing else to do, and a change may bring about
        another: so this goes through the queues of both, more than once.
        """
        for pump in (self.widget, self.screen, self.screen):
            done = asyncio.Event()
            pump.call_after_refresh(done.set)
            await done.wait()


def run_headless(widget: Callable[[], Widget], body: Callable[[OneWidget], Awaitable[T]]) -> T:
    """Run ``body`` while an application shows the widget, and return what it returns."""

    async def run() -> T:
        app = OneWidget(widget())
        async with app.run_test(size=SIZE):
            await app.painted()
            return await body(app)

    return asyncio.run(run())
