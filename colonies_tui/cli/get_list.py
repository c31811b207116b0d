"""What a list is to ``colonies-tui get``: what is read for it, and how its rows are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.session import Session
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.table_layout import Column

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that the server did not list."""

    words: str
    like: Any = None
    """One of the rows that are there, of the same state as those that are not; ``None`` for rows of any state."""


@dataclass(frozen=True, slots=True)
class PrintedList(Generic[Row]):
    """One list of the console, for printing."""

    name: str
    holds: str
    """What its rows are, in a few words."""
    saved: str
    """Name under which the console keeps the saved filters of this list."""
    feeds: frozenset[str]
    """What is read for it."""
    needed: Callable[[Session], Sequence[Freshness]]
    """How sure that is without which there are no rows."""
    columns: Callable[[ColonyState, Alphabet], Sequence[Column[Row]]]
    fields: Callable[[ColonyState], Fields[Row]]
    rows: Callable[[Session], Mapping[str, Row]]
    sort: str
    """Key of the column by which the console sorts at first; empty for the order of the rows."""
    helpful: Callable[[Session], Sequence[Freshness]] = lambda session: ()
    """How sure that is which adds to rows that are there without it."""
    is_whole: Callable[[Session], bool] = lambda session: True
    """Whether everything is there, once all has been answered."""
    cuts: Callable[[Session], Iterable[Cut]] = lambda session: ()
    """Says what the server did not tell; nothing where all is there."""
    restless: frozenset[str] = frozenset()
    """Keys of columns that change all the time without anything having happened."""
    is_hidden: Callable[[Row, str], bool] = lambda row, filter_text: False
    """Whether the console leaves a row out until it is asked for."""
    hidden: str = ""
    """What is said of such rows."""


def all_answered(printed: PrintedList[Any], session: Session) -> bool:
    """Whether the server has answered, with whatever, everything that a list shows."""
    answers = (*printed.needed(session), *printed.helpful(session))
    if any(freshness.condition is Condition.LOADING for freshness in answers):
        return False
    return printed.is_whole(session) or any(not freshness.can_show_rows for freshness in printed.needed(session))
