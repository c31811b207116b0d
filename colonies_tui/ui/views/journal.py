"""The journal: what was done from here, with which key, how it ended, and the command that does the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.equivalent import NO_OFFICIAL, Commands, commands_of_payload
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.journal_reading import NEWEST, UNDER_WAY, JournalAction, JournalPage
from colonies_tui.store.resource import Changes
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.journal import journal_sections
from colonies_tui.ui.document import Section
from colonies_tui.ui.equivalents import copy_commands, profile_option
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.journal import journal_columns, journal_fields, object_words
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.widgets.rule import RulePiece

_EMPTY_HINT = (
    "every request that changes something is written down here, from this console and from colonies-tui call: "
    "when, to what, with which key, and how it ended"
)

_PLACES: Mapping[str, tuple[str, str]] = {
    "process": ("processes", "id"),
    "executor": ("executors", "name"),
    "workflow": ("workflows", "id"),
}
"""The view that shows an object, and what it is called there, by the kind of the object."""


class JournalView(ListView[JournalAction]):
    """The newest actions; older ones are read when they are asked for."""

    KEY = "journal"
    TITLE = "Journal"
    THINGS = "entries"
    EMPTY_HINT = _EMPTY_HINT
    FEEDS = frozenset({"statistics"})
    RESOURCES = frozenset()
    SORT = ("when", True)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy_official", "copy command", id="journal.copy"),
        Binding("C", "copy_call", "copy call", id="journal.copy-call"),
        Binding("e", "object", "its object", id="journal.object"),
        Binding("o", "older", "older", id="journal.older"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._page = JournalPage()
        self._seen: object = None
        """What was read last: a version of the journal, and how many entries."""
        self._count = NEWEST
        self._problem = ""
        self._is_read = False
        self._is_reading = False

    def make_columns(self) -> Sequence[Column[JournalAction]]:
        return journal_columns(self.context.alphabet)

    def make_rows(self) -> dict[str, JournalAction]:
        return {action.id: action for action in self._page.actions}

    def freshness(self) -> Freshness:
        return Freshness(Condition.FRESH if self._is_read else Condition.LOADING)

    def fields(self) -> Fields[JournalAction]:
        return journal_fields()

    def row_title(self, row: JournalAction) -> str:
        return f"{row.verb} {object_words(row)}"

    def sections(self, row: JournalAction) -> Sequence[Section]:
        return journal_sections(row, self._commands(row), self.now, self.context.alphabet)

    def title_pieces(self) -> list[RulePiece]:
        pieces = []
        if self._problem:
            pieces.append(RulePiece.of(f"cannot be read: {plain(self._problem)}", "error"))
        if self._page.has_older:
            pieces.append(RulePiece.of(f"newest {grouped(len(self._page.actions))}", rank=1))
        if self._page.skipped:
            pieces.append(RulePiece.of(f"{counted(self._page.skipped, 'line')} unreadable", "warning"))
        return pieces

    def explain(self) -> None:
        """Say what is wrong, or that nothing was read yet: no server is asked for a journal."""
        if self._problem:
            self.table.set_message("forbidden", "The journal cannot be read", self._problem)
        elif not self._is_read:
            self.table.set_message("loading", "Reading the journal", "")
        elif not self._page.actions:
            self.table.set_message("empty", "Nothing is in the journal yet", self.EMPTY_HINT)
        else:
            super().explain()

    # -- reading -----------------------------------------------------------------------------------------------------

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        self._look()
        super().apply(changes)

    def tick(self) -> None:
        self._look()
        super().tick()

    def _look(self) -> None:
        """Read again when there is something new, or when what was under way may have been given up."""
        wanted = (self.session.journal.version(), self._count)
        waits = any(action.outcome == UNDER_WAY for action in self._page.actions)
        if self._is_reading or (wanted == self._seen and not waits):
            return
        self._is_reading = True
        self._seen = wanted
        work: Work = partial(self._read, self._count)
        self.run_worker(work, group="journal")

    async def _read(self, count: int) -> None:
        try:
            self._page = await asyncio.to_thread(self.session.journal.read, count, self.now)
            self._problem = ""
        except OSError as error:
            self._problem = error.strerror or str(error)
        finally:
            self._is_reading = False
        self._is_read = True
        self.show_rows()
        self.show_detail()
        self.refresh_bindings()

    # -- keys --------------------------------------------------------------------------------------------------------

    def _commands(self, row: JournalAction) -> Commands | None:
        return commands_of_payload(row.request, profile=profile_option(row.profile), key=row.key)

    def _place(self, row: JournalAction) -> Target | None:
        view, name = _PLACES.get(row.target.get("kind", ""), ("", ""))
        found = row.target.get(name, "")
        return Target(view, row.target["kind"], found) if found else None

    def reason_against(self, action: str) -> str | None:
        if action == "older":
            return None if self._page.has_older else "the whole journal is shown"
        row = self.chosen
        if row is None:
            return "there is no entry under the cursor"
        if action == "object":
            if row.server != str(self.session.client.address):
                return f"it is at another server: {row.server}"
            return None if self._place(row) else "this kind of object has no place to go to"
        commands = self._commands(row)
        if commands is None:
            return "this version does not know the message"
        return NO_OFFICIAL if action == "copy_official" and not commands.official else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("copy_official", "copy_call", "object", "older") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_copy_official(self) -> None:
        """Copy the command of the official client that does the same."""
        self._copy(official=True)

    def action_copy_call(self) -> None:
        """Copy the ``call`` command that does the same."""
        self._copy(official=False)

    def _copy(self, *, official: bool) -> None:
        row = self.chosen
        commands = self._commands(row) if row is not None else None
        if commands is not None:
            copy_commands(self.app, [commands], official=official)

    def action_object(self) -> None:
        """Go to the object of the entry under the cursor."""
        row = self.chosen
        target = self._place(row) if row is not None else None
        if target is not None:
            self.post_message(self.Go(target))

    def action_older(self) -> None:
        """Read further back."""
        self._count += NEWEST
        self._look()
