"""The generic view of a list: a table with a filter, and the row under the cursor in full beside, below or over it.

A subclass says what its rows are, how they look, and what may be done with them; a flat resource needs nothing else.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.resource import Changes
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.document import Section
from colonies_tui.ui.filter import Fields, FilterError, parse_filter
from colonies_tui.ui.filter_shelf import Filterable
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.views.bulk import marked_rows, row_to_act_on
from colonies_tui.ui.views.view import WIDE, View, explain_table, touches
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule

Row = TypeVar("Row")

TALL = 28
"""From so many lines on, a detail that has no room beside its list stands below it."""


class ListView(View, Generic[Row]):
    """A list of rows with their detail."""

    KIND: ClassVar[str] = ""
    """What a row is, in the word of locators; empty for what no locator names."""
    THINGS: ClassVar[str]
    """What the rows are, in the plural and in lower case."""
    EMPTY_HINT: ClassVar[str] = ""
    """What to do when there are none."""
    RESOURCES: ClassVar[frozenset[str]]
    """Resources whose changes can change a row."""
    DETAIL_RESOURCES: ClassVar[frozenset[str]] = frozenset()
    """Resources whose changes can change only the detail."""
    SORT: ClassVar[tuple[str, bool] | None] = ("name", False)
    TICKS: ClassVar[bool] = False
    """Whether rows are to be made anew each second."""
    BELOW_WHEN_TALL: ClassVar[bool] = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rows: dict[str, Row] = {}
        self._shown = ""
        self._wanted: Callable[[Row], bool] | None = None

    # -- what a subclass says ----------------------------------------------------------------------------------------

    @abstractmethod
    def make_columns(self) -> Sequence[Column[Row]]:
        """Return the columns."""

    @abstractmethod
    def make_rows(self) -> dict[str, Row]:
        """Return all rows by id, as of now."""

    @abstractmethod
    def freshness(self) -> Freshness:
        """Return how sure the rows are."""

    @abstractmethod
    def fields(self) -> Fields[Row]:
        """Return what a filter can ask for."""

    @abstractmethod
    def row_title(self, row: Row) -> str:
        """Return what a row is called; not cleaned."""

    @abstractmethod
    def sections(self, row: Row) -> Sequence[Section]:
        """Return a row in full."""

    def title(self) -> str:
        """Return the title of the list, without its count."""
        return self.TITLE

    def title_pieces(self) -> list[RulePiece]:
        """Return facts for the title."""
        return []

    def is_shown(self, row: Row) -> bool:
        """Whether a row is listed when no filter is set."""
        return True

    def hidden_words(self) -> str:
        """Return the word for rows that are not on show."""
        return "hidden"

    def reason_for_nothing(self) -> str:
        """Return what hides rows when none are on show: the filter, or what else it is."""
        return self.filter_text

    def chosen_changed(self) -> None:
        """Another row is shown in full."""

    def compose_side(self) -> ComposeResult:
        """What stands under the detail."""
        yield from ()

    # -- parts -------------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield from self.compose_top()
        with Container(classes="list--body"):
            with Vertical(classes="list--list"):
                yield TitleRule(self.TITLE, classes="list--rule")
                yield LiveTable(self.make_columns(), sort=self.SORT, clock=self.context.clock, id=f"{self.KEY}-table")
            with Vertical(classes="list--side"):
                yield TitleRule("", classes="list--detail-rule")
                yield DetailPane(classes="list--detail")
                yield from self.compose_side()

    def compose_top(self) -> ComposeResult:
        """What stands above the list."""
        yield from ()

    @property
    def table(self) -> LiveTable[Row]:
        """The list."""
        return self.query_one(f"#{self.KEY}-table", LiveTable)

    @property
    def detail(self) -> DetailPane:
        """The row in full."""
        return self.query_one(".list--detail", DetailPane)

    def main_pane(self) -> Widget:
        return self.detail if self.has_class("-detail") else self.table

    def on_mount(self) -> None:
        """Hide what is not listed at first."""
        self.apply_filter()

    # -- showing -----------------------------------------------------------------------------------------------------

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        if touches(changes, self.RESOURCES):
            self.show_rows()
        if touches(changes, self.RESOURCES | self.DETAIL_RESOURCES):
            self.show_detail()
        self.refresh_bindings()

    def tick(self) -> None:
        if self.TICKS:
            self.show_rows()
        self.show_detail()

    def show_rows(self) -> None:
        """Bring the table up to date."""
        rows = self.make_rows()
        same_order = list(rows) == list(self._rows) if self.SORT is None else True
        self.table.update_rows(rows, diff_rows(self._rows, rows) if same_order else None, self.now)
        self._rows = rows
        self.explain()
        self._show_title()

    def explain(self) -> None:
        """Tell the table what to say where it has no rows."""
        explain_table(
            self.table,
            self.freshness(),
            things=self.THINGS,
            hint=self.EMPTY_HINT,
            server=str(self.session.client.address),
            filter_text=self.reason_for_nothing(),
        )

    def _show_title(self) -> None:
        pieces = []
        if self.filter_text:
            pieces.append(RulePiece.of(f"/ {plain(self.filter_text)}", "text"))
        if self.table.hidden_count:
            pieces.append(RulePiece.of(f"{grouped(self.table.hidden_count)} {self.hidden_words()}", rank=1))
        pieces += self.title_pieces()
        if self.table.marks:
            pieces.append(RulePiece.of(f"{len(self.table.marks)} marked", "text"))
        title = f"{self.title()} · {grouped(self.table.row_count)}"
        self.query_one(".list--rule", TitleRule).show(title, pieces)

    def show_detail(self, *, from_top: bool = False) -> None:
        """Bring the detail up to date."""
        row = self._rows.get(self._shown)
        rule = self.query_one(".list--detail-rule", TitleRule)
        if row is None:
            rule.show("")
            self.detail.show([])
            return
        rule.show(plain(self.row_title(row)))
        self.detail.show(self.sections(row), from_top=from_top)

    # -- filter ------------------------------------------------------------------------------------------------------

    def can_filter(self) -> bool:
        return True

    def filterable(self) -> Filterable:
        return Filterable(self.KEY, self.fields(), self.table.rows.values())

    def filter_names(self) -> Sequence[str]:
        return self.fields().names

    def set_filter(self, text: str) -> str | None:
        try:
            self._wanted = parse_filter(text, self.fields(), self.context.clock)
        except FilterError as error:
            return str(error)
        self.filter_text = text.strip()
        self.apply_filter()
        return None

    def apply_filter(self) -> None:
        """Show the rows that are listed and pass the filter."""
        wanted = self._wanted
        self.table.set_filter(lambda row: self.is_shown(row) and (wanted is None or wanted(row)))
        self.explain()
        self._show_title()

    # -- the row that is shown ---------------------------------------------------------------------------------------

    @property
    def is_wide(self) -> bool:
        """Whether the detail stands beside the list."""
        return self.size.width >= WIDE

    @property
    def is_tall(self) -> bool:
        """Whether the detail stands below the list."""
        return self.BELOW_WHEN_TALL and not self.is_wide and self.size.height >= TALL

    def on_resize(self, event: events.Resize) -> None:
        """Put the detail beside the list, below it, or over it."""
        self.set_class(self.is_wide, "-wide")
        self.set_class(self.is_tall, "-tall")
        if self.is_wide or self.is_tall:
            self.show_in_full(self._shown or self.table.cursor_id or "")

    @property
    def chosen(self) -> Row | None:
        """The row that keys act on."""
        return self._rows.get(self._shown) if self.has_class("-detail") else self.table.cursor_row

    @property
    def target(self) -> Row | None:
        """The row that an action is about: in the list, the only marked one before the one under the cursor."""
        return self.chosen if self.has_class("-detail") else row_to_act_on(self.table)

    @property
    def marked(self) -> dict[str, Row]:
        """The rows that an action is about when several are marked; none in the detail."""
        return {} if self.has_class("-detail") else marked_rows(self.table)

    def copied(self) -> str:
        return self._shown if self.has_class("-detail") else self.table.copied

    def show_in_full(self, row_id: str) -> None:
        """Show another row in the detail."""
        if row_id != self._shown:
            self._shown = row_id
            self.chosen_changed()
            self.show_detail(from_top=True)

    def enter_detail(self) -> None:
        """Move into the detail."""
        self.add_class("-detail")
        self.detail.focus()

    @on(LiveTable.CursorMoved)
    def _cursor_moved(self, event: LiveTable.CursorMoved) -> None:
        if event.table is not self.table:
            return
        event.stop()
        if not self.has_class("-detail"):
            self.show_in_full(event.id or "")
        self.refresh_bindings()

    @on(LiveTable.MarksChanged)
    def _marks_changed(self, event: LiveTable.MarksChanged) -> None:
        event.stop()
        self._show_title()
        self.refresh_bindings()

    @on(LiveTable.Opened)
    def _opened(self, event: LiveTable.Opened) -> None:
        if event.table is not self.table:
            return
        event.stop()
        with self.moving():
            self.show_in_full(event.id)
            self.open_row(event.id)

    def open_row(self, row_id: str) -> None:
        """A row was opened."""
        self.enter_detail()

    def open_target(self, target: Target) -> None:
        if not target.id:
            return
        if not self.table.move_to(target.id):
            self.set_filter("")
            self.table.move_to(target.id)
        self.show_in_full(target.id)
        if not self.is_wide and not self.is_tall:
            self.enter_detail()

    def at(self) -> tuple[str, str]:
        return self.KIND, (self._shown if self.has_class("-detail") else self.table.cursor_id) or ""

    def opened(self) -> str:
        return self._shown if self.has_class("-detail") else ""

    def reopen(self, object_id: str) -> None:
        if object_id:
            self.show_in_full(object_id)
        self.set_class(bool(object_id), "-detail")

    def go_back(self) -> bool:
        if self.has_class("-detail"):
            self.remove_class("-detail")
            self.table.focus()
            return True
        if self.filter_text:
            self.set_filter("")
            return True
        return False
