"""Base of every view: what it looks at, how it takes changes, how one goes back in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.worker import WorkType

from colonies_tui.protocol.errors import NotDecodable
from colonies_tui.protocol.request import Request
from colonies_tui.store.actions import Action, ActionResult
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.replay.not_in_recording import NotInRecording
from colonies_tui.store.resource import Changes
from colonies_tui.store.session import Session
from colonies_tui.store.watch import Watch, WatchKind
from colonies_tui.ui import acting
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.filter_shelf import Filterable
from colonies_tui.ui.history import Standpoint
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.notify import say
from colonies_tui.ui.watch_toggle import toggle_watches
from colonies_tui.ui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from colonies_tui.ui.grades import Grade
    from colonies_tui.ui.widgets.dialog import Question

Work: TypeAlias = WorkType[None]
"""What a worker does. Given as a function: a worker that is cancelled before it began leaves no coroutine behind."""

WIDE = 132
"""From so many columns on, a detail stands beside its list instead of over it."""


class View(Vertical):
    """One main screen. Subclasses fill :meth:`compose`, :meth:`apply`, and what else they need."""

    KEY: ClassVar[str]
    """Short name, used for navigation."""
    TITLE: ClassVar[str]
    FEEDS: ClassVar[frozenset[str]]
    """Feeds that are read often while the view is on the screen."""
    WATCHED: ClassVar[Mapping[str, WatchKind]] = {}
    """What the rows of its tables are to who watches them, by the id of the table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy the id", show=False, id="view.copy"),
    ]

    class Copy(Message):
        """Ask for a text to be copied."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Go(Message):
        """Ask to go to another view, or to an object there."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self, context: Context) -> None:
        super().__init__(id=f"view-{self.KEY}")
        self.context = context
        self.filter_text = ""
        self.moving: Callable[[], AbstractContextManager[None]] = nullcontext
        """What opens something, or filters, does so within this: where one was before goes into the history."""
        self.has_panes = asyncio.Event()
        """Set as soon as the view can be shown."""

    def on_mount(self) -> None:
        """The panes are there."""
        self.has_panes.set()

    @property
    def session(self) -> Session:
        """The session that is shown."""
        return self.context.session

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.context.clock()

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        """Show what changed, by resource name; ``None`` means that anything may have changed."""

    def tick(self) -> None:
        """A second has passed while the view is on the screen."""

    def start_over(self) -> None:
        """Time went back: begin again with what only grows, such as a log."""

    def main_pane(self) -> Widget:
        """Return the widget that gets the focus when the view is shown."""
        raise NotImplementedError

    def go_back(self) -> bool:
        """Go one step back inside the view; return whether there was one."""
        return False

    def open_target(self, target: Target) -> None:
        """Show an object of this view."""

    # -- where one is ------------------------------------------------------------------------------------------------

    def at(self) -> tuple[str, str]:
        """Return kind and id of the object that is open or under the cursor; empty for none."""
        return "", ""

    def here(self) -> Locator:
        """Return what leads here from anywhere."""
        kind, object_id = self.at()
        if not kind or not object_id:
            kind = object_id = ""
        text, state = self.typed_filter() if self.can_filter() else "", self.state_key()
        return Locator(self.session.colony, self.KEY, kind, object_id, text, state)

    def opened(self) -> str:
        """Return the id of what is shown in full instead of the list; empty for the list."""
        return ""

    def reopen(self, object_id: str) -> None:
        """Show something in full again, or with an empty id the list."""

    def state_key(self) -> str:
        """Return the state that the list is narrowed to; empty for all."""
        return ""

    def show_state(self, key: str) -> None:
        """Narrow the list to a state; empty for all."""

    def narrow(self, locator: Locator) -> str | None:
        """Show the part of the list that a locator is about; return what is wrong with its filter, if anything."""
        self.show_state(locator.state)
        return self.set_filter(locator.filter)

    def arrived(self, locator: Locator) -> None:
        """The object of a locator has been opened."""
        if locator.state:
            self.show_state(locator.state)

    def filters(self) -> Mapping[str, str]:
        """Return the filter texts by the id of their list; a view of one list has it under the empty id."""
        return {"": self.filter_text}

    def set_filters(self, texts: Mapping[str, str]) -> None:
        """Filter every list as it was filtered once."""
        self.set_filter(texts.get("", ""))

    def standpoint(self) -> Standpoint:
        """Return where one is, with how each list stands."""
        focused = self.screen.focused
        is_inside = focused is not None and self in focused.ancestors
        return Standpoint(
            self.session.colony,
            self.KEY,
            self.opened(),
            tuple(sorted((name, text) for name, text in self.filters().items() if text)),
            self.state_key(),
            {table.id: table.stand for table in self.query(LiveTable) if table.id and table.cursor_id},
            (focused.id or "") if focused is not None and is_inside else "",
        )

    def resume(self, place: Standpoint) -> None:
        """Be where one was."""
        self.show_state(place.state)
        self.set_filters(dict(place.filters))
        for name, stand in place.stands.items():
            for table in self.query(f"#{name}").results(LiveTable):
                table.stand_at(stand)
        self.reopen(place.opened)
        focused = next(iter(self.query(f"#{place.focus}")), None) if place.focus else None
        if focused is not None and focused.focusable:
            focused.focus()
        else:
            self.main_pane().focus()

    # -- filter ------------------------------------------------------------------------------------------------------

    def set_filter(self, text: str) -> str | None:
        """Show only what ``text`` asks for; return what is wrong with it, if anything. Empty shows all."""
        self.filter_text = text
        return None

    def can_filter(self) -> bool:
        """Whether what has the focus can be filtered."""
        return False

    def typed_filter(self) -> str:
        """Return the text that the filter bar begins with."""
        return self.filter_text

    def filterable(self) -> Filterable | None:
        """Return the list that the filter bar is about; ``None`` where a text is searched for."""
        return None

    def filter_names(self) -> Sequence[str]:
        """Return the fields that a filter can name, for the help."""
        return ()

    def reason_against(self, action: str) -> str | None:
        """Return why an action of this view cannot be done now, in words; ``None`` when it can or is not known."""
        return None

    # -- doing -----------------------------------------------------------------------------------------------------

    def grade_of(self, request: type[Request[Any]], at_least: Grade = "calm") -> Grade:
        """Return how carefully a request is asked about in this profile."""
        return acting.grade_in(self.context, request, at_least)

    def work(self, work: Work, group: str) -> None:
        """Do something in a worker; what the group did before ends, except what is decided already."""
        self.run_worker(work, group=group, exclusive=True)

    async def ask(self, question: Question, request: type[Request[Any]]) -> str:
        """Ask before a request of a type is sent; return the id of the answer. Runs in a worker."""
        return await acting.ask(self.app, self.context, question, request)

    async def do(self, action: Action, *, at_least: Grade = "calm", quietly: bool = False) -> ActionResult:
        """Carry out what was confirmed, and say how it ended. Runs in a worker."""
        return await acting.carry_out(self.context, action, at_least=at_least, quietly=quietly)

    async def propose(self, action: Action) -> ActionResult | None:
        """Carry out what needs no question, except where mistakes are dear; ``None`` when it was left there."""
        return await acting.propose(self.app, self.context, action)

    def copied(self) -> str:
        """Return what names the object that keys act on: its id, or its name; empty for none."""
        tables = list(self.query(LiveTable))
        table = next((table for table in tables if table.has_focus), tables[0] if tables else None)
        return "" if table is None else table.copied

    def action_copy(self) -> None:
        """Copy what names the object that keys act on."""
        self.post_message(self.Copy(self.copied()))

    def watch_targets(self) -> Sequence[Watch]:
        """Return what ``w`` watches: what is marked, or what is under the cursor."""
        return ()

    def filter_watch(self) -> Watch | None:
        """Return the watch on what is listed now; ``None`` where that cannot be watched."""
        return None

    def show_watched(self) -> None:
        """Bring the signs of what is watched up to date."""
        for table_id, kind in self.WATCHED.items():
            self.query_one(f"#{table_id}", LiveTable).set_watched(self.session.watches.ids(kind))

    def action_watch(self) -> None:
        """Watch what is marked or under the cursor, or end that."""
        toggle_watches(self.app, self.session, self.watch_targets())
        self.show_watched()

    def action_watch_filter(self) -> None:
        """Watch what the filter lets through, or end that."""
        watch = self.filter_watch()
        if watch is None:
            say(self.app, "set a filter (/) first: then rows that enter or leave it are told", "information")
        else:
            toggle_watches(self.app, self.session, (watch,))

    def shown(self) -> None:
        """The view has come onto the screen."""

    def hidden(self) -> None:
        """The view has left the screen."""


