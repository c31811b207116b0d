"""One line asked for over the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from colonies_tui.protocol.plaintext import plain


class Prompt(ModalScreen[str | None]):
    """Asks for a line; returns it, or ``None`` when it was left with escape."""

    DEFAULT_CSS = """
    Prompt {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 84;
            max-width: 96%;
            height: auto;
            padding: 0 2;
            background: $surface;
            border: solid $text-faint;
            border-title-color: $foreground;
            border-title-background: $surface;
            border-title-style: bold;
        }
        & Input { height: 1; border: none; padding: 0 1; margin: 1 0; background: $panel; }
        & Static { height: auto; color: $text-dim; background: $surface; }
        & .-wrong { color: $tone-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False, id="prompt.leave"),
    ]

    def __init__(
        self,
        title: str,
        hint: str = "",
        *,
        value: str = "",
        is_secret: bool = False,
        check: Callable[[str], str | None] = lambda text: None,
    ) -> None:
        """
        Args:
            title: what is asked; plain text.
            hint: what may be typed.
            value: what stands there at first.
            is_secret: show dots instead of what is typed.
            check: returns what is wrong with a text, ``None`` when it may be sent.
        """
        super().__init__()
        self._title_text = title
        self._hint = hint
        self._value = value
        self._is_secret = is_secret
        self._check = check

    def compose(self) -> ComposeResult:
        box = Vertical()
        box.border_title = Content(plain(self._title_text))
        with box:
            yield Input(self._value, password=self._is_secret, compact=True)
            yield Static(Content(plain(self._hint)), markup=False)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._say(None)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        wrong = self._check(event.value)
        if wrong:
            self._say(wrong)
        else:
            self.dismiss(event.value)

    def _say(self, wrong: str | None) -> None:
        words = self.query_one(Static)
        words.set_class(wrong is not None, "-wrong")
        words.update(Content(plain(wrong or self._hint)))

    def action_leave(self) -> None:
        """Ask no more."""
        self.dismiss(None)
