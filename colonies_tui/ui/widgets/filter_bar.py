"""A line to type a filter or a search in. It appears when it is asked for and tells every change at once."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from colonies_tui.protocol.plaintext import plain


class FilterBar(Horizontal):
    """``/ type=gpu                 38 hidden``. Enter keeps the text, Escape clears it; both close the bar."""

    DEFAULT_CSS = """
    FilterBar {
        display: none;
        height: 1;
        background: $surface;
        & > .filter--prefix { width: auto; padding: 0 1; color: $accent; text-style: bold; }
        & > .filter--note { width: auto; padding: 0 1; color: $text-dim; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        &.-open { display: block; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "clear", id="filter.cancel"),
    ]

    class FilterChanged(Message):
        """The text is different."""

        def __init__(self, bar: FilterBar, text: str) -> None:
            super().__init__()
            self.bar = bar
            self.text = text

        @property
        def control(self) -> FilterBar:
            """The bar."""
            return self.bar

    class Closed(Message):
        """The bar has gone; the pane that it filters should have the focus again."""

        def __init__(self, bar: FilterBar, text: str) -> None:
            super().__init__()
            self.bar = bar
            self.text = text
            """The text that was kept; empty when it was cleared."""

        @property
        def control(self) -> FilterBar:
            """The bar."""
            return self.bar

    def __init__(
        self,
        *,
        prefix: str = "/",
        id: str | None = None,  # noqa: A002 (Textual's own name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._prefix = prefix
        self._told = ""

    def compose(self) -> ComposeResult:
        """Prefix, input, note."""
        yield Static(Content(self._prefix), classes="filter--prefix", markup=False)
        yield Input(compact=True, select_on_focus=False)
        yield Static("", classes="filter--note", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether the bar is there."""
        return self.has_class("-open")

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def open(self, text: str = "") -> None:
        """Appear with a text to go on from, and take the focus."""
        field = self.query_one(Input)
        self._told = text = plain(text)
        field.value = text
        field.cursor_position = len(text)
        self.add_class("-open")
        field.focus()

    def note(self, text: str) -> None:
        """Say something short at the right, such as how many rows match; plain text."""
        self.query_one(".filter--note", Static).update(Content(text))

    def action_cancel(self) -> None:
        """Clear the text and go."""
        self._tell("")
        self._close("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the new text."""
        event.stop()
        clean = plain(event.value)
        if clean != event.value:  # pasted: nothing in it may reach the terminal as a control sequence
            event.input.value = clean
        elif self.is_open:
            self._tell(clean)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the text and go."""
        event.stop()
        self._tell(event.value)
        self._close(event.value)

    def _tell(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self.post_message(self.FilterChanged(self, text))

    def _close(self, text: str) -> None:
        self.remove_class("-open")
        self.note("")
        self.post_message(self.Closed(self, text))
