"""What is painted by itself: one frame for all of a turn, no messages, and the usual way where that is not enough."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult
from textual.screen import ModalScreen

from colonies_tui.ui.line_screen import LineScreen, repaint
from colonies_tui.ui.spans import Line, Span
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.line_widget import LineWidget


class Words(LineWidget):
    """Says something."""

    words = "before"

    def compose_line(self, width: int) -> Line:
        return [Span(self.words)]

    def say(self, words: str) -> None:
        self.words = words
        repaint(self)


class Lines(LineScreen[None]):
    """Two lines; counts its frames."""

    frames = 0

    def compose(self) -> ComposeResult:
        yield Words(id="first")
        yield Words(id="second")

    def _compositor_refresh(self) -> None:
        self.frames += 1
        super()._compositor_refresh()

    @property
    def text(self) -> list[str]:
        return [strip.text.strip() for strip in self._compositor.render_strips()[:2]]


class Shown(ThemedApp[None]):
    """Shows them."""

    def get_default_screen(self) -> Lines:
        return Lines()


def lines(app: App[None]) -> tuple[Lines, Words, Words]:
    screen = app.screen_stack[0]
    assert isinstance(screen, Lines)
    return screen, screen.query_one("#first", Words), screen.query_one("#second", Words)


async def test_all_changes_of_a_turn_are_one_frame_and_nobody_is_sent_a_message() -> None:
    app = Shown()
    async with app.run_test() as pilot:
        await pilot.pause()
        screen, first, second = lines(app)
        before = screen.frames
        first.say("one")
        second.say("two")
        waiting = [node._message_queue.qsize() for node in (first, second, screen)]
        await asyncio.sleep(0)
        assert waiting == [0, 0, 0]
        assert screen.frames == before + 1
        assert screen.text == ["one", "two"]


async def test_under_a_dialog_and_with_a_layout_to_come_it_is_painted_the_usual_way() -> None:
    app = Shown()
    async with app.run_test() as pilot:
        screen, first, second = lines(app)
        await app.push_screen(ModalScreen[None]())
        first.say("one")
        await pilot.pause()
        await app.pop_screen()
        await pilot.pause()
        assert screen.text[0] == "one"
        screen.refresh(layout=True)
        second.say("two")
        await pilot.pause()
        assert screen.text == ["one", "two"]


async def test_one_that_is_gone_before_its_frame_is_left_out() -> None:
    app = Shown()
    async with app.run_test() as pilot:
        await pilot.pause()
        screen, first, second = lines(app)
        first.say("one")
        second.say("two")
        await first.remove()
        await pilot.pause()
        assert screen.text[0] == "two"
