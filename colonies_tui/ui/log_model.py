"""All that a log view knows beside its place on the screen: lines, search, filter and rows, kept in step. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from colonies_tui.ui.log_buffer import DEFAULT_MAX_LINES, LogBuffer, LogLine
from colonies_tui.ui.log_query import LogHits, LogQuery
from colonies_tui.ui.log_rows import LogRows


class LogModel:
    """Lines with a search and a filter over them, and the rows that result."""

    def __init__(self, max_lines: int = DEFAULT_MAX_LINES) -> None:
        self.buffer = LogBuffer(max_lines)
        self.rows = LogRows(self.buffer)
        self.hits: LogHits | None = None
        """Lines that match the search."""
        self.matches: LogHits | None = None
        """Lines that pass the filter."""
        self._context = 0
        self._wrap_width: int | None = None

    @property
    def context(self) -> int:
        """Lines shown around each line that passes the filter."""
        return self._context

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add lines at the end."""
        start = self.buffer.end
        dropped = self.buffer.append(lines)
        found: Sequence[int] = ()
        if self.matches is not None:
            found = self.matches.appended(self.buffer, start)
        if self.hits is not None and self.hits is not self.matches:
            self.hits.appended(self.buffer, start)
        self.rows.appended(start, found)
        if dropped:
            self._trim()

    def prepend(self, lines: Sequence[LogLine]) -> None:
        """Add older lines at the top. A gap that stood there is filled by them: they bring their own if one stays."""
        if self.buffer.drop_leading_gap():
            self._trim()
        count = self.buffer.prepend(lines)
        for index in self._indices():
            index.prepended(self.buffer, count)
        self._rebuild()

    def clear(self) -> None:
        """Forget all lines; search and filter stay for what comes."""
        self.buffer.clear()
        self._trim()
        self._rebuild()

    def search(self, query: LogQuery | None) -> None:
        """Look for something, or for nothing any more."""
        self.hits = None if query is None else self._hits_of(query)

    def set_filter(self, query: LogQuery | None, context: int = 0) -> None:
        """Show only what matches, and so many lines around it; ``None`` shows everything."""
        self.matches = None if query is None else self._hits_of(query)
        self._context = max(context, 0)
        self._rebuild()

    def set_wrap(self, width: int | None) -> None:
        """Wrap lines at so many cells; ``None`` leaves every line on one row."""
        if width != self._wrap_width:
            self._wrap_width = width
            self._rebuild()

    def _hits_of(self, query: LogQuery) -> LogHits:
        for known in self._indices():
            if (known.query.text, known.query.regex) == (query.text, query.regex):
                return known
        return LogHits(query, self.buffer)

    def _indices(self) -> list[LogHits]:
        found = [index for index in (self.hits, self.matches) if index is not None]
        return found[:1] if len(found) == 2 and found[0] is found[1] else found

    def _trim(self) -> None:
        for index in self._indices():
            index.trimmed(self.buffer.first)
        self.rows.trimmed()

    def _rebuild(self) -> None:
        matches = None if self.matches is None else self.matches.serials
        self.rows.rebuild(wrap_width=self._wrap_width, matches=matches, context=self._context)
