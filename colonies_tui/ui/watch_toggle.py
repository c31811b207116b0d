"""Begins and ends watches from any screen, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from textual.app import App
from textual.binding import Binding

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.session import Session
from colonies_tui.store.watch import Watch
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.notify import say

FILTER_KEY: Final = "ctrl+f"


def watch_bindings(view: str, *, with_filter: bool = False) -> list[Binding]:
    """Return the keys by which a view watches what is in it."""
    keys = [Binding("w", "watch", "watch", id=f"{view}.watch")]
    if with_filter:
        keys.append(Binding(FILTER_KEY, "watch_filter", "watch this filter", show=False, id=f"{view}.watch-filter"))
    return keys


def toggle_watches(app: App[Any], session: Session, wanted: Sequence[Watch]) -> None:
    """Watch all of these; if all of them are watched already, end that."""
    watches = session.watches
    if not wanted:
        return
    missing = [watch for watch in wanted if not watches.has(watch.key)]
    if not missing:
        for watch in wanted:
            watches.remove(watch.key)
        say(app, f"{_what(wanted)} not watched any more")
        return
    for watch in missing:
        problem = watches.add(watch)
        if problem is not None:
            say(app, f"{plain(watch.subject)}: {problem}", "warning")
            return
    say(app, f"{_what(missing)} watched: W lists what is")


def _what(watches: Sequence[Watch]) -> str:
    return f"{plain(watches[0].subject)} is" if len(watches) == 1 else f"{counted(len(watches), 'thing')} are"
