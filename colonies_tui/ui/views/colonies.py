"""Colonies: all that this profile can see, with their counters, and the users of the current one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from colonies_tui.protocol.messages.colony import AddColony, AddUser, PauseAssignments
from colonies_tui.protocol.messages.location import AddLocation
from colonies_tui.protocol.models.colony import User
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.colony_board import BOARD, round_seconds
from colonies_tui.store.colony_standing import ColonyStanding, totals
from colonies_tui.store.listings import LOCATIONS
from colonies_tui.store.resource import Changes
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.tables.colonies import (
    ColonyLine,
    colony_columns,
    colony_fields,
    location_columns,
    location_fields,
    totals_line,
    user_columns,
    user_fields,
)
from colonies_tui.ui.views import colony_actions
from colonies_tui.ui.views.bulk import marked_rows, row_to_act_on
from colonies_tui.ui.views.several_lists import SeveralLists
from colonies_tui.ui.views.view import Work, explain_table, touches
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule

OLD_SECONDS = 10.0
"""From so many seconds on it is said how old what stands here can be."""


class ColoniesView(SeveralLists):
    """The colonies of the server, and who is in the current one."""

    KEY = "colonies"
    TITLE = "Colonies"
    FEEDS = frozenset({"statistics", "executors", "colonies", BOARD, "users", "locations", "pause"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "beside", "new tab", id="colonies.beside"),
        Binding("n", "add", "new", id="colonies.add"),
        Binding("D", "remove", "remove", id="colonies.remove"),
        Binding("P", "pause", "pause or resume", id="colonies.pause"),
        Binding("tab", "pane(1)", "next list", id="colonies.next-pane", show=False),
        Binding("shift+tab", "pane(-1)", "previous list", id="colonies.previous-pane", show=False),
    ]

    class Switch(Message):
        """Ask for another colony of the same server, with the same keys; ``beside`` in a new tab."""

        def __init__(self, colony: str, *, beside: bool = False) -> None:
            super().__init__()
            self.colony = colony
            self.beside = beside

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
        yield TitleRule("Locations", id="locations-rule")
        yield LiveTable(location_columns(), sort=("name", False), clock=self.context.clock, id="locations")

    @property
    def table(self) -> LiveTable[ColonyLine]:
        """The colonies."""
        return self.query_one("#colonies", LiveTable)

    @property
    def users(self) -> LiveTable[User]:
        """The users of the current colony."""
        return self.query_one("#users", LiveTable)

    @property
    def locations(self) -> LiveTable[Location]:
        """Places of the current colony."""
        return self.query_one("#locations", LiveTable)

    def main_pane(self) -> Widget:
        return self.table

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        session = self.session
        server = str(session.client.address)
        if touches(changes, ("colonies", BOARD, "statistics", "executors")):
            self._show_colonies()
        if touches(changes, ("users",)):
            rows = session.users.snapshot()
            self.users.update_rows(rows, None if changes is None else changes["users"].rows, self.now)
            explain_table(
                self.users,
                session.users.freshness,
                things="users",
                hint="the colony owner adds them",
                server=server,
                filter_text=self.filter_of("users"),
            )
            title = f"Users of {plain(session.colony)} · {self.count_of('users')}"
            self.query_one("#users-rule", TitleRule).show(title, self.filter_pieces("users"))

        if touches(changes, ("locations",)):
            found = session.listings.of(LOCATIONS)
            changed = None if changes is None else changes["locations"].rows
            self.locations.update_rows(found.snapshot(), changed, self.now)
            explain_table(
                self.locations,
                found.freshness,
                things="locations",
                hint="executors need none; n adds one",
                server=server,
                filter_text=self.filter_of("locations"),
            )
            title = f"Locations · {self.count_of('locations')}"
            self.query_one("#locations-rule", TitleRule).show(title, self.filter_pieces("locations"))
        self.refresh_bindings()

    def _show_colonies(self) -> None:
        session = self.session
        unread = ColonyStanding()
        lines = {
            name: ColonyLine(
                colony,
                session.standing if name == session.colony else session.colony_standings.get(name) or unread,
                name == session.colony,
            )
            for name, colony in session.colonies.rows.items()
        }
        self.table.update_rows(lines, diff_rows(self._lines, lines), self.now)
        explain_table(
            self.table,
            session.colonies.freshness,
            things="colonies",
            hint="the server owner adds them",
            server=str(session.client.address),
            filter_text=self.filter_of("colonies"),
        )
        self._lines = lines
        pieces = [*self.filter_pieces("colonies"), *self._facts()]
        self.query_one("#colonies-rule", TitleRule).show(f"Colonies · {self.count_of('colonies')}", pieces)

    def _facts(self) -> list[RulePiece]:
        """Return what the title says: all colonies together, and what of it cannot be known."""
        sums = totals(line.standing for line in self._lines.values())
        facts = [RulePiece(totals_line(sums, self.context.alphabet))] if sums.readable > 1 else []
        if sums.forbidden:
            facts.append(RulePiece.of(f"{grouped(sums.forbidden)} not allowed with this key", "warning", rank=1))
        oldest = round_seconds(len(self._lines), self.session.pace)
        if oldest > OLD_SECONDS:
            facts.append(RulePiece.of(f"up to {oldest:.0f}s old", rank=2))
        if not self.session.client.keys.server:
            facts.append(RulePiece.of("all of the server need the server owner's key", rank=3))
        return facts

    def here(self) -> Locator:
        line = self.table.cursor_row
        if self.table.has_focus and line is not None and not line.is_current:
            return Locator(line.colony.name, "overview")
        return super().here()

    def at(self) -> tuple[str, str]:
        if self.users.has_focus:
            return "user", self.users.cursor_id or ""
        return ("location", self.locations.cursor_id or "") if self.locations.has_focus else ("", "")

    def open_target(self, target: Target) -> None:
        table: LiveTable[Any] = self.users if target.kind == "user" else self.locations
        self.reveal(self.list_of(target.kind), target.id)
        table.focus()

    def list_fields(self) -> Mapping[str, Fields[Any]]:
        return {"colonies": colony_fields(), "users": user_fields(), "locations": location_fields()}

    def list_of(self, kind: str) -> str:
        return {"user": "users", "location": "locations"}.get(kind, "colonies")

    def go_back(self) -> bool:
        return self.clear_filter()

    @on(LiveTable.MarksChanged)
    def _marks_changed(self, event: LiveTable.MarksChanged) -> None:
        event.stop()
        self.refresh_bindings()

    @on(LiveTable.Opened, "#colonies")
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        if event.id != self.session.colony:
            self.post_message(self.Switch(event.id))

    def action_beside(self) -> None:
        """Open the colony under the cursor in a new tab."""
        if self.table.cursor_id is not None:
            self.post_message(self.Switch(self.table.cursor_id, beside=True))

    def action_pane(self, step: int) -> None:
        """Go to another list."""
        panes: tuple[Widget, ...] = (self.table, self.users, self.locations)
        place = next((i for i, pane in enumerate(panes) if pane.has_focus), 0)
        panes[(place + step) % len(panes)].focus()
        self.refresh_bindings()

    # -- keys --------------------------------------------------------------------------------------------------------

    def reason_against(self, action: str) -> str | None:
        actor = self.session.actor
        if action.startswith("pause"):
            return actor.why_not(PauseAssignments)
        if self.users.has_focus:
            if action.startswith("remove") and row_to_act_on(self.users) is None:
                return "there is no user under the cursor"
            return actor.why_not(AddUser)
        if self.locations.has_focus:
            if action.startswith("remove") and row_to_act_on(self.locations) is None:
                return "there is no location under the cursor"
            return actor.why_not(AddLocation)
        if action.startswith("remove") and self.table.cursor_row is None:
            return "there is no colony under the cursor"
        if action.startswith("remove") and self.table.marks:
            return "colonies are removed one at a time: esc takes the marks away"
        return actor.why_not(AddColony)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("add", "remove", "pause") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_add(self) -> None:
        """Add a user or a location where those have the focus, otherwise a colony."""
        if self.users.has_focus:
            work = colony_actions.add_user(self)
        elif self.locations.has_focus:
            work = colony_actions.add_location(self)
        else:
            work = colony_actions.add_colony(self)
        self.run_worker(work, group="colony", exclusive=True)

    def action_remove(self) -> None:
        """Remove the user or location under the cursor or the marked ones, or the colony under the cursor."""
        work: Work | None = None
        if self.users.has_focus:
            user = row_to_act_on(self.users)
            if users := marked_rows(self.users):
                work = partial(colony_actions.remove_users, self, self.users, users)
            elif user is not None:
                work = partial(colony_actions.remove_user, self, user)
        elif self.locations.has_focus:
            location = row_to_act_on(self.locations)
            if locations := marked_rows(self.locations):
                work = partial(colony_actions.remove_locations, self, self.locations, locations)
            elif location is not None:
                work = partial(colony_actions.remove_location, self, location)
        elif self.table.has_focus and (line := self.table.cursor_row) is not None:
            work = partial(colony_actions.remove_colony, self, line)
        if work is not None:
            self.run_worker(work, group="colony", exclusive=True)

    def action_pause(self) -> None:
        """Pause the assignments of the colony, or resume them."""
        self.run_worker(colony_actions.pause_or_resume(self), group="colony", exclusive=True)
