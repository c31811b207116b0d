"""``colonies-tui get``: prints a list of the console; with ``--watch`` also what changes in it.

It is the same store, the same columns and the same filters as the screen's. Only what the list needs is read.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from colonies_tui.cli.event_lines import drop_output, telling_when_reader_leaves
from colonies_tui.cli.exit_codes import OK, UNKNOWN, USAGE, code_of
from colonies_tui.cli.get_arguments import Get
from colonies_tui.cli.get_list import PrintedList, all_answered
from colonies_tui.cli.get_lists import every_list, list_named, nothing_known
from colonies_tui.cli.get_print import Printer, alphabet_of_output, printer_of
from colonies_tui.cli.get_session import Changes, running
from colonies_tui.cli.get_text import chosen_columns, exported_name, sorted_rows
from colonies_tui.cli.message_fields import WrongInput
from colonies_tui.cli.output import complain, say, words_of
from colonies_tui.cli.profile_in_use import profile_in_use
from colonies_tui.config.paths import Paths, paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.config.saved_filters import load_filters
from colonies_tui.protocol.errors import KeyMissing
from colonies_tui.store.colony_board import BOARD
from colonies_tui.store.freshness import Condition
from colonies_tui.store.journal import FileJournal
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.open import open_session
from colonies_tui.store.session import Session
from colonies_tui.ui.export import records
from colonies_tui.ui.filter import FilterError, expand, parse_filter
from colonies_tui.ui.table_layout import Column

ANSWER_SECONDS: Final = 60.0
"""How long the first answers are waited for, all together."""

PAUSE_SECONDS: Final = 0.1
"""Shortest time between two looks at a watched list, so that what comes together is looked at together."""

SHARE: Final = 0.2
"""Largest share of the time that looking at a watched list may take, however long it is."""

LOOK_SECONDS: Final = 2.0
"""How often a watched list is looked at again though nothing came: some of what it says follows from the time."""

_KEPT_FEEDS: Final = frozenset({"statistics"})
"""What is read whatever the list: by the counters it is known whether the server is there."""

_KEPT_WATCHING: Final = frozenset({"server", "executors", "strays"})
"""What is read beyond the list while it is watched: with it, events are subscribed to where that is safe."""


def run(asked: Get, *, profile: str | None, keys_file: Path | None) -> int:
    """Print the list and return the exit code; with watching, until interrupted, enough was seen or nobody reads.

    Raises:
        ConfigError: there is no usable profile, or the saved filters cannot be read.
    """
    if sys.stdout is None:  # closed before we began: nobody could ever read a line
        return OK
    try:
        if asked.lists or asked.name is None:
            return _say_lists(asked.name)
        if asked.watches and asked.limit is not None:
            raise WrongInput("--limit is for a list that is printed once, without --watch")
        if asked.most_changes is not None and not asked.watches:
            raise WrongInput("--count is for --watch")
        getting = _Getting(asked, list_named(asked.name, asked.label), paths_from_environment(os.environ))
        return asyncio.run(getting.run(profile_in_use(profile, keys_file, getting.paths)))
    except WrongInput as error:
        complain(str(error))
        return USAGE
    except BrokenPipeError:
        drop_output()
        return OK


def _say_lists(name: str | None) -> int:
    """Print the lists with their columns and what a filter can ask for, or one of them."""
    state = nothing_known()
    found = [printed for printed in every_list() if name in (None, printed.name)]
    if not found:
        raise WrongInput(f"there is no list {name!r}: colonies-tui get --list names them")
    for printed in found:
        columns = chosen_columns(printed.columns(state, alphabet_of_output()), ())
        say(f"{printed.name:<12}{printed.holds}")
        say(f"{'':<12}columns: {', '.join(map(exported_name, columns))}")
        say(f"{'':<12}filter:  {', '.join(printed.fields(state).names)}")
    return OK


class _Getting:
    """One list, of one session, on its way to the output."""

    def __init__(self, asked: Get, printed: PrintedList[Any], paths: Paths) -> None:
        """
        Args:
            asked: what is asked for.
            printed: the list.
            paths: where the saved filters and the journal are.

        Raises:
            WrongInput: a column cannot be printed or sorted by.
            ConfigError: the saved filters are needed and cannot be read.
        """
        self.paths = paths
        self._asked = asked
        self._list = printed
        text = " ".join(asked.words)
        saved = load_filters(paths.filters_file).get(printed.saved, {}) if "*" in text else {}
        try:
            self._filter = expand(text, saved)
        except FilterError as error:
            raise WrongInput(f"{error} of this list") from None
        state = nothing_known()
        every = printed.columns(state, alphabet_of_output())
        chosen_columns(every, asked.columns)
        self._check_filter()
        self._sort_key = printed.sort
        if asked.sort is not None:
            (column,) = chosen_columns(every, [asked.sort])
            if column.sort is None:
                able = [exported_name(each) for each in chosen_columns(every, ()) if each.sort is not None]
                by = f"by {', '.join(able)}" if able else "in its own order alone"
                raise WrongInput(f"{printed.name} cannot be sorted by {asked.sort}, but {by}")
            self._sort_key = column.key

    def _check_filter(self) -> None:
        fields = self._list.fields(nothing_known())
        try:
            parse_filter(self._filter, fields, lambda: 0.0)
        except FilterError as error:
            words = str(error).removesuffix("; ? lists them")
            raise WrongInput(f"{words}: a filter of {self._list.name} knows {', '.join(fields.names)}") from None

    async def run(self, profile: Profile) -> int:
        """Read, print, and watch if that is wanted; return the exit code."""
        session = open_session(
            profile.address,
            profile.keys,
            profile.colony,
            journal=FileJournal(self.paths.journal_file),
            profile_name=profile.name,
            is_read_only=True,  # nothing is ever changed from here
        )
        async with running(session) as changes:
            self._look(session)
            await self._answers(session, changes)
            problem = self._problem(session)
            if problem is not None:
                return problem
            self._say_what_is_missing(session)
            rows = self._rows(session)
            now = session.clock.now()
            printer = printer_of(
                self._asked.output, self._columns(session), list(rows.values()), now, self._asked, self._list.restless
            )
            if not self._asked.watches:
                shown = dict(list(rows.items())[: self._asked.limit])
                printer.whole(records(printer.columns, shown.values(), now), list(shown.values()), now)
                if not shown and self._asked.output == "table":
                    self._say_nothing_found()
                return OK
            return await self._watch(session, changes, printer, rows)

    # Reading ----------------------------------------------------------------------------------------------------------

    def _look(self, session: Session) -> None:
        """Have what the list needs read, and nothing else."""
        self._list.needed(session)
        wanted = self._list.feeds | _KEPT_FEEDS | (_KEPT_WATCHING if self._asked.watches else frozenset())
        for feed in tuple(session.schedule.feeds.values()):
            if feed.name not in wanted:
                session.schedule.remove(feed)
        session.look(self, wanted)

    async def _answers(self, session: Session, changes: Changes) -> None:
        """Wait until everything was answered, or it has taken too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                while not all_answered(self._list, session):
                    await changes.wait()
                    if not self._list.is_whole(session):
                        session.schedule.urge(BOARD)  # which reads a few colonies at a time

    def _problem(self, session: Session) -> int | None:
        """Say why there are no rows, and return the exit code for that; ``None`` where there are."""
        for freshness in self._list.needed(session):
            if freshness.can_show_rows:
                continue
            name, error = self._list.name, freshness.error
            if error is None:
                complain(f"{name}: no answer within {ANSWER_SECONDS:.0f} s")
                return UNKNOWN
            if freshness.condition is Condition.FORBIDDEN and not isinstance(error, KeyMissing):
                complain(f"not allowed with this key: {name} cannot be read: {words_of(error)}")
            else:
                complain(f"{name}: {words_of(error)}")
            return code_of(error)
        return None

    def _say_what_is_missing(self, session: Session) -> None:
        if not all_answered(self._list, session):
            complain(f"not everything was answered within {ANSWER_SECONDS:.0f} s")
        for freshness in self._list.helpful(session):
            if freshness.error is not None and not freshness.can_show_rows:
                complain(f"what stands beside the {self._list.name} is not complete: {words_of(freshness.error)}")
                break
        of_state = " ".join(word for word in self._filter.split() if word.startswith(("state=", "state!=")))
        matters = parse_filter(of_state, self._list.fields(session), session.clock.now) or (lambda row: True)
        cuts = [cut.words for cut in self._list.cuts(session) if cut.like is None or matters(cut.like)]
        if cuts:
            complain(f"the server did not list all: {', '.join(cuts)}")

    # Rows -------------------------------------------------------------------------------------------------------------

    def _columns(self, session: Session) -> list[Column[Any]]:
        return chosen_columns(self._list.columns(session, alphabet_of_output()), self._asked.columns)

    def _rows(self, session: Session, *, is_first: bool = True) -> dict[str, Any]:
        """Return the rows that the filter lets through, in order."""
        rows = self._list.rows(session)
        passes = parse_filter(self._filter, self._list.fields(session), session.clock.now) or (lambda row: True)
        found = {row_id: row for row_id, row in rows.items() if passes(row)}
        shown = {row_id: row for row_id, row in found.items() if not self._list.is_hidden(row, self._filter)}
        if is_first and len(shown) < len(found):
            complain(f"left out: {len(found) - len(shown)} {self._list.name} that are {self._list.hidden}")
        column = next(
            (each for each in self._list.columns(session, alphabet_of_output()) if each.key == self._sort_key), None
        )
        return sorted_rows(shown, column, is_reversed=self._asked.is_reversed)

    def _say_nothing_found(self) -> None:
        complain(f"no {self._list.name}" + (f" match {self._filter}" if self._filter.strip() else ""))

    # Watching ---------------------------------------------------------------------------------------------------------

    async def _watch(self, session: Session, changes: Changes, printer: Printer, rows: dict[str, Any]) -> int:
        with telling_when_reader_leaves(changes.reader_left):
            printer.begin(rows.values(), session.clock.now())
            if not rows and self._asked.output == "table":
                self._say_nothing_found()
            seen, is_lost = 0, False
            while not changes.is_reader_gone:
                await changes.wait(LOOK_SECONDS)
                began = session.clock.monotonic()
                is_lost = _say_link(session, is_lost)
                problem = self._problem(session)
                if problem is not None:
                    return problem
                rows, before = self._rows(session, is_first=False), rows
                now = session.clock.now()
                for change, row in _differences(before, rows, printer, now):
                    printer.change(change, row, now)
                    seen += 1
                    if seen == self._asked.most_changes:
                        return OK
                await asyncio.sleep(max(PAUSE_SECONDS, (session.clock.monotonic() - began) / SHARE))
        return OK


def _differences(
    before: dict[str, Any], after: dict[str, Any], printer: Printer, now: float
) -> Iterable[tuple[str, Any]]:
    """Say what came, went or reads differently: the gone ones first, then the others in order."""
    yield from (("gone", row) for row_id, row in before.items() if row_id not in after)
    for row_id, row in after.items():
        old = before.get(row_id)
        if old is None:
            yield "new", row
        elif old is not row and old != row and printer.differs(old, row, now):
            yield "changed", row


def _say_link(session: Session, was_lost: bool) -> bool:
    """Say once that the server is lost, and once that it is back; return whether it is lost."""
    is_lost = session.link.condition is LinkCondition.LOST
    if is_lost and not was_lost:
        complain(f"{session.link.error}; trying again")
    elif was_lost and not is_lost:
        complain("connected again")
    return is_lost
