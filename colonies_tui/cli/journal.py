"""``colonies-tui journal``: what was done from here, and how it ended: as a table, or as JSON lines."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from colonies_tui.cli.event_lines import drop_output, telling_when_reader_leaves
from colonies_tui.cli.exit_codes import OK
from colonies_tui.cli.output import complain, say
from colonies_tui.cli.wire_json import json_text
from colonies_tui.config.environment import PROFILE_NAME
from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.private_file import reason_of
from colonies_tui.store.equivalent import commands_of_payload
from colonies_tui.store.journal import FileJournal
from colonies_tui.store.journal_reading import NEWEST, UNDER_WAY, JournalAction, JournalPage

LOOK_SECONDS: Final = 0.5
"""How often a journal that is followed is looked at."""

_WIDTHS: Final = (19, 9, 10, 34, 12, 12, 7)
_HEAD: Final = ("WHEN", "OUTCOME", "VERB", "OBJECT", "PROFILE", "KEY", "TOOK")


def run(*, as_json: bool, count: int | None, follow: bool) -> int:
    """Print the newest actions, the oldest of them first; then, if asked to, each further one when it has ended.

    Args:
        as_json: one JSON object a line, instead of a table.
        count: most actions that are printed at first; ``None`` for the usual number.
        follow: go on until interrupted, or until nobody reads.

    Raises:
        ConfigError: the journal is there and cannot be read.
    """
    if sys.stdout is None:  # closed before we began: nobody could ever read a line
        return OK
    journal = FileJournal(paths_from_environment(os.environ).journal_file)
    lines = _Lines(as_json=as_json)
    try:
        shown = count or NEWEST
        page = _read(journal, max(shown, NEWEST) if follow else shown)
        if page.skipped:
            complain(f"left out, since they are no entries: {page.skipped} of the journal's lines")
        if not page.actions and not follow:
            complain(f"nothing is in the journal yet: {with_home(journal.path)}")
            return OK
        lines.begin(page.actions, shown, ended_only=follow)
        if follow:
            asyncio.run(_follow(journal, lines))
    except BrokenPipeError:
        drop_output()
    return OK


def _read(journal: FileJournal, count: int) -> JournalPage:
    try:
        return journal.read(count, time.time())
    except OSError as error:
        raise ConfigError(journal.path, None, f"the journal cannot be read: {reason_of(error)}") from None


async def _follow(journal: FileJournal, lines: _Lines) -> None:
    """Print what ends from now on, until the reader leaves."""
    left = asyncio.Event()
    before: object = None
    with telling_when_reader_leaves(left.set):
        while not left.is_set():
            version = journal.version()
            if version != before or lines.is_waiting:
                before = version
                lines.write_new(_read(journal, NEWEST))
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await left.wait()
            except TimeoutError:
                continue


class _Lines:
    """Writes actions, each once."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._written: set[str] = set()
        self.is_waiting = False
        """Whether an action that is under way is still to be written."""

    def begin(self, actions: Sequence[JournalAction], count: int, *, ended_only: bool) -> None:
        """Write the head of the table, and the last ``count`` actions; those before them are never written."""
        if not self._as_json:
            say(_row(_HEAD))
        self._written.update(action.id for action in actions[:-count])
        for action in actions[-count:]:
            if not ended_only or action.outcome != UNDER_WAY:
                self.write(action)

    def write(self, action: JournalAction) -> None:
        """Write one action."""
        self._written.add(action.id)
        say(json_text(_json(action)) if self._as_json else _table_line(action))

    def write_new(self, page: JournalPage) -> None:
        """Write what has ended since the last time."""
        self.is_waiting = any(action.outcome == UNDER_WAY for action in page.actions)
        for action in page.actions:
            if action.outcome != UNDER_WAY and action.id not in self._written:
                self.write(action)
        self._written &= {action.id for action in page.actions}


def _json(action: JournalAction) -> dict[str, Any]:
    commands = commands_of_payload(action.request, profile=_profile(action), key=action.key)
    when = _moment(action.at)
    return {
        "id": action.id,
        "time": when and when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": action.outcome,
        "words": action.words,
        "seconds": action.seconds,
        "profile": action.profile,
        "server": action.server,
        "role": action.role,
        "key": action.key,
        "signer": action.signer,
        "verb": action.verb,
        "target": dict(action.target),
        "request": dict(action.request),
        "call": commands.call if commands else None,
        "official": (commands and commands.official) or None,
    }


def _profile(action: JournalAction) -> str:
    """Return the name for ``--profile``: what the environment describes has none."""
    return "" if action.profile == PROFILE_NAME else action.profile


def _moment(at: float | None) -> datetime | None:
    try:
        return None if at is None else datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):  # beyond the calendar
        return None


def _table_line(action: JournalAction) -> str:
    moment = _moment(action.at)
    when = moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""
    took = "" if action.seconds is None else f"{action.seconds:.1f}s"
    line = _row((when, action.outcome, action.verb, action.object_name, action.profile, action.role, took))
    return line if action.outcome == "done" else f"{line}  {action.words}".rstrip()


def _row(cells: tuple[str, ...]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
