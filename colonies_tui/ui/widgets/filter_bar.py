"""A line to type a filter or a search in. It appears when it is asked for and tells every change at once."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from colonies_tui.config.errors import ConfigError
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.filter import FilterError, expand
from colonies_tui.ui.filter_completion import Candidate, candidates, ghost
from colonies_tui.ui.filter_shelf import Filterable, FilterShelf
from colonies_tui.ui.fit import cut, width_of
from colonies_tui.ui.notify import say

CANDIDATE_CELLS: Final = 24
"""Most cells of one candidate."""


class FilterBar(Horizontal):
    """``/ type=gpu              gpu 41 · gpu-large 3``. Enter keeps the text, Escape clears it; both close the bar."""

    DEFAULT_CSS = """
    FilterBar {
        display: none;
        height: 1;
        background: $surface;
        & > .filter--prefix { width: auto; padding: 0 1; color: $accent; text-style: bold; }
        & > .filter--note { width: auto; padding: 0 1; color: $text-dim; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        & > Input > .input--suggestion { color: $text-faint; text-style: none; }
        &.-open { display: block; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "clear", id="filter.cancel"),
        Binding("tab", "take", "complete", id="filter.take"),
        Binding("up", "recall(-1)", "earlier filters", id="filter.earlier"),
        Binding("down", "recall(1)", "later filters", show=False, id="filter.later"),
        Binding("ctrl+s", "save", "save", id="filter.save"),
    ]

    class FilterChanged(Message):
        """The text is different; saved filters in it are put in their places."""

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

    class _Ghost(Suggester):
        """How the text would go on, drawn after it."""

        def __init__(self, bar: FilterBar) -> None:
            super().__init__(use_cache=False, case_sensitive=True)
            self._bar = bar

        async def get_suggestion(self, value: str) -> str | None:
            return ghost(value, self._bar.candidates_for(value))

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
        self._filterable: Filterable | None = None
        self._shelf: FilterShelf | None = None
        self._draft = ""
        """What was typed before earlier filters were gone through."""
        self._back = 0
        """How many filters back the shown one is; 0 for what is being typed."""
        self._to_name: str | None = None
        """The filter that a name is being typed for."""
        self._problem = ""
        """What the list says is wrong with the text that it was told last."""
        self._unknown = ""
        """What is wrong with a saved filter in the text; the list is not told of it."""

    def compose(self) -> ComposeResult:
        """Prefix, input, note."""
        yield Static(Content(self._prefix), classes="filter--prefix", markup=False)
        yield Input(compact=True, select_on_focus=False, suggester=self._Ghost(self))
        yield Static("", classes="filter--note", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether the bar is there."""
        return self.has_class("-open")

    @property
    def text(self) -> str:
        """What is typed."""
        return self._field.value

    @property
    def _field(self) -> Input:
        return self.query_one(Input)

    def open(self, text: str = "", filterable: Filterable | None = None, shelf: FilterShelf | None = None) -> None:
        """Appear with a text to go on from, and take the focus.

        Args:
            text: to go on from.
            filterable: the list that is filtered; ``None`` where a text is searched for.
            shelf: earlier and saved filters.
        """
        self._filterable, self._shelf = filterable, shelf
        self._told = plain(text)
        self._problem = self._unknown = ""
        self._leave_naming()
        self._write(self._told)
        self._draft, self._back = "", 0
        self.add_class("-open")
        self.refresh_bindings()
        self._field.focus()

    def close(self) -> None:
        """Go without a word."""
        self.remove_class("-open")
        self._leave_naming()
        self._say("")

    def note(self, text: str) -> None:
        """Say what is wrong with the text, plain text; with nothing wrong, the bar says how the text can go on."""
        self._problem = text
        if self._to_name is None:
            self._say(self._unknown or text or self._ways_on())

    def candidates_for(self, text: str) -> list[Candidate]:
        """Return how a text can go on."""
        if self._filterable is None or self._to_name is not None:
            return []
        saved = self._shelf.saved(self._filterable.name) if self._shelf is not None else {}
        return candidates(text, self._filterable.fields, self._filterable.rows, saved)

    def _ways_on(self) -> str:
        """Return as many candidates as half of the bar has room for."""
        room = max(self.size.width // 2 - 2, CANDIDATE_CELLS)
        shown = ""
        for way in self.candidates_for(self.text):
            longer = f"{shown} · {cut(way.shown, CANDIDATE_CELLS)}" if shown else cut(way.shown, CANDIDATE_CELLS)
            if width_of(longer) > room:
                return f"{shown} · …" if width_of(shown) + 4 <= room else shown
            shown = longer
        return shown

    def _say(self, text: str) -> None:
        self.query_one(".filter--note", Static).update(Content(text))

    def _write(self, text: str) -> None:
        self._field.value = text
        self._field.cursor_position = len(text)

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A search has no fields, and names are neither completed nor recalled."""
        if action in ("take", "recall", "save"):
            return self._filterable is not None and self._to_name is None
        return True

    def action_cancel(self) -> None:
        """Clear the text and go; while a name is typed, go back to the filter."""
        if self._to_name is not None:
            self._leave_naming()
            return
        self._tell("")
        self._close("")

    def action_take(self) -> None:
        """Take the first candidate."""
        found = self.candidates_for(self.text)
        if found:
            self._write(found[0].text)

    def action_recall(self, step: int) -> None:
        """Go through what was filtered before."""
        if self._shelf is None or self._filterable is None:
            return
        recent = self._shelf.recent(self._filterable.name)
        back = min(max(self._back - step, 0), len(recent))
        if back == self._back:
            return
        if not self._back:
            self._draft = self.text
        self._back = back
        self._write(recent[-back] if back else self._draft)

    def action_save(self) -> None:
        """Ask for a name to save the filter under."""
        if self._shelf is None or self._filterable is None:
            return
        if self._shelf.all_saved() is not None and self._shelf.problem:
            say(self.app, self._shelf.problem, "error")
        elif not self.text.strip():
            self._say("there is no filter to save")
        elif not self._problem and not self._unknown:
            self._to_name = self.text.strip()
            self._show_prefix("save as")
            self._write("")
            self._say("a name; *name is this filter then")
            self.refresh_bindings()

    def _leave_naming(self) -> None:
        if self._to_name is not None:
            text, self._to_name = self._to_name, None
            self._show_prefix(self._prefix)
            self._write(text)
            self._say("")
            self.refresh_bindings()

    def _show_prefix(self, text: str) -> None:
        self.query_one(".filter--prefix", Static).update(Content(text))

    def _save_as(self, name: str) -> None:
        if self._shelf is None or self._filterable is None or self._to_name is None:
            return
        try:
            text = expand(self._to_name, self._shelf.saved(self._filterable.name))
            self._shelf.save(self._filterable.name, name.removeprefix("*"), text)
        except ConfigError as error:
            say(self.app, str(error), "error")
            return
        except ValueError as error:
            self._say(str(error))
            return
        self._leave_naming()
        say(self.app, f"filter saved as *{name.removeprefix('*')}")

    # -- what is typed -----------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the new text."""
        event.stop()
        clean = plain(event.value)
        if clean != event.value:  # pasted: nothing in it may reach the terminal as a control sequence
            event.input.value = clean
        elif self.is_open and self._to_name is None:
            self._hear(clean)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the text and go; a name is saved, and the filter is there again."""
        event.stop()
        if self._to_name is not None:
            self._save_as(event.value.strip())
            return
        text = self._hear(event.value)
        if text is None:
            return
        if self._shelf is not None and self._filterable is not None:
            self._shelf.remember(self._filterable.name, text)
        self._close(text)

    def _hear(self, text: str) -> str | None:
        """Tell a text with saved filters in their places, and return it; ``None`` when one is not there."""
        self._unknown = ""
        if self._shelf is not None and self._filterable is not None:
            try:
                text = expand(text, self._shelf.saved(self._filterable.name))
            except FilterError as error:
                is_begun = bool(self.candidates_for(text))
                self._unknown = "" if is_begun else str(error)
                self.note(self._problem)
                return None
        if not self._tell(text):
            self.note(self._problem)
        return text

    def _tell(self, text: str) -> bool:
        """Tell a text that is different; return whether it is."""
        if text == self._told:
            return False
        self._told = text
        self.post_message(self.FilterChanged(self, text))
        return True

    def _close(self, text: str) -> None:
        self.close()
        self.post_message(self.Closed(self, text))
