"""Clocks that move together: they call for as long as their widget lives, and what they raise ends the app."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from colonies_tui.ui.every import every

OFTEN = 0.005


class Clocks(App[None]):
    """Two widgets with a clock each."""

    def compose(self) -> ComposeResult:
        yield Static("one", id="one")
        yield Static("two", id="two")


async def test_it_calls_again_and_again_until_its_widget_is_gone() -> None:
    app = Clocks()
    async with app.run_test():
        calls = {"one": 0, "two": 0}
        called = asyncio.Event()

        def call(name: str) -> None:
            calls[name] += 1
            called.set()

        for name in calls:
            every(app.query_one(f"#{name}"), OFTEN, lambda name=name: call(name))  # type: ignore[misc]  # bound now
        while min(calls.values()) < 3:
            called.clear()
            await called.wait()
        await app.query_one("#one").remove()
        gone, seen = calls["one"], calls["two"]
        while calls["two"] < seen + 3:
            called.clear()
            await called.wait()
        assert calls["one"] == gone


async def test_what_it_raises_ends_the_app() -> None:
    app = Clocks()
    called = asyncio.Event()

    def fail() -> None:
        called.set()
        raise ArithmeticError("of a clock")

    async def run() -> None:
        async with app.run_test():
            every(app, OFTEN, fail)
            await called.wait()

    with pytest.raises(ArithmeticError, match="of a clock"):
        await run()
