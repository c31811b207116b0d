"""What to open in a new tab: colonies of the profile that is open, and profiles of the keys file."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from colonies_tui.config.profile import Profile
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.format.glyphs import ASCII, alphabet_of
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.widgets.footer_keys import FooterKeys
from colonies_tui.ui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from colonies_tui.config.keys_file import ProfileEntry
    from colonies_tui.ui.colony_tab import ColonyTab


@dataclass(frozen=True, slots=True)
class TabChoice:
    """One thing to open."""

    profile: str
    """Name of the profile; as it is, not cleaned."""
    colony: str
    server: str
    is_current: bool = False
    """Whether this is what the current tab shows."""
    is_open: bool = False
    """Whether some tab shows it."""
    known: Profile | None = field(default=None, compare=False)
    """The profile with its keys, where it is open already; otherwise it stands in the keys file."""

    @property
    def key(self) -> str:
        """Names it among others."""
        return "\n".join((self.profile, self.colony, self.server))


def _columns() -> list[Column[TabChoice]]:
    return [
        Column("profile", "profile", lambda row, now: Cell(plain(row.profile), "dim"), width=14, min_width=10, flex=1),
        Column("colony", "colony", lambda row, now: Cell(plain(row.colony), "strong"), width=20, min_width=18, flex=2),
        Column("server", "server", lambda row, now: Cell(plain(row.server), "dim"), width=24, rank=2),
        Column("open", "", lambda row, now: Cell(_word(row), "dim"), width=9, rank=1),
    ]


def _word(row: TabChoice) -> str:
    return "this tab" if row.is_current else "open" if row.is_open else ""


def tab_choices(
    tabs: Sequence[ColonyTab], current: ColonyTab | None, of_file: Sequence[ProfileEntry]
) -> list[TabChoice]:
    """Return what a new tab can show: this, other colonies of this profile, what is open, the keys file.

    Args:
        tabs: what is open.
        current: the one on the screen.
        of_file: the profiles of the keys file.
    """
    filed = [TabChoice(entry.name, entry.colony, str(entry.address)) for entry in of_file]
    if current is None:
        return filed
    name, server, known = current.profile.name, str(current.profile.address), current.profile
    here = TabChoice(name, current.session.colony, server, is_current=True, known=known)
    others = [TabChoice(name, colony, server, known=known) for colony in sorted(current.session.colonies.rows)]
    shown = [
        TabChoice(tab.profile.name, tab.session.colony, str(tab.profile.address), known=tab.profile) for tab in tabs
    ]
    choices: dict[str, TabChoice] = {}
    for choice in (here, *others, *shown, *filed):
        choices.setdefault(choice.key, choice)
    are_open = {choice.key for choice in shown}
    return [dataclasses.replace(choice, is_open=choice.key in are_open) for choice in choices.values()]


class TabChooser(ModalScreen[TabChoice | None]):
    """Lists what can be opened, the current colony first; typing narrows the list."""

    DEFAULT_CSS = """
    TabChooser {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 84;
            max-width: 96%;
            height: auto;
            max-height: 86%;
            padding: 0 1;
            background: $background;
            border: solid $text-faint;
            border-title-color: $foreground;
            border-title-style: bold;
            border-title-align: left;
        }
        & > .-ascii { border: ascii $text-faint; }
        & Input { height: 1; border: none; padding: 0 1; margin-bottom: 1; background: $panel; }
        & LiveTable { height: auto; max-height: 16; min-height: 5; width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "open in a new tab", id="chooser.choose", priority=True),
        Binding("up,ctrl+p", "move(-1)", "up", show=False, priority=True, id="chooser.up"),
        Binding("down,ctrl+n", "move(1)", "down", show=False, priority=True, id="chooser.down"),
        Binding("escape", "leave", "leave", id="chooser.leave"),
    ]

    def __init__(self, choices: Sequence[TabChoice]) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._shown: dict[str, TabChoice] = {}

    def compose(self) -> ComposeResult:
        box = Vertical()
        box.border_title = Content("New tab")
        box.set_class(alphabet_of(self.app) is ASCII, "-ascii")
        with box:
            yield Input(placeholder="part of a profile's or a colony's name", compact=True)
            yield LiveTable(_columns(), sort=None, id="choices")
            yield FooterKeys(("chooser.choose", "chooser.leave"))

    @property
    def table(self) -> LiveTable[TabChoice]:
        """What can be opened."""
        return self.query_one("#choices", LiveTable)

    def on_mount(self) -> None:
        """Show everything at first."""
        table = self.table
        table.can_focus = False  # letters belong to the line above
        table.styles.height = min(len(self._choices) + 1, 16)
        self.query_one(Input).focus()
        self._show("")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    def _show(self, text: str) -> None:
        words = text.casefold().split()
        rows = {
            choice.key: choice
            for choice in self._choices
            if all(word in f"{choice.profile} {choice.colony} {choice.server}".casefold() for word in words)
        }
        table = self.table
        table.set_message("filtered", "Nothing is called that", "delete some letters")
        same_order = list(rows) == list(self._shown)
        table.update_rows(rows, diff_rows(self._shown, rows) if same_order else None, 0.0)
        self._shown = rows
        if rows:
            table.move_to(next(iter(rows)))

    @on(LiveTable.Opened)
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        self.dismiss(self._shown.get(event.id))

    def action_move(self, step: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(step)

    def action_choose(self) -> None:
        """Open what the cursor is on."""
        row = self.table.cursor_row
        if row is not None:
            self.dismiss(row)

    def action_leave(self) -> None:
        """Open nothing."""
        self.dismiss(None)
