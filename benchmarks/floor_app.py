"""A program: the smallest Textual application that shows something and answers keys. The floor of screens."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

MARKER = b"smallest application"


class Smallest(App[None]):
    """One line of text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("j,k,G,g", "key", "key")]

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static(MARKER.decode())

    def on_mount(self) -> None:
        """Count from nought."""
        self.keys = 0

    def action_key(self) -> None:
        """Paint the line anew."""
        self.keys += 1
        self.query_one(Static).update(f"{self.keys} keys")


if __name__ == "__main__":
    Smallest().run()
