"""Base of views with more than one list: each has a filter of its own, and the filter bar is about the focused one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.context import Context
from colonies_tui.ui.filter import Fields, FilterError, parse_filter
from colonies_tui.ui.filter_shelf import Filterable
from colonies_tui.ui.fit import cut
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece

BESIDE_FILTER: Final = 30
"""Cells of a title that are for other things than the filter."""
LEAST_FILTER: Final = 4
"""Cells that a filter gets however narrow the list is."""


class SeveralLists(View):
    """A view of several tables."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._texts: dict[str, str] = {}
        """Filters by the id of their table, without empty ones."""
        self._filtered = ""
        """Id of the table that the filter bar is about."""

    @abstractmethod
    def list_fields(self) -> Mapping[str, Fields[Any]]:
        """Return what a filter can ask of each table, by its id; the main one first."""

    def list_of(self, kind: str) -> str:
        """Return the id of the table that lists objects of a kind."""
        return next(iter(self.list_fields()))

    def _focused_list(self) -> str:
        focused = self.screen.focused
        return focused.id or "" if isinstance(focused, LiveTable) and focused.id in self.list_fields() else ""

    def _table(self, list_id: str) -> LiveTable[Any]:
        return self.query_one(f"#{list_id}", LiveTable)

    def filter_of(self, list_id: str) -> str:
        """Return the filter of a table."""
        return self._texts.get(list_id, "")

    def filter_pieces(self, list_id: str) -> list[RulePiece]:
        """Return what the title of a table says about its filter."""
        if list_id not in self._texts:
            return []
        table = self._table(list_id)
        text = cut(plain(self._texts[list_id]), max(LEAST_FILTER, table.size.width - BESIDE_FILTER))
        return [RulePiece.of(f"/ {text}", "text"), RulePiece.of(f"{grouped(table.hidden_count)} hidden", rank=1)]

    def count_of(self, list_id: str) -> str:
        """Return how many rows a table shows, and of how many where a filter hides some."""
        table = self._table(list_id)
        return grouped(table.row_count) + (f" of {grouped(len(table.rows))}" if table.hidden_count else "")

    def can_filter(self) -> bool:
        list_id = self._focused_list()
        self._filtered = list_id or self._filtered
        return bool(list_id)

    def typed_filter(self) -> str:
        return self.filter_of(self._filtered)

    def filterable(self) -> Filterable | None:
        fields = self.list_fields().get(self._filtered)
        if fields is None:
            return None
        return Filterable(f"{self.KEY} {self._filtered}", fields, self._table(self._filtered).rows.values())

    def filter_names(self) -> Sequence[str]:
        fields = self.list_fields()
        return fields[self._focused_list() or next(iter(fields))].names

    def set_filter(self, text: str) -> str | None:
        return self.set_filter_of(self._filtered or self.list_of(""), text)

    def set_filter_of(self, list_id: str, text: str) -> str | None:
        """Filter one table; return what is wrong with the text, if anything."""
        try:
            wanted = parse_filter(text, self.list_fields()[list_id], self.context.clock)
        except FilterError as error:
            return str(error)
        self._texts.pop(list_id, None)
        if text.strip():
            self._texts[list_id] = text.strip()
        if list_id == self.list_of(""):
            self.filter_text = text.strip()
        self._table(list_id).set_filter(wanted)
        self.apply(None)
        return None

    def filters(self) -> Mapping[str, str]:
        return dict(self._texts)

    def set_filters(self, texts: Mapping[str, str]) -> None:
        for list_id in self.list_fields():
            if texts.get(list_id, "") != self.filter_of(list_id):
                self.set_filter_of(list_id, texts.get(list_id, ""))

    def narrow(self, locator: Locator) -> str | None:
        return self.set_filter_of(self.list_of(locator.kind), locator.filter)

    def clear_filter(self) -> bool:
        """Show all rows of the focused table; return whether some were hidden by a filter."""
        list_id = self._focused_list()
        if list_id not in self._texts:
            return False
        self.set_filter_of(list_id, "")
        return True

    def reveal(self, list_id: str, row_id: str) -> bool:
        """Put the cursor of a table on a row, without its filter if that hides it; return whether the row is there."""
        table = self._table(list_id)
        if table.move_to(row_id):
            return True
        if row_id in table.rows:
            self.set_filter_of(list_id, "")
        return table.move_to(row_id)
