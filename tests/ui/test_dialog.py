from __future__ import annotations

from dataclasses import replace

import pytest
from textual.app import ComposeResult
from textual.widgets import Input, Static

from colonies_tui.store.equivalent import Commands
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.glyphs import ASCII, UNICODE
from colonies_tui.ui.spans import Span
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.dialog import Choice, ChoiceKey, Dialog, Question

APPROVE = Question(
    "Approve gpu-9 [/]?\x1b[31m",
    [Choice("keep", "escape", "keep pending"), Choice("reject", "r", "reject"), Choice("approve", "a", "approve")],
    [(Field.of("type", "gpu"), Field.of("registered", "12s ago")), Field.of("identity", "7c1e [bold]\x1b[0m")],
    [(Span("It will be able to take "), Span("111 waiting processes", "strong"), Span("."))],
)
REMOVE = Question(
    "Remove colony tiger?",
    [Choice("keep", "escape", "keep it"), Choice("remove", "x", "remove", "failed")],
    [Field.of("executors", "38")],
    grade="typed",
    name_to_type="tiger",
)


class AskingApp(ThemedApp[None]):
    """Asks one question."""

    def __init__(self, question: Question, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.question = question
        self.alphabet = ASCII if ascii_only else UNICODE
        self.answers: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield Static("behind")

    def on_mount(self) -> None:
        self.push_screen(Dialog(self.question), self.answers.append)


def screen_text(app: AskingApp) -> str:
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("a", "approve"),
        ("r", "reject"),
        ("escape", "keep"),
        ("enter", "keep"),
        ("right,enter", "reject"),
        ("left,space", "approve"),
        ("tab,tab,enter", "approve"),
    ],
)
async def test_keys_answer(keys: str, answer: str) -> None:
    app = AskingApp(APPROVE)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*keys.split(","))
        await pilot.pause()
        assert app.answers == [answer]


async def test_other_keys_do_nothing_and_a_click_answers() -> None:
    app = AskingApp(APPROVE)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("y", "A", "q", "1")
        assert app.answers == []
        await pilot.click("#choice-reject")
        await pilot.pause()
        assert app.answers == ["reject"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (46, 20)])
async def test_everything_can_be_read(size: tuple[int, int]) -> None:
    app = AskingApp(APPROVE)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = screen_text(app)
        for words in ("Approve gpu-9 [/]?␛[31m", "7c1e [bold]␛[0m", "111", "esc keep pending", "r reject", "a approve"):
            assert words in text
        assert "\x1b" not in text


async def test_a_name_has_to_be_typed_first() -> None:
    app = AskingApp(REMOVE)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        remove = app.screen.query_one("#choice-remove", ChoiceKey)
        assert app.screen.query_one(Input).has_focus
        await pilot.press(*"tigex", "enter")
        assert remove.disabled
        await pilot.press("backspace", "r", "enter")
        assert remove.has_focus, "it can be chosen now"
        assert app.answers == []
        await pilot.press("x")
        await pilot.pause()
        assert app.answers == ["remove"]


async def test_a_letter_in_the_name_is_not_an_answer() -> None:
    app = AskingApp(REMOVE)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"xtiger")
        assert app.screen.query_one(Input).value == "xtiger"
        await pilot.click("#choice-remove")
        assert app.answers == []
        await pilot.press("escape")
        await pilot.pause()
        assert app.answers == ["keep"]


async def test_danger_and_ascii_have_their_borders() -> None:
    app = AskingApp(REMOVE, ascii_only=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        box = app.screen.query_one(".dialog--box")
        assert box.has_class("-danger", "-ascii")
        assert "┌" not in screen_text(app)


async def test_a_document_scrolls_and_keeps_its_place() -> None:
    class DetailApp(ThemedApp[None]):
        def compose(self) -> ComposeResult:
            yield DetailPane([Section("", [Field.of(f"field {number}", "x") for number in range(100)])])

    app = DetailApp()
    async with app.run_test(size=(40, 10)) as pilot:
        pane = app.query_one(DetailPane)
        pane.focus()
        await pilot.pause()
        await pilot.press("ctrl+d", "ctrl+d")
        await pilot.pause()
        assert pane.scroll_offset.y == 10
        assert pane.render_line(0).text.startswith(" field 10")
        pane.show([Section("", [Field.of(f"field {number}", "y") for number in range(100)])])
        await pilot.pause()
        assert pane.scroll_offset.y == 10
        assert pane.render_line(0).text.rstrip() == " field 10  y"
        await pilot.resize_terminal(30, 10)
        await pilot.pause()
        assert pane.render_line(0).cell_length == pane.scrollable_content_region.width
        pane.show([Section("", [Field.of("other", "z")])], from_top=True)
        await pilot.pause()
        assert pane.scroll_offset.y == 0
        assert pane.render_line(0).text.rstrip() == " other  z"
        assert pane.render_line(5).text.strip() == ""


async def test_long_commands_leave_room_for_the_answers_and_are_copied_whole() -> None:
    commands = [Commands(f"call {number} {'x' * 2000}", f"official {number} {'y' * 2000}") for number in range(9)]
    app = AskingApp(replace(APPROVE, commands=commands))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("i")
        await pilot.pause()
        text = screen_text(app)
        assert "keep pending" in text
        assert "… and 6 commands more; they are copied too" in text
        await pilot.press("C")
        await pilot.pause()
        assert app.clipboard.splitlines() == [each.call for each in commands]
        await pilot.press("a")
        await pilot.pause()
        assert app.answers == ["approve"]
