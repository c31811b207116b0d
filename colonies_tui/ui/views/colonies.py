"""Colonies: all that this profile can see, with their counters, and the users of the current one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.resource import Changes
from colonies_tui.ui.context import Context
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.tables.colonies import ColonyLine, colony_columns, user_columns
from colonies_tui.ui.views.view import View, explain_table, touches
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule


class ColoniesView(View):
    """The colonies of the server, and who is in the current one."""

    KEY = "colonies"
    TITLE = "Colonies"
    FEEDS = frozenset({"statistics", "colonies", "users"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "other_pane", "users", id="colonies.other-pane", show=False),
    ]

    class Switch(Message):
        """Ask for another colony of the same server, with the same keys."""

        def __init__(self, colony: str) -> None:
            super().__init__()
            self.colony = colony

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines: dict[str, ColonyLine] = {}

    def compose(self) -> ComposeResult:
        yield TitleRule("Colonies", id="colonies-rule")
        yield LiveTable(
            colony_columns(self.context.alphabet), sort=("name", False), clock=self.context.clock, id="colonies"
        )
        yield TitleRule("Users", id="users-rule")
        yield LiveTable(user_columns(), sort=("name", False), clock=self.context.clock, id="users")

    @property
    def table(self) -> LiveTable[ColonyLine]:
        """The colonies."""
        return self.query_one("#colonies", LiveTable)

    @property
    def users(self) -> LiveTable[Any]:
        """The users of the current colony."""
        return self.query_one("#users", LiveTable)

    def main_pane(self) -> Widget:
        return self.table

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        session = self.session
        server = str(session.client.address)
        if touches(changes, ("colonies", "colony statistics", "statistics")):
            known = dict(session.colony_statistics.rows)
            if session.counters is not None:
                known[session.colony] = session.counters
            lines = {
                name: ColonyLine(colony, known.get(name), name == session.colony)
                for name, colony in session.colonies.rows.items()
            }
            explain_table(
                self.table,
                session.colonies.freshness,
                things="colonies",
                hint="the server owner adds them",
                server=server,
            )
            self.table.update_rows(lines, diff_rows(self._lines, lines), self.now)
            self._lines = lines
            missing = (
                [] if session.client.keys.server else [RulePiece.of("all of the server need the server owner's key")]
            )
            self.query_one("#colonies-rule", TitleRule).show(f"Colonies · {grouped(len(lines))}", missing)
        if touches(changes, ("users",)):
            rows = session.users.snapshot()
            explain_table(
                self.users, session.users.freshness, things="users", hint="the colony owner adds them", server=server
            )
            self.users.update_rows(rows, None if changes is None else changes["users"].rows, self.now)
            self.query_one("#users-rule", TitleRule).show(f"Users of {plain(session.colony)} · {grouped(len(rows))}")

    @on(LiveTable.Opened, "#colonies")
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        if event.id != self.session.colony:
            self.post_message(self.Switch(event.id))

    def action_other_pane(self) -> None:
        """Go to the other list."""
        (self.users if self.table.has_focus else self.table).focus()
