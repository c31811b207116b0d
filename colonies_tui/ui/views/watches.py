"""The watch list: what is watched, how it stands, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.resource import Changes
from colonies_tui.store.watch import MAX_WATCHES, News, Watched, WatchKind
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.watch import watch_sections
from colonies_tui.ui.document import Section
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.watches import watch_columns, watch_fields
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.watch_toggle import toggle_watches
from colonies_tui.ui.widgets.prompt import Prompt
from colonies_tui.ui.widgets.rule import RulePiece

_VIEWS: Mapping[WatchKind, tuple[str, str]] = {
    WatchKind.PROCESS: ("processes", "process"),
    WatchKind.WORKFLOW: ("workflows", "workflow"),
    WatchKind.EXECUTOR: ("executors", "executor"),
    WatchKind.QUEUE: ("processes", "type"),
}
"""The view that shows a watched thing, and what its id is called there."""

MOST_DEPTH = 10_000_000


class WatchesView(ListView[Watched]):
    """Everything that is watched in this colony. What is shown here counts as read."""

    KEY = "watches"
    TITLE = "Watch list"
    THINGS = "watches"
    EMPTY_HINT = (
        "w watches the process, workflow, executor or queue under the cursor; ctrl-f watches the filter of a list: "
        "you are told when it changes, whatever is on the screen"
    )
    FEEDS = frozenset({"statistics"})
    RESOURCES = frozenset({"watches"})
    SORT = ("age", False)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D,w", "end", "end watch", key_display="D", id="watches.end"),
        Binding("d", "limit", "depth limit", id="watches.limit"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._read_before = 0
        """Number of the latest news that had been read when the list was opened."""

    def make_columns(self) -> Sequence[Column[Watched]]:
        return watch_columns(self.context.alphabet, self._is_new)

    def _is_new(self, news: News) -> bool:
        return news.number > self._read_before

    def make_rows(self) -> dict[str, Watched]:
        return self.session.watches.rows.snapshot()

    def freshness(self) -> Freshness:
        return Freshness(Condition.FRESH)

    def fields(self) -> Fields[Watched]:
        return watch_fields()

    def row_title(self, row: Watched) -> str:
        return row.watch.subject

    def sections(self, row: Watched) -> Sequence[Section]:
        return watch_sections(row, self.session.watches.news, self.now, self.context.alphabet)

    def title_pieces(self) -> list[RulePiece]:
        new = sum(self._is_new(news) for news in self.session.watches.news)
        pieces = [RulePiece.of(counted(new, "new change"), "text")] if new else []
        if len(self._rows) == MAX_WATCHES:
            pieces.append(RulePiece.of(f"{MAX_WATCHES} are the most", rank=1))
        return pieces

    def explain(self) -> None:
        """Without a watch, say how one is made."""
        if self._rows:
            super().explain()
        else:
            self.table.set_message("empty", "Nothing is watched", self.EMPTY_HINT)

    def shown(self) -> None:
        self._read_before = self.session.watches.read_up_to

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        super().apply(changes)
        self.session.watches.mark_read()

    # -- keys --------------------------------------------------------------------------------------------------------

    def open_row(self, row_id: str) -> None:
        """Go to what is watched."""
        row = self._rows.get(row_id)
        if row is None:
            return
        if row.watch.kind is WatchKind.FILTER:
            self.post_message(self.Go(Target(row.watch.id, "filter", row.watch.filter_text)))
        else:
            self.post_message(self.Go(Target(*_VIEWS[row.watch.kind], row.watch.id)))

    def _targets(self) -> list[Watched]:
        if self.table.marks and not self.has_class("-detail"):
            return [self._rows[key] for key in self.table.marks if key in self._rows]
        return [row for row in (self.chosen,) if row is not None]

    def reason_against(self, action: str) -> str | None:
        if not self._targets():
            return "nothing is under the cursor"
        row = self.chosen
        if action == "limit" and (row is None or row.watch.kind is not WatchKind.QUEUE):
            return "only a queue has a depth"
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("end", "limit") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_end(self) -> None:
        """End the watch under the cursor, or the marked ones; what is watched is left as it is."""
        toggle_watches(self.app, self.session, [row.watch for row in self._targets()])

    def action_limit(self) -> None:
        """Ask for a depth above which it is told."""
        row = self.chosen
        if row is not None and row.watch.kind is WatchKind.QUEUE:
            work: Work = partial(self._ask_limit, row)
            self.run_worker(work, group="watch-limit", exclusive=True)

    async def _ask_limit(self, row: Watched) -> None:
        value = "" if row.watch.limit is None else str(row.watch.limit)
        hint = "so many waiting processes and more are told; empty for no limit"
        prompt = Prompt(f"Depth of {row.watch.subject}", hint, value=value, check=_fault)
        text = await self.app.push_screen_wait(prompt)
        if text is not None:
            self.session.watches.set_limit(row.watch.key, int(text) if text.strip() else None)


def _fault(text: str) -> str | None:
    words = text.strip()
    if not words or (words.isascii() and words.isdecimal() and int(words) <= MOST_DEPTH):
        return None
    return "it should be a whole number, or nothing"
