"""A message stands in the middle of its pane, in plain words, at any size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import ComposeResult

from colonies_tui.ui.format.glyphs import UNICODE
from colonies_tui.ui.styles import RoleStyles
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.themes import THEMES
from colonies_tui.ui.widgets.message_pane import MessagePane, PaneMessage, message_strips

ROLES = RoleStyles(THEMES[0].variables)


@given(st.text(max_size=120), st.text(max_size=200), st.integers(0, 90), st.integers(0, 12))
def test_a_message_fills_its_pane_exactly(title: str, hint: str, width: int, height: int) -> None:
    strips = message_strips(PaneMessage("empty", title, hint), width, height, ROLES, UNICODE)
    assert len(strips) == height
    assert all(cell_len(strip.text) == width for strip in strips)


def test_a_long_hint_is_wrapped_between_words() -> None:
    hint = "switch to the key of the colony owner with p, or ask whoever holds it"
    strips = message_strips(PaneMessage("forbidden", "You may not see this", hint), 40, 9, ROLES, UNICODE)
    words = " ".join(" ".join(strip.text for strip in strips).split())
    assert words == f"⊘ You may not see this {hint}"


class Page(ThemedApp[None]):
    """An app with one pane."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = MessagePane(PaneMessage("loading", "Loading processes"))

    def compose(self) -> ComposeResult:
        yield self.pane


async def test_the_pane_says_something_else_when_told() -> None:
    app = Page()
    async with app.run_test(size=(40, 10)) as pilot:

        def text() -> str:
            return "\n".join(strip.text for strip in app.pane.render_lines(app.pane.size.region))

        await pilot.pause()
        assert "Loading processes" in text()
        app.pane.show(PaneMessage("empty", "No [b]process[/foo]", "submit one with n"))
        await pilot.pause()
        assert "No [b]process[/foo]" in text()
        assert app.pane.message.kind == "empty"
        app.theme = "colonies-light"
        await pilot.resize_terminal(30, 5)
        await pilot.pause()
        assert "submit one with n" in text()