def explain_table(
    table: LiveTable[Any],
    freshness: Freshness,
    *,
    things: str,
    hint: str,
    server: str,
    filter_text: str = "",
) -> None:
    """Tell a table what to say where it has no rows: loading, forbidden, filtered and empty are four things.

    Args:
        table: says it.
        freshness: of the rows.
        things: what the rows are (``processes``).
        hint: what to do when there are none.
        server: address, for the words about a server that does not answer.
        filter_text: the filter, if any.
    """
    condition, error = freshness.condition, freshness.error
    if condition is Condition.FORBIDDEN:
        table.set_message("forbidden", f"Not allowed with this key: {things} cannot be read", str(error))
    elif isinstance(error, NotInRecording):
        table.set_message(
            "empty", f"No {things} in the recording up to now", "the console that made it did not look here"
        )
    elif condition is Condition.FAILED and isinstance(error, NotDecodable):
        table.set_message("loading", f"{server} answers, but not with {things} that can be believed", str(error))
    elif condition is Condition.FAILED:
        table.set_message("loading", f"No answer from {server} yet", str(error))
    elif condition is Condition.LOADING:
        table.set_message("loading", f"Asking {server} for {things}", "")
    elif filter_text and table.hidden_count:
        table.set_message(
            "filtered", f"No {things} match  {filter_text}", f"{table.hidden_count} are hidden; esc shows them again"
        )
    else:
        table.set_message("empty", f"No {things}", hint)


def touches(changes: Mapping[str, Changes] | None, names: Collection[str]) -> bool:
    """Return whether any of the named resources changed."""
    return changes is None or any(name in changes for name in names)
