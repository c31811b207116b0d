"""The main screen: header, tabs, one view at a time, footer; and the way from view to view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from colonies_tui.store.resource import Changes
from colonies_tui.ui.active_binding import active_binding
from colonies_tui.ui.bridge import Bridge
from colonies_tui.ui.commands import (
    FilterCommands,
    LocatorCommands,
    ObjectCommands,
    ProfileCommands,
    ViewCommands,
)
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.every import every
from colonies_tui.ui.history import History, Standpoint
from colonies_tui.ui.link_words import header_state
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.notify import say
from colonies_tui.ui.place import Place, saved_form
from colonies_tui.ui.tab_commands import TAB_BINDINGS, TabCommands
from colonies_tui.ui.travelling_screen import TravellingScreen
from colonies_tui.ui.view_catalogue import BY_KEY, FIRST_KEY, VIEWS
from colonies_tui.ui.views.view import View, Work
from colonies_tui.ui.watch_commands import WatchCommands
from colonies_tui.ui.widgets.colony_tab_line import ColonyTabLine
from colonies_tui.ui.widgets.filter_bar import FilterBar
from colonies_tui.ui.widgets.footer_keys import FooterKeys
from colonies_tui.ui.widgets.grace_line import SEND_NOW, TAKE_BACK, GraceLine
from colonies_tui.ui.widgets.header_bar import HeaderBar
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import TitleRule
from colonies_tui.ui.widgets.tab_line import Tab, TabLine

FOOTER_ORDER = (
    "table.open",
    "graph.open",
    "workflow.next-face",
    "graph.first-failure",
    "workflows.logs",
    "workflow.merged-log",
    "crons.run",
    "generators.pack",
    "files.snapshot",
    "journal.copy",
    "journal.copy-call",
    "journal.object",
    "watches.end",
    "watches.limit",
    "executors.approve",
    "executors.reject",
    "overview.pending",
    "colonies.beside",
    "overview.logs",
    "processes.logs",
    "executors.logs",
    "processes.explain",
    "overview.explain",
    "workflows.explain",
    "crons.explain",
    "log.follow",
    "log.next",
    "log.wrap",
    "log.stamps",
    "logs.save",
    "processes.next-state",
    "processes.executor",
    "executors.processes",
    "main.filter",
    "main.palette",
    "processes.resubmit",
    "processes.cancel",
    "workflows.resubmit",
    "workflows.cancel",
    "processes.watch",
    "workflows.watch",
    "executors.watch",
    "overview.watch",
    "table.mark",
    "table.sort",
)


class MainScreen(TravellingScreen):
    """One session on the screen."""

    COMMANDS = App.COMMANDS | {
        ViewCommands,
        LocatorCommands,
        ObjectCommands,
        FilterCommands,
        ProfileCommands,
        TabCommands,
        WatchCommands,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(view.digit, f"go('{view.key}')", view.title, show=False, id=f"main.{view.key}") for view in VIEWS),
        Binding("slash", "filter", "filter", key_display="/", id="main.filter"),
        Binding("colon", "app.command_palette", "go to", key_display=":", id="main.palette"),
        Binding("escape", "back", "back", show=False, id="main.back"),
        Binding("minus", "last_place", "last place", show=False, id="main.last"),
        Binding("left_square_bracket", "history(-1)", "back in history", show=False, id="main.history-back"),
        Binding("right_square_bracket", "history(1)", "forward in history", show=False, id="main.history-forward"),
        Binding("Y", "copy_locator", "copy locator", show=False, id="main.copy-locator"),
        Binding("W", "go('watches')", "watch list", show=False, id="main.watches"),
        Binding("J", "go('journal')", "journal", show=False, id="main.journal"),
        Binding("F", "find", "search all logs", show=False, id="main.find"),
        Binding(TAKE_BACK, "take_back", "take back what is not sent yet", show=False, id="main.take-back"),
        Binding(SEND_NOW, "send_now", "send it now", show=False, id="main.send-now"),
        Binding("ctrl+r,f5", "refresh", "read again", show=False, id="main.refresh"),
        Binding("question_mark,f1", "app.help", "help", key_display="?", id="app.help"),
        Binding("q", "quit_at_top", "quit", show=False, id="main.quit"),
        *TAB_BINDINGS,
    ]

    def __init__(
        self, context: Context, start: Place | Locator | Standpoint | None = None, history: History | None = None
    ) -> None:
        """
        Args:
            context: what is shown, and how.
            start: where to begin; the overview if not given.
            history: the places that led here.
        """
        super().__init__(context, history or History())
        self._start = start or Place(FIRST_KEY)
        self._awaited_row = ""
        self._before_filter: Standpoint | None = None
        self._bridge: Bridge | None = None
        self._filtered: Widget | None = None

    def compose(self) -> ComposeResult:
        yield ColonyTabLine()
        yield HeaderBar()
        yield TabLine([Tab(view.digit, view.title) for view in VIEWS])
        with Container(id="views"):
            yield self._new_view(self._first_key)
        if self.context.session.is_replay:
            yield from self._player_line()
        yield FilterBar()
        yield FooterKeys(FOOTER_ORDER)
        yield GraceLine()

    def _player_line(self) -> ComposeResult:
        from colonies_tui.store.replay.session import ReplaySession
        from colonies_tui.ui.widgets.player_line import PlayerLine

        session = self.context.session
        if isinstance(session, ReplaySession) and session.player is not None:
            yield PlayerLine(session.player)

    @property
    def _first_key(self) -> str:
        """Key of the view to begin at."""
        return self._start.view if self._start.view in BY_KEY else FIRST_KEY

    def _new_view(self, key: str) -> View:
        view = BY_KEY[key].load()(self.context)
        view.display = False
        view.moving = self.moving
        return view

    async def on_mount(self) -> None:
        """Begin to follow the session."""
        self._bridge = Bridge(self.app, self.context.session, self._deliver)
        self.context.outbox.on_change = self._show_held
        every(self, 1.0, self._tick)
        self._tick_header()
        self._tick_tabs()
        await self._begin(self._start)

    def on_unmount(self) -> None:
        """Stop following the session."""
        self.stop_following()

    def stop_following(self) -> None:
        """Show no more changes."""
        if self._bridge is not None:
            self._bridge.close()
        self.context.outbox.on_change = lambda: None

    # -- changes ---------------------------------------------------------------------------------------------------

    def view(self, key: str) -> View:
        """Return a view by its key."""
        return self.query_one(f"#view-{key}", View)

    @property
    def _is_shown(self) -> bool:
        return self in self.app.screen_stack

    def came_back(self) -> None:
        """The tab of this screen is shown again: what happened meanwhile is made up for."""
        if self._active:
            self._tick_header()
            self._tick_tabs()
            self.active_view.apply(None)
            self.active_view.show_watched()

    def _deliver(self, changes: Mapping[str, Changes]) -> None:
        if not self._is_shown:
            return
        self._tick_header()
        self.active_view.apply(changes)
        if "watches" in changes:
            self.active_view.show_watched()
        if self._awaited_row:
            self._look_for_row()

    async def jumped_in_time(self, has_gone_back: bool) -> None:
        """A recording is shown at another time: show what was known then, at once."""
        from colonies_tui.store.replay.session import ReplaySession

        session = self.context.session
        if has_gone_back:
            for view in self.query(View):
                view.start_over()
        if isinstance(session, ReplaySession):
            await session.settle()
        if self._bridge is not None and self._active:
            self._bridge.flush()
            self._tick()

    def _tick(self) -> None:
        if not self._is_shown or (self._bridge is not None and self._bridge.is_held):
            return
        self._tick_header()
        self._tick_tabs()
        if self._active:
            self.active_view.tick()

    def _tick_header(self) -> None:
        self.query_one(HeaderBar).show(header_state(self.context))

    def _tick_tabs(self) -> None:
        self.query_one(ColonyTabLine).show(self.context.tabs())

    # -- what is not sent yet --------------------------------------------------------------------------------------

    def _show_held(self) -> None:
        """Count down in the place of the keys, so that nothing moves."""
        held = [(entry.words, entry.countdown.left) for entry in self.context.outbox.held]
        self.query_one(GraceLine).show(held)
        self.query_one(FooterKeys).display = not held

    def action_take_back(self) -> None:
        """Take back the decision that was made last, while it is not sent."""
        if not self.context.outbox.take_back():
            say(self.app, "there is nothing to take back: it is sent, or nothing was decided")

    def action_send_now(self) -> None:
        """Send what is held at once."""
        if not self.context.outbox.send_now():
            say(self.app, "nothing is held back")

    # -- going about -----------------------------------------------------------------------------------------------

    async def go(self, target: Target) -> None:
        """Show a view, and an object there if the target names one."""
        self._awaited_row = ""
        self.workers.cancel_group(self, "journey")
        async with self.journey():
            await self.show_view(target.view)
            self.focus_view()
            if target.kind == "filter":
                self._show_filtered(target.id)
            elif target.kind:
                self.active_view.open_target(target)

    def _show_filtered(self, text: str) -> None:
        view = self.active_view
        view.reopen("")
        view.show_state("")
        view.set_filter(text)
        self.focus_view()

    async def show_view(self, key: str) -> None:
        """Show a view; it is made when it is shown first. Whoever calls it holds the turn."""
        if key != self._active:
            await self._make(key)
            if self._active:
                before = self.active_view
                before.display = False
                before.hidden()
            self._active = key
            view = self.active_view
            view.display = True
            view.shown()
            self.context.session.look(self, view.FEEDS)
            self.query_one(TabLine).active = BY_KEY[key].digit
            self.close_filter()
        self.active_view.apply(None)
        self.active_view.show_watched()

    async def _make(self, key: str) -> None:
        """Have a view with all its panes: most are never looked at, and each costs memory and a slower start."""
        made = next(iter(self.query(f"#view-{key}").results(View)), None)
        if made is None:
            made = self._new_view(key)
            await self.query_one("#views").mount(made)
        await made.has_panes.wait()

    def focus_view(self) -> None:
        """Give the focus to the view on the screen."""
        self.active_view.main_pane().focus()

    def place(self) -> Place:
        """Return what is kept of where this screen is, for the next start."""
        if not self._active:  # it is being made
            return saved_form(self._start)
        view = self.active_view
        row = self._awaited_row or next((table.cursor_id for table in view.query(LiveTable)), None)
        return Place(view.KEY, view.filter_text, row or "")

    async def _begin(self, start: Place | Locator | Standpoint) -> None:
        """Go where the screen is to begin: a row gets the cursor as soon as it is known."""
        with self.unnoticed():
            await self.show_view(self._first_key)
            self.focus_view()
            if isinstance(start, Place):
                self.active_view.set_filter(start.filter)
                self._awaited_row = start.row
                self._look_for_row()
            elif isinstance(start, Standpoint):
                self.active_view.resume(start)
        if isinstance(start, Locator):
            self.go_to(start, remember=False)

    def _look_for_row(self) -> None:
        table = next(iter(self.active_view.query(LiveTable)), None)
        if table is None or table.move_to(self._awaited_row):
            self._awaited_row = ""

    @on(View.Go)
    async def _go(self, event: View.Go) -> None:
        event.stop()
        await self.go(event.target)

    @on(TabLine.TabChosen)
    async def _tab_chosen(self, event: TabLine.TabChosen) -> None:
        event.stop()
        await self.go(Target(next(view.key for view in VIEWS if view.digit == event.key)))

    async def action_go(self, key: str) -> None:
        """Show a view."""
        await self.go(Target(key))

    def action_quit_at_top(self) -> None:
        """Leave a detail or a filter; where there is nothing to leave, the console."""
        if not self.step_out():
            self.app.exit(0)

    def action_refresh(self) -> None:
        """Read everything on the screen again."""
        self.context.session.refresh()

    def action_find(self) -> None:
        """Search all logs of the colony from any screen, and go to the log of the hit that is chosen."""
        work: Work = self._find
        self.run_worker(work, group="log search", exclusive=True)

    async def _find(self) -> None:
        from colonies_tui.ui.views.log_search import LogSearch
        from colonies_tui.ui.views.logs import LogsView

        found = await self.app.push_screen_wait(LogSearch(self.context))
        if found is not None:
            async with self.journey():
                await self.show_view(LogsView.KEY)
                self.query_one(LogsView).show_hit(*found)

    # -- focus and keys --------------------------------------------------------------------------------------------

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Let the title of the focused pane stand out."""
        self._mark_rules(event.widget)

    def _mark_rules(self, focused: Widget) -> None:
        for rule in self.query(TitleRule):
            below = self._pane_below(rule)
            rule.active = below is not None and (below is focused or below in focused.ancestors)

    @staticmethod
    def _pane_below(rule: TitleRule) -> Widget | None:
        parent = rule.parent
        if not isinstance(parent, Widget):
            return None
        siblings = list(parent.children)
        place = siblings.index(rule)
        return siblings[place + 1] if place + 1 < len(siblings) else None

    def on_key(self, event: events.Key) -> None:
        """A disabled key says why it does nothing. With the first key nothing moves the cursor by itself any more."""
        self._awaited_row = ""
        active = active_binding(self, event.key)
        if active is None or active.enabled:
            return
        node = active.node
        if isinstance(node, View):
            action = active.binding.action.replace("(", " ").replace("'", "").replace(")", "")
            reason = node.reason_against(action)
            if reason:
                event.stop()
                say(self.app, f"{active.binding.description}: {reason}", "warning")

    # -- filter ----------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Type a filter for the list, or a search for the log."""
        if self.active_view.can_filter():
            self._filtered = self.focused
            self._before_filter = self.standpoint()
            self.query_one(FilterBar).open(
                self.active_view.typed_filter(), self.active_view.filterable(), self.context.shelf
            )
        else:
            say(self.app, "there is nothing to filter here", "information")

    @on(FilterBar.FilterChanged)
    def _filter_changed(self, event: FilterBar.FilterChanged) -> None:
        event.stop()
        event.bar.note(self.active_view.set_filter(event.text) or "")

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        event.stop()
        problem = self.active_view.set_filter(event.text) if event.text else None
        if self._before_filter is not None:
            self.history.moved(self._before_filter, self.standpoint())
        if problem:
            say(self.app, f"{problem}; the filter is as it was before", "warning")
        pane, self._before_filter = self._filtered, None
        (pane if pane is not None and pane.focusable else self.active_view.main_pane()).focus()

    def close_filter(self) -> None:
        """Have no filter bar."""
        bar = self.query_one(FilterBar)
        if bar.is_open:
            bar.close()
