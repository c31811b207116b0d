"""Goes through the console by itself: every view, every row, every key of every pane, every screen that comes up."""

from __future__ import annotations

import itertools
import re

from textual.widgets import Input, TextArea

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.context import Target
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.live_table import LiveTable
from tests.hostile.screens import Looks
from tests.ui.console.driver import Console
from tests.ui.console.views import MORE_VIEWS, VIEWS

ALL_VIEWS: tuple[type[View], ...] = (*VIEWS.values(), *MORE_VIEWS)

_MOVES = re.compile(
    r"(?:app\.)?(?:move|page|half_page|scroll|top|bottom|mark_|walk|pan|step|first$|last$|focus_|clear|cancel$)"
)
"""Actions that only move about in a pane."""

_LEAVES = frozenset({"escape", "q", "ctrl+q", "ctrl+w", "ctrl+x", "y", "ctrl+s"})
"""Keys that end something, or answer yes."""

_MOST_ESCAPES = 8

_MOST_KEYS = 8
"""Keys that are pressed on a screen that came up."""

_OPENED = {"processes": 5, "workflows": 3, "files": 3, "logs": 3}
"""Rows that are opened, by view: those of which the detail is no function of the row."""

_OTHER_SESSIONS = frozenset({("colonies", "open"), ("colonies", "beside")})
"""Views and actions that begin another session."""


def keys_of(c: Console) -> list[str]:
    """Return the keys that the focused pane and what is around it offer, one for each action."""
    keys: dict[tuple[str, str], str] = {}
    for key, active in c.app.screen.active_bindings.items():
        elsewhere = isinstance(active.node, (MainScreen, TextArea, Input)) or active.node is c.app
        if elsewhere or key in _LEAVES or not active.enabled:
            continue
        if (c.view, active.binding.action) in _OTHER_SESSIONS and isinstance(c.app.screen, MainScreen):
            continue
        if not _MOVES.match(active.binding.action):
            keys.setdefault((type(active.node).__name__, active.binding.action), key)
    return list(keys.values())


async def back_to(c: Console, view: str) -> None:
    """Leave whatever came up and show a view."""
    for _ in range(_MOST_ESCAPES):
        if isinstance(c.app.screen, MainScreen):
            break
        await c.press("escape")
    assert isinstance(c.app.screen, MainScreen), c.app.screen
    if c.view != view:
        await c.main.go(Target(view))
    for _ in range(_MOST_ESCAPES):
        if not c.main.active_view.go_back():
            break
    await c.settle()


async def until_loaded(c: Console) -> None:
    """Wait until everything that the view on the screen looks at has been answered."""
    names = c.main.active_view.FEEDS
    resources = {resource.name: resource for resource in c.session.resources}
    await c.until(
        lambda: (
            all(resources[name].freshness.loaded_at is not None for name in names if name in resources)
            and all(freshness.can_show_rows for freshness in c.session.process_lists.values())
            and (not any("graphs" in name for name in names) or c.session.graphs.freshness.can_show_rows)
        )
    )
    await c.until_delivered()


async def until_graph_read(c: Console, graph_id: str) -> None:
    """Wait until the members of the workflow on the screen are there."""
    await c.until(lambda: graph_id in c.session.graphs.opened.rows)
    await c.until_delivered()


async def look_into_screen(looks: Looks) -> None:
    """Look at a screen that came up, from its beginning to its end, and through its own keys as long as it stays."""
    c, screen = looks.c, looks.c.app.screen
    for key in ("end", *keys_of(c)[:_MOST_KEYS]):
        if c.app.screen is not screen:
            break
        if key not in ("enter", "space"):
            looks.keys.append(key)
            await c.press(key)
            await looks.look()


async def walk_view(looks: Looks, kind: type[View]) -> None:
    """Go through a view: each cell and each detail of each row, and each key of each table, on another row each."""
    c = looks.c
    await c.main.go(Target(kind.KEY))
    await until_loaded(c)
    await looks.look()
    view = c.main.active_view
    for table in list(view.query(LiveTable)):
        looks.look_at_cells(table, c.clock.now())
        if isinstance(view, ListView) and table is view.table:
            for row in list(view.make_rows().values()):
                looks.look_at_document([view.row_title(row)], view.sections(row))
        if not table.focusable or not table.row_count:
            continue
        table.focus()
        await c.settle()
        ids = list(table.rows)
        if most := _OPENED.get(kind.KEY):
            for row_id in ids[:: max(len(ids) // most, 1)]:
                if table.move_to(row_id):
                    looks.keys = ["enter"]
                    await c.press("enter")
                    if kind.KEY == "workflows":
                        await until_graph_read(c, row_id)
                    await looks.look()
                    await back_to(c, kind.KEY)
                    table.focus()
        rows = itertools.cycle(ids[1:] + ids[:1])
        for key in keys_of(c):
            for _ in range(table.row_count):  # what is filtered out now is passed over
                if table.move_to(next(rows)):
                    break
            looks.keys = [key]
            await c.press(key)
            await looks.look()
            if not isinstance(c.app.screen, MainScreen):
                await look_into_screen(looks)
            await back_to(c, kind.KEY)
            table.focus()


async def walk_what_lies_over_every_view(looks: Looks) -> None:
    """Look at the help, the filter, the palette, the choice of tabs, and the faces of a workflow."""
    c = looks.c
    for keys in (("question_mark",), ("colon", *"Ŋ"), ("ctrl+t",), ("slash", *"Ŋ!")):
        looks.keys = list(keys)
        await back_to(c, "processes")
        c.main.active_view.main_pane().focus()
        await c.press(*keys)
        await looks.look()
    await c.press("escape")
    await back_to(c, "workflows")
    c.main.active_view.main_pane().focus()
    for key in ("enter", "tab", "tab", "tab", "tab"):
        looks.keys = [key]
        await c.press(key)
        await looks.look()
    await back_to(c, "executors")
    table = c.executors.table
    table.focus()
    for key in ("space", "j", "space", "j", "space", "D", "end"):
        looks.keys = ["marked", key]
        await c.press(key)
        await looks.look()
    await back_to(c, "processes")
    c.main.active_view.main_pane().focus()
    assert c.processes.table.move_to(next(iter(c.session.book.in_state(ProcessState.WAITING))))
    if c.processes.table.marks:
        await c.press("escape")
    for key in ("C", "y"):  # what is to be removed is held for a while, and a line says so
        looks.keys = ["held", key]
        await c.press(key)
        await looks.look()
    await back_to(c, "overview")
