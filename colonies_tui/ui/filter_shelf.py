"""Filters to take up again: those that were saved under names, and those that were typed since the console began."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.saved_filters import forget_filter, load_filters, save_filter
from colonies_tui.ui.filter import Fields

MOST_RECENT: Final = 50
"""Typed filters that are remembered for each list."""


@dataclass(frozen=True, slots=True)
class Filterable:
    """A list as the filter bar needs to know it."""

    name: str
    """Names the list among all: its saved and typed filters are its own."""
    fields: Fields[Any]
    rows: Collection[Any]
    """Those on the list, hidden ones included."""


class FilterShelf:
    """The filters of all lists of this console."""

    def __init__(self, path: Path) -> None:
        """
        Args:
            path: the file of saved filters; read when it is first needed.
        """
        self._path = path
        self._saved: Mapping[str, Mapping[str, str]] | None = None
        self._recent: dict[str, list[str]] = {}
        self.problem = ""
        """Why the saved filters cannot be read; empty when they can."""

    def all_saved(self) -> Mapping[str, Mapping[str, str]]:
        """Return the saved filters by list and name; none where they cannot be read."""
        if self._saved is None:
            try:
                self._saved, self.problem = load_filters(self._path), ""
            except ConfigError as error:
                self._saved, self.problem = {}, str(error)
        return self._saved

    def saved(self, of_list: str) -> Mapping[str, str]:
        """Return the saved filters of a list by name."""
        return self.all_saved().get(of_list, {})

    def save(self, of_list: str, name: str, text: str) -> None:
        """Save a filter under a name.

        Raises:
            ConfigError: the file cannot be read or written.
            ValueError: the name or the text cannot be a filter's.
        """
        self._saved = save_filter(self._path, of_list, name, text)

    def forget(self, of_list: str, name: str) -> None:
        """Save a filter no longer.

        Raises:
            ConfigError: the file cannot be read or written.
        """
        self._saved = forget_filter(self._path, of_list, name)

    def recent(self, of_list: str) -> Sequence[str]:
        """Return what was typed for a list, the latest last."""
        return tuple(self._recent.get(of_list, ()))

    def remember(self, of_list: str, text: str) -> None:
        """Note that a filter was typed and kept."""
        text = text.strip()
        if text:
            kept = [other for other in self._recent.get(of_list, ()) if other != text]
            self._recent[of_list] = [*kept, text][-MOST_RECENT:]
