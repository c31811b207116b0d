"""The stylesheet of the console: what was parsed stays parsed until a colour changes."""

from __future__ import annotations

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

_SOURCES = 256
"""Sheets whose rules are kept; every kind of widget brings one or two."""


class KeptStylesheet(Stylesheet):
    """A stylesheet that parses again only what the variables have changed.

    The toolkit parses everything anew, several times before the first screen stands and at every new tab, although
    nothing of it is different.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(_SOURCES)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the variables of the theme; when they are those that are there, all that was parsed stays."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Apply new variables. A sheet with a fault leaves the rules as they were.

        Raises:
            StylesheetParseError: a sheet has a fault.
        """
        self.parse()
