"""JSON edited over the screen, checked as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.json_colours import NAME, editor_theme
from colonies_tui.ui.styles import RoleStyles

T = TypeVar("T")

_PAUSE = 0.15
"""Seconds after the last key before the text is checked."""


class JsonEditor(ModalScreen[T | None], Generic[T]):
    """Edits a text until it reads as what is wanted; returns that, or ``None`` when it was left."""

    DEFAULT_CSS = """
    JsonEditor {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 100;
            max-width: 96%;
            height: 90%;
            padding: 0 1;
            background: $surface;
            border: solid $text-faint;
            border-title-color: $foreground;
            border-title-background: $surface;
            border-title-style: bold;
        }
        & TextArea { height: 1fr; border: none; padding: 0; background: $surface; }
        & TextArea:focus { border: none; }
        & .editor--verdict { height: auto; max-height: 3; color: $state-success; background: $surface; }
        & .editor--verdict.-wrong { color: $tone-error; }
        & .editor--keys { height: 1; color: $text-dim; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False, priority=True, id="editor.leave"),
        Binding("ctrl+s", "accept", "go on", show=False, priority=True, id="editor.accept"),
    ]

    def __init__(self, title: str, text: str, read: Callable[[str], T], *, accept: str = "go on") -> None:
        """
        Args:
            title: what is edited; plain text.
            text: what stands there at first.
            read: returns what the text means; raises ``ValueError`` that says what is wrong, and where.
            accept: word for going on.
        """
        super().__init__()
        self._title_text = title
        self._text = text
        self._read = read
        self._accept = accept
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        box = Vertical()
        box.border_title = Content(plain(self._title_text))
        with box:
            yield TextArea(
                self._text, language="json", theme="css", show_line_numbers=True, tab_behavior="indent", soft_wrap=False
            )
            yield Static("", classes="editor--verdict", markup=False)
            yield Static(
                Content.assemble(("ctrl-s", "bold"), f" {self._accept}   ", ("esc", "bold"), " leave without sending"),
                classes="editor--keys",
            )

    def on_mount(self) -> None:
        """Check what stands there at first."""
        area = self.query_one(TextArea)
        area.register_theme(editor_theme(RoleStyles.current(None, self.app)))
        area.theme = NAME
        area.focus()
        self._verdict()

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._verdict)

    def _verdict(self) -> T | None:
        words = self.query_one(".editor--verdict", Static)
        try:
            value = self._read(self.query_one(TextArea).text)
        except ValueError as error:
            words.add_class("-wrong")
            words.update(Content(plain(str(error))))
            return None
        words.remove_class("-wrong")
        words.update(Content("valid"))
        return value

    def action_accept(self) -> None:
        """Go on with what is valid."""
        value = self._verdict()
        if value is not None:
            self.dismiss(value)

    def action_leave(self) -> None:
        """Leave without going on."""
        self.dismiss(None)
