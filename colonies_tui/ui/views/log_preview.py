"""The last lines of a process's log under its detail."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from colonies_tui.store.log_tail import LogBatch, LogTail
from colonies_tui.store.session import Session
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.widgets.log_view import LogView
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule


class LogPreview(Vertical):
    """Follows the log of one process at a time."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._session = session
        self._tail: LogTail | None = None
        self._lines = 0
        self._process_id = ""

    def compose(self) -> ComposeResult:
        yield TitleRule("Log")
        yield LogView()

    def follow(self, process_id: str) -> None:
        """Follow another process's log; none when the id is empty."""
        self.stop()
        self._lines = 0
        self._process_id = process_id
        view = self.query_one(LogView)
        view.clear()
        view.show_sources = False
        view.action_end()
        if process_id:
            self._tail = self._session.tail(processid=process_id, on_batch=self._take, on_change=self._show_title)
        self._show_title()

    def start_over(self) -> None:
        """Read the log anew."""
        self.follow(self._process_id)

    def stop(self) -> None:
        """Follow nothing."""
        if self._tail is not None:
            self._session.stop_tail(self._tail)
            self._tail = None

    def on_unmount(self) -> None:
        """Stop reading when the view goes away."""
        self.stop()

    def _take(self, batch: LogBatch) -> None:
        self._lines += len(batch.rows)
        lines = [LogLine("", row.timestamp, row.message) for row in batch.rows]
        self.query_one(LogView).append(lines)
        self._show_title()

    def _show_title(self) -> None:
        words = "" if self._tail is None else "ended" if self._tail.has_ended else "follow"
        more = "last " if self._tail is not None and self._tail.has_earlier else ""
        title = f"Log · {more}{counted(self._lines, 'message')}"
        self.query_one(TitleRule).show(title, [RulePiece.of(words)] if words else [])
