"""A document with choices: the cursor goes from one to the next, stays where it is, and opens what it is on."""

from __future__ import annotations

from textual.app import ComposeResult

from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.spans import Span
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.choice_pane import ChoicePane
from tests.ui.console.driver import drain, strike


def choice(name: str) -> Field:
    return Field("", [Span("go to "), Span(name, "text", name)])


def plain(count: int) -> list[Field]:
    return [Field.of("", f"line {number}") for number in range(count)]


async def press(app: PaneApp, key: str) -> None:
    """Press one of many keys: what it brings about is waited for, not the processor's rest."""
    strike(app, key)
    await drain(app)
    await app.animator.wait_until_complete()
    await drain(app)


class PaneApp(ThemedApp[None]):
    def __init__(self, sections: list[Section]) -> None:
        super().__init__()
        self._sections = sections
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield ChoicePane(self._sections)

    def on_choice_pane_chosen(self, event: ChoicePane.Chosen) -> None:
        self.chosen.append(event.zone)

    @property
    def pane(self) -> ChoicePane:
        return self.query_one(ChoicePane)


async def test_keys_go_from_choice_to_choice_and_open_them() -> None:
    app = PaneApp([Section("", [choice("a"), *plain(2), choice("b"), choice("c")])])
    async with app.run_test(size=(40, 12)) as pilot:
        app.pane.focus()
        assert app.pane.zone == "a"
        await pilot.press("j", "down", "enter", "k", "enter")
        assert app.chosen == ["c", "b"]
        await pilot.press("up", "up", "enter")
        assert app.chosen[-1] == "a"


async def test_what_is_out_of_sight_is_scrolled_to_before_it_is_chosen() -> None:
    app = PaneApp([Section("", [choice("a"), *plain(20), choice("b"), *plain(20)])])
    async with app.run_test(size=(40, 10)) as pilot:
        app.pane.focus()
        await pilot.pause()
        await pilot.press("j")
        await pilot.pause()
        assert (app.pane.zone, app.pane.scroll_offset.y) == ("a", 1)
        for _ in range(40):
            await press(app, "j")
            if app.pane.zone == "b":
                break
        await pilot.pause()
        top = app.pane.scroll_offset.y
        assert app.pane.zone == "b"
        assert top <= 21 < top + 10, "it is in sight"
        for _ in range(60):
            await press(app, "j")
        assert app.pane.scroll_offset.y == app.pane.max_scroll_y, "and what follows it can be read"


async def test_the_cursor_stays_on_its_choice_while_others_come_and_go() -> None:
    app = PaneApp([Section("", [choice("b")])])
    async with app.run_test(size=(40, 12)) as pilot:
        pane = app.pane
        pane.focus()
        pane.show([Section("", [choice("a"), choice("b")])])
        await pilot.pause()
        assert pane.zone == "a", "until it is moved, it is on what comes first"
        await pilot.press("j")
        pane.show([Section("", [choice("x"), choice("a"), *plain(3), choice("b")])])
        await pilot.pause()
        assert pane.zone == "b"
        pane.show([Section("", [choice("x")])])
        await pilot.pause()
        assert pane.zone == "x"
        pane.show([Section("", plain(2))])
        await pilot.pause()
        assert pane.zone == ""
        await pilot.press("enter", "j", "k")
        assert app.chosen == []


async def test_a_click_chooses_and_a_second_one_opens() -> None:
    app = PaneApp([Section("", [choice("a"), choice("b")])])
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.click(ChoicePane, offset=(7, 1))
        assert app.pane.zone == "b"
        assert app.chosen == []
        await pilot.click(ChoicePane, offset=(7, 1))
        assert app.chosen == ["b"]
        await pilot.click(ChoicePane, offset=(2, 0))
        await pilot.click(ChoicePane, offset=(2, 9))
        assert app.pane.zone == "b"
